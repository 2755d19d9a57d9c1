"""The tables of the calibration, in Markdown."""

from collections.abc import Iterator, Sequence
from statistics import mean

from benchmarks.tables import table
from benchmarks.verdict.calibration_cells import LOOKS, RANDOM, Cell
from benchmarks.verdict.calibration_counts import Counts
from benchmarks.verdict.calibration_limits import (
    ALL_LOOKS,
    FIRST_LOOK,
    PAIRS,
    RARE_LOSSES,
    allow,
    allow_coverage,
    allow_false_pairs,
    share_settled,
)
from benchmarks.verdict.calibration_power import Power
from benchmarks.verdict.calibration_settlement import Settlement


def write_counts(counts: Sequence[Counts]) -> str:
    """Return the table of errors: the worst cell of each group."""
    head = ("scores", "looks", "cells", "bad arm", "costlier arm", "false pair", "false pair, mean", "coverage, lowest", "coverage, mean")
    keys = sorted({(count.cell.looks, count.cell.group) for count in counts})
    groups = [[count for count in counts if (count.cell.looks, count.cell.group) == key] for key in keys]
    runs = counts[0].runs
    title = (
        f"Errors: the worst cell of each group, {runs:,} comparisons a cell. Allowed: bad and costlier arm {allow(FIRST_LOOK, runs):.3f}"
        f" at one look and {allow(ALL_LOOKS, runs):.3f} over five (bad arm with rare losses {allow(RARE_LOSSES[0], runs):.3f} and"
        f" {allow(RARE_LOSSES[1], runs):.3f}), false pair {allow_false_pairs(1, runs):.3f} and"
        f" {allow_false_pairs(LOOKS, runs):.3f}, and {PAIRS} on average,"
        f" coverage {allow_coverage(runs):.3f}"
    )
    return table(title, head, [_summarize_group(group) for group in groups])


def _summarize_group(group: Sequence[Counts]) -> tuple[object, ...]:
    return (
        group[0].cell.group,
        group[0].cell.looks,
        len(group),
        max(count.bad for count in group),
        max(count.overspent for count in group),
        max(count.false_pair for count in group),
        mean(count.false_pair for count in group),
        min(count.covered for count in group),
        mean(count.covered for count in group),
    )


def write_closest(counts: Sequence[Counts]) -> str:
    """Return the table of the cells that come closest to a limit."""
    head = ("cell", "looks", "bad arm", "costlier arm", "false pair", "coverage")
    chosen = [
        max(counts, key=lambda count: count.bad),
        max(counts, key=lambda count: count.overspent),
        max(counts, key=lambda count: count.false_pair),
        min(counts, key=lambda count: count.covered),
    ]
    rows = [(each.cell.name, each.cell.looks, each.bad, each.overspent, each.false_pair, each.covered) for each in chosen]
    return table("The cells with the most bad arms, costlier arms and false pairs, and the lowest coverage", head, rows)


def write_power(powers: Sequence[Power]) -> str:
    """Return the table of power, averaged over rates, correlations and numbers of arms."""
    head = ("costliest arm, questions", "named", "named, Holm", "least gain over Holm", "any pair shown", "any pair shown, Holm")
    keys = sorted({(power.cell.plan, power.cell.questions) for power in powers})
    rows = [
        _summarize_power(plan, n, [power for power in powers if (power.cell.plan, power.cell.questions) == (plan, n)]) for plan, n in keys
    ]
    return table("Power: how often the better arm is found, next to McNemar's mid-p test with Holm's correction", head, rows)


def _summarize_power(plan: str, questions: int, powers: Sequence[Power]) -> tuple[object, ...]:
    return (
        f"{plan.removeprefix('costliest arm ')}, {questions}",
        mean(power.named for power in powers),
        mean(power.named_by_holm for power in powers),
        min(power.named - power.named_by_holm for power in powers),
        mean(power.shown for power in powers),
        mean(power.shown_by_holm for power in powers),
    )


def write_settlement(settlements: Sequence[Settlement]) -> str:
    """Return the table of predictions and what became of them."""
    head = ("cell", "comparisons", "open", "with a number for 80%", "mean number", "settled after it")
    rows = list(_summarize_settlements(settlements))
    title = f"How many more questions: settled after the number for 80% in {share_settled(settlements):.3f} of all; allowed 0.70 to 0.90"
    return table(title, head, rows)


def _summarize_settlements(settlements: Sequence[Settlement]) -> Iterator[tuple[object, ...]]:
    for name in dict.fromkeys(_name_settlement(each.cell) for each in settlements):
        parts = [each for each in settlements if _name_settlement(each.cell) == name]
        numbers = [number for each in parts for number in each.predicted]
        settled = f"{share_settled(parts):.3f}" if numbers else "-"
        yield name, sum(each.runs for each in parts), sum(each.open for each in parts), len(numbers), round(mean(numbers or [0])), settled


def _name_settlement(cell: Cell) -> str:
    return f"{cell.plan}, n {cell.questions}, k {len(cell.means)}" if cell.plan == RANDOM else cell.name
