"""The error levels of each look at a comparison: how the 5% are divided over looks, arms and pairs.

A look is one verdict on the questions so far. Look 1 may spend half of the 5%, look 2 half of the rest, and so on, so that all
looks together stay within it, however many there are. Bonferroni's inequality divides the level of a look.
"""

TOTAL_LEVEL = 0.05
LEAST_LEVEL = 1e-15  # reached after 45 looks; levels near 0 have no finite quantile


def family_level(look: int) -> float:
    """Return the one-sided error level of all comparisons at look 1, 2, ...: 0.025, 0.0125, ..."""
    return max(TOTAL_LEVEL * 0.5**look, LEAST_LEVEL)


def bound_level(look: int, arms: int) -> float:
    """Return the one-sided level of each bound in the rule.

    The rule fails only if a bound against the truly best arm, or against the cheapest one, is wrong: at most `arms` - 1 bounds.
    """
    return family_level(look) / (arms - 1)


def pair_level(look: int, arms: int) -> float:
    """Return the level of each of the two sides of an interval in the table of all pairs."""
    return family_level(look) / (arms * (arms - 1) / 2)
