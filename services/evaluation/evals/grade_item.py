"""Grades the answer of one output item by each criterion, and stores each grade of a model as soon as it is there."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from services.evaluation.evals.describe_grade import describe_grade, describe_missing_sample
from services.evaluation.evals.item_store import StoredItem
from shared.contracts.evals.output_items import ItemResult
from shared.contracts.evals.runs import NamedCriterion, RunError
from shared.graders.check import find_sample_use
from shared.graders.grade import grade
from shared.graders.judge import list_judges
from shared.graders.outcome import ErrorKind, GraderModels
from shared.graders.sample import Sample, read_sample

MODEL_GONE: ErrorKind = "model_grader_server_error"
PASS, FAIL, ERROR = "pass", "fail", "error"

Results = list[dict[str, Any]]
Save = Callable[[Results], Awaitable[object]]


@dataclass(frozen=True)
class Graded:
    """The grades of an item in the order of the criteria. `lost` is why a model gave none: it could not be called, but may be later.

    `kept` has the grades without those that were lost.
    """

    results: Results
    kept: Results
    lost: RunError | None

    @property
    def status(self) -> str:
        """Whether the item passed all criteria, failed one, or could not be graded by one."""
        if any(result["error"] for result in self.results):
            return ERROR
        return PASS if all(result["passed"] for result in self.results) else FAIL


async def grade_item(item: StoredItem, criteria: Sequence[NamedCriterion], models: GraderModels, save: Save) -> Graded:
    """Return the grades of an item. Those that it has already are kept; `save` stores those of models as they come."""
    results = {str(result["name"]): result for result in item.results}
    missing = [criterion for criterion in criteria if criterion.id not in results]
    computed = [criterion for criterion in missing if not list_judges(criterion.grader)]
    judged = [criterion for criterion in missing if list_judges(criterion.grader)]
    for result in await asyncio.gather(*(_grade(criterion, item, models) for criterion in computed)):
        results[result.name] = result.model_dump(mode="json")
    calls = [asyncio.ensure_future(_grade(criterion, item, models)) for criterion in judged]
    try:
        for coming in asyncio.as_completed(calls):
            result = await coming
            results[result.name] = result.model_dump(mode="json")
            await save(_order(criteria, results, keep=_is_final))
    finally:
        for call in calls:
            call.cancel()
    return _sum_up(criteria, results)


async def _grade(criterion: NamedCriterion, item: StoredItem, models: GraderModels) -> ItemResult:
    if item.shape is None and find_sample_use(criterion.grader):
        return describe_missing_sample(criterion)
    sample = Sample() if item.shape is None else read_sample(item.shape)
    return describe_grade(criterion, await grade(criterion.grader, item.item, sample, models))


def _sum_up(criteria: Sequence[NamedCriterion], results: dict[str, dict[str, Any]]) -> Graded:
    lost = next((RunError(**result["error"]) for result in results.values() if not _is_final(result)), None)
    return Graded(_order(criteria, results), _order(criteria, results, keep=_is_final), lost)


def _is_final(result: dict[str, Any]) -> bool:
    return result["error"] is None or result["error"]["code"] != MODEL_GONE


def _order(
    criteria: Sequence[NamedCriterion], results: dict[str, dict[str, Any]], keep: Callable[[dict[str, Any]], bool] = bool
) -> Results:
    return [results[criterion.id] for criterion in criteria if criterion.id in results and keep(results[criterion.id])]
