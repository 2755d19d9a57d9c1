"""The limits of the calibration: what the method promises, plus the error of the simulation."""

import math
from collections.abc import Iterator, Sequence

from benchmarks.verdict.calibration_cells import Cell
from benchmarks.verdict.calibration_counts import Counts
from benchmarks.verdict.calibration_power import Power
from benchmarks.verdict.calibration_settlement import Settlement
from shared.statistics.looks import family_level

SIGMAS = 3.6  # that thousands of cells at a level exceed by chance in less than one of them
FIRST_LOOK = 0.025
ALL_LOOKS = 0.05
RARE_LOSSES = (0.046, 0.066)  # at the first look and over five: known to be above the promised levels (DECISIONS.md, 86)
PAIRS = 0.05  # both sides of the first look; later looks add to it
COVERAGE = 0.93
FULL_RUNS = 5_000
LOST_POWER = 0.02
SETTLED = (0.70, 0.90)


def allow(level: float, runs: int) -> float:
    """Return the share that a cell with this true level hardly exceeds: 0.033 for 0.025 and 0.061 for 0.05 with 5,000 runs."""
    return level + SIGMAS * math.sqrt(level * (1 - level) / runs)


def allow_bad_arm(cell: Cell, runs: int) -> float:
    """Return the share of bad arms that a cell may have: for rare losses, what was measured when their exception was accepted."""
    first, later = RARE_LOSSES if cell.kind == "rare losses" else (FIRST_LOOK, ALL_LOOKS)
    return allow(first if cell.looks == 1 else later, runs)


def allow_false_pairs(looks: int, runs: int) -> float:
    """Return the share of false pairs that the levels of the looks allow: 0.061 at one look and 0.112 over five with 5,000 runs."""
    return allow(2 * sum(family_level(look) for look in range(1, looks + 1)), runs)


def allow_coverage(runs: int) -> float:
    """Return the least coverage: 0.93, and less by the error of the simulation if there are fewer runs than in the full one."""
    return COVERAGE if runs >= FULL_RUNS else COVERAGE - SIGMAS * math.sqrt(COVERAGE * (1 - COVERAGE) / runs)


def check_counts(counts: Sequence[Counts]) -> Iterator[str]:
    """Yield a sentence for each limit that a cell breaks, and for a mean over all cells."""
    for count in counts:
        level = allow(FIRST_LOOK if count.cell.looks == 1 else ALL_LOOKS, count.runs)
        bad = allow_bad_arm(count.cell, count.runs)
        place = f"{count.cell.name}, {count.cell.looks} look(s)"
        yield from _exceeds("bad arm recommended", count.bad, bad, place)
        yield from _exceeds("costlier arm recommended", count.overspent, level, place)
        yield from _exceeds("false pair", count.false_pair, allow_false_pairs(count.cell.looks, count.runs), place)
        if count.cell.looks == 1 and count.covered < allow_coverage(count.runs):
            yield f"coverage {count.covered:.4f} < {allow_coverage(count.runs):.4f}: {place}"
    mean = sum(count.false_pair for count in counts) / len(counts)
    yield from _exceeds("mean of false pairs", mean, PAIRS, "all cells")


def check_power(powers: Sequence[Power]) -> Iterator[str]:
    """Yield a sentence for each cell in which the rule names the best arm less often than Holm's method."""
    for power in powers:
        if power.named < power.named_by_holm - LOST_POWER:
            yield f"power {power.named:.3f}, by Holm {power.named_by_holm:.3f}: {power.cell.name}"


def check_settlement(settlements: Sequence[Settlement]) -> Iterator[str]:
    """Yield a sentence if the predictions are wrong on average over all comparisons."""
    share = share_settled(settlements)
    if not SETTLED[0] <= share <= SETTLED[1]:
        yield f"settled after the predicted number of questions: {share:.3f}, not within {SETTLED}"


def share_settled(settlements: Sequence[Settlement]) -> float:
    """Return the share of the comparisons with a prediction that were settled after it."""
    return sum(each.settled for each in settlements) / max(sum(len(each.predicted) for each in settlements), 1)


def _exceeds(what: str, share: float, limit: float, place: str) -> Iterator[str]:
    if share > limit:
        yield f"{what} {share:.4f} > {limit:.4f}: {place}"
