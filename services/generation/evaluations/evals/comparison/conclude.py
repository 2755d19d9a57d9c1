"""Says what the differences between runs show. Knows nothing of how they were computed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.generation.contracts.eval_comparisons import Outcome, RunDifference
from shared.statistics.pass_rates import MIN_ITEMS

FEW = "Too few items: {items} can be compared, and at least {least} are needed to show a difference."
BEST = "'{best}' is better than each of the other runs: its pass rate is higher, by more than chance explains."
NO_BEST = "No run is shown to be better than all others. Not shown to be worse than any other: {unbeaten}."
EQUAL = "No difference shown: '{first}' and '{second}' have the same pass rate ({interval})."
MORE = "the pass rate of '{first}' is {points:.1f} percentage points higher than that of '{second}'"


@dataclass(frozen=True)
class Conclusion:
    """What a comparison of runs shows: see `RunComparison`."""

    outcome: Outcome
    best: str | None
    unbeaten: list[str]
    text: str


def conclude(names: Mapping[str, str], differences: Sequence[RunDifference], items: int) -> Conclusion:
    """Return what the differences of all pairs of runs show. `names` has what each run is called, by its id."""
    best, unbeaten = _find_best(names, differences), _find_unbeaten(names, differences)
    if items < MIN_ITEMS:
        return Conclusion("too_few", None, unbeaten, FEW.format(items=items, least=MIN_ITEMS))
    text = _word_pair(differences[0], names) if len(differences) == 1 else _word_all(best, unbeaten, names)
    return Conclusion("better" if best else "no_difference_shown", best, unbeaten, text)


def _find_unbeaten(run_ids: Mapping[str, str], differences: Sequence[RunDifference]) -> list[str]:
    beaten = {pair.second if pair.difference > 0 else pair.first for pair in differences if pair.shown}
    return [run_id for run_id in run_ids if run_id not in beaten]


def _find_best(run_ids: Mapping[str, str], differences: Sequence[RunDifference]) -> str | None:
    """Return the run that is shown to be better than every other."""
    wins = [pair.first if pair.difference > 0 else pair.second for pair in differences if pair.shown]
    return next((run_id for run_id in run_ids if wins.count(run_id) == len(run_ids) - 1), None)


def _word_all(best: str | None, unbeaten: Sequence[str], names: Mapping[str, str]) -> str:
    return BEST.format(best=names[best]) if best else NO_BEST.format(unbeaten=", ".join(f"'{names[each]}'" for each in unbeaten))


def _word_pair(pair: RunDifference, names: Mapping[str, str]) -> str:
    first, second, sign = (pair.first, pair.second, 100) if pair.difference >= 0 else (pair.second, pair.first, -100)
    low, high = sorted((sign * pair.low, sign * pair.high))
    interval = f"95% interval {low:.1f} to {high:.1f}"
    if pair.difference == 0:
        return EQUAL.format(first=names[first], second=names[second], interval=interval)
    more = MORE.format(first=names[first], second=names[second], points=sign * pair.difference)
    if pair.shown:
        return f"{more[0].upper()}{more[1:]} ({interval})."
    return f"No difference shown: {more}, but chance may explain that ({interval})."
