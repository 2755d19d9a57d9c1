"""Wilson's interval of a proportion, which describes one run or arm alone.

Source: Wilson, E. B.: Probable inference, the law of succession, and statistical inference. Journal of the American Statistical
Association 22 (1927), 209-212.
"""

from math import sqrt
from statistics import NormalDist

TWO_SIDED_95 = NormalDist().inv_cdf(0.975)


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """Return the limits of the 95% interval of a proportion, between 0 and 1. Without trials, it is all there is."""
    if not trials:
        return 0.0, 1.0
    rate, square = successes / trials, TWO_SIDED_95**2
    middle = (rate + square / (2 * trials)) / (1 + square / trials)
    half = TWO_SIDED_95 / (1 + square / trials) * sqrt(rate * (1 - rate) / trials + square / (4 * trials**2))
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return (0.0 if not successes else low), (1.0 if successes == trials else high)
