"""Measures a model that grades, before its grades are trusted: unparseable outputs, effects of order, agreement with known grades.

Order: every answer is judged twice, the second time with the answer and its reference the other way round in the prompt, and with the
labels listed from the last to the first. A judge that reads what it judges says the same. Knows neither datasets nor reports.
"""

import asyncio
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from shared.contracts.graders import Grader, LabelModelGrader, MultiGrader, ScoreModelGrader
from shared.graders.grade import grade
from shared.graders.outcome import Grade, GraderModels, Usage, sum_usage
from shared.graders.reorder import reverse_order
from shared.graders.sample import Sample

Judge: TypeAlias = ScoreModelGrader | LabelModelGrader
Known: TypeAlias = bool | float | str | None
LIMIT = 50
CONCURRENCY = 4
SAME_SCORE = 0.1  # of the range: two scores this close say the same
LEAST_ORDER_AGREEMENT, LEAST_KAPPA, MOST_UNPARSEABLE = 0.8, 0.6, 0.05


@dataclass(frozen=True)
class CalibrationCase:
    """An answer to judge. `known` is its grade if it is known: a score, a label, or whether it should pass."""

    item: Any
    sample: Sample
    known: Known = None


@dataclass(frozen=True)
class Agreement:
    """How two lists of grades agree: accuracy and Cohen's kappa for labels, Spearman's correlation and mean error for scores.

    The figures are over `cases`. Those of labels are None for scores, and the other way round; so is what is not defined.
    """

    cases: int = 0
    accuracy: float | None = None
    kappa: float | None = None
    spearman: float | None = None
    mean_absolute_error: float | None = None


@dataclass(frozen=True)
class JudgeFigures:
    """How a judge did. A figure is None if there was nothing to compute it from.

    `unparseable` and `uncallable` count calls, of which there are two for each case if the prompt can be turned round. `order_agreement` is
    the share of cases that get the same grade in both orders; `order_shift` is how much higher the score is in the second order.
    """

    cases: int
    calls: int
    unparseable: int
    uncallable: int
    order_cases: int
    order_agreement: float | None
    order_shift: float | None
    agreement: Agreement
    usage: dict[str, Usage]

    @property
    def unparseable_rate(self) -> float:
        """The share of calls whose output could not be used."""
        return self.unparseable / self.calls if self.calls else 0.0


def list_judges(grader: Grader) -> dict[str, Judge]:
    """Return the models in a grader by name: itself, or those of a `multi`."""
    if isinstance(grader, ScoreModelGrader | LabelModelGrader):
        return {grader.name: grader}
    inner = grader.graders if isinstance(grader, MultiGrader) else {}
    return {name: each for name, each in inner.items() if isinstance(each, ScoreModelGrader | LabelModelGrader)}


def plant_cases(items: Sequence[Mapping[str, Any]], answers: str = "answers", limit: int = LIMIT) -> list[CalibrationCase]:
    """Return cases whose grade is known without anyone's work: accepted answers should pass, those of another item should not.

    Items without accepted answers, and foreign answers that are accepted here too, are left out.
    """
    usable = [item for item in items if isinstance(item.get(answers), list) and item[answers]]
    cases = list[CalibrationCase]()
    for item, other in zip(usable, [*usable[1:], *usable[:1]], strict=True):
        cases.append(CalibrationCase(item, Sample(str(item[answers][0])), known=True))
        if not set(map(str, item[answers])) & set(map(str, other[answers])):
            cases.append(CalibrationCase(item, Sample(str(other[answers][0])), known=False))
    return _slice(cases, limit)


async def measure_judge(
    judge: Judge, cases: Sequence[CalibrationCase], models: GraderModels, limit: int = LIMIT, concurrency: int = CONCURRENCY
) -> JudgeFigures:
    """Return the figures of a judge on at most `limit` cases, evenly spread, with `concurrency` calls at a time."""
    chosen, turned = _slice(cases, limit), reverse_order(judge)
    gate = asyncio.Semaphore(concurrency)

    async def ask(grader: Judge, case: CalibrationCase) -> Grade:
        async with gate:
            return await grade(grader, case.item, case.sample, models)

    grades = await asyncio.gather(*(ask(judge, case) for case in chosen))
    second = await asyncio.gather(*(ask(turned, case) for case in chosen)) if turned else []
    return _summarize(judge, chosen, grades, second)


def _slice(cases: Sequence[CalibrationCase], limit: int) -> list[CalibrationCase]:
    count = min(len(cases), max(limit, 0))
    return [cases[position * len(cases) // count] for position in range(count)]


def _summarize(judge: Judge, cases: Sequence[CalibrationCase], grades: Sequence[Grade], second: Sequence[Grade]) -> JudgeFigures:
    every = [*grades, *second]
    pairs = [(one, two) for one, two in zip(grades, second, strict=False) if one.error is None and two.error is None]
    same = [_is_same(judge, one, two) for one, two in pairs]
    shifts = [two.score - one.score for one, two in pairs]
    return JudgeFigures(
        cases=len(cases),
        calls=len(every),
        unparseable=sum(each.error_kind == "model_grader_parse_error" for each in every),
        uncallable=sum(each.error_kind not in (None, "model_grader_parse_error") for each in every),
        order_cases=len(pairs),
        order_agreement=sum(same) / len(same) if same else None,
        order_shift=sum(shifts) / len(shifts) if shifts else None,
        agreement=compare([_pair(judge, case.known, each) for case, each in zip(cases, grades, strict=True) if _is_usable(case, each)]),
        usage=sum_usage([call for each in every for call in each.calls]),
    )


def _is_usable(case: CalibrationCase, each: Grade) -> bool:
    return case.known is not None and each.error is None


def _is_same(judge: Judge, one: Grade, two: Grade) -> bool:
    if isinstance(judge, LabelModelGrader):
        return one.label == two.label
    low, high = judge.limits
    return abs(one.score - two.score) <= SAME_SCORE * (high - low)


def _pair(judge: Judge, known: Known, each: Grade) -> tuple[Known, Known]:
    """Return the known grade, and the judge's in the same form. A score without a threshold passes in the upper half of its range."""
    if isinstance(known, bool):
        passed = each.passed if each.passed is not None else isinstance(judge, ScoreModelGrader) and each.score >= sum(judge.limits) / 2
        return known, passed
    return known, each.label if isinstance(known, str) else each.score


def find_weaknesses(figures: JudgeFigures) -> list[str]:
    """Return what speaks against a judge, as plain sentences; an empty list if nothing that was measured does."""
    found = list[str]()
    if figures.unparseable_rate > MOST_UNPARSEABLE:
        found.append(f"{figures.unparseable} of {figures.calls} outputs of the judge could not be used.")
    if figures.order_agreement is not None and figures.order_agreement < LEAST_ORDER_AGREEMENT:
        found.append(f"The judge gives the same grade in both orders in only {figures.order_agreement:.0%} of cases.")
    kappa = figures.agreement.kappa
    if kappa is not None and kappa < LEAST_KAPPA:
        found.append(f"The judge agrees with the known grades little more than by chance (Cohen's kappa {kappa:.2f}).")
    return found


def compare(pairs: Sequence[tuple[Any, Any]]) -> Agreement:
    """Return the agreement of pairs of a known grade and a judge's: labels, truths, or numbers."""
    if not pairs:
        return Agreement()
    if all(_is_number(each) for pair in pairs for each in pair):
        error = statistics.fmean(abs(known - judged) for known, judged in pairs)
        return Agreement(len(pairs), spearman=spearman(pairs), mean_absolute_error=error)
    return Agreement(len(pairs), sum(known == judged for known, judged in pairs) / len(pairs), cohens_kappa(pairs))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def cohens_kappa(pairs: Sequence[tuple[Any, Any]]) -> float | None:
    """Return (observed - expected) / (1 - expected) agreement; None if chance alone would agree always. Source: Cohen, 1960."""
    observed = sum(known == judged for known, judged in pairs) / len(pairs)
    known, judged = Counter(each for each, _ in pairs), Counter(each for _, each in pairs)
    expected = sum(count * judged[label] for label, count in known.items()) / len(pairs) ** 2
    return None if expected >= 1 else (observed - expected) / (1 - expected)


def spearman(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Return the correlation of the ranks, ties with their mean rank; None if one side is constant."""
    known, judged = _rank([each for each, _ in pairs]), _rank([each for _, each in pairs])
    if len(set(known)) < 2 or len(set(judged)) < 2:
        return None
    return statistics.correlation(known, judged)


def _rank(values: Sequence[float]) -> list[float]:
    places: dict[float, list[int]] = {}
    for rank, value in enumerate(sorted(values), start=1):
        places.setdefault(value, []).append(rank)
    return [statistics.fmean(places[value]) for value in values]
