"""The result of a run, counted over its output items. Items that errored are counted apart, and are not part of the pass rate."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from services.evaluation.evals.grade_item import ERROR, FAIL, PASS
from services.evaluation.evals.item_store import FinishedItem
from shared.contracts.evals.runs import CriterionResult, ModelUsage, NamedCriterion, PassRate, ResultCounts, RunResult
from shared.statistics.wilson import wilson_interval

TOKENS = ("prompt_tokens", "completion_tokens", "cached_tokens", "total_tokens")


def sum_up(items: Iterable[FinishedItem], criteria: Sequence[NamedCriterion], *, asks_model: bool) -> RunResult:
    """Return the result of a run. The tokens of answers count only if the run itself `asks_model`.

    An item without an answer has no grades: it counts as errored for each criterion.
    """
    statuses, grades, usage = Counter[str](), Counter[tuple[str, str]](), dict[str, Counter[str]]()
    for item in items:
        statuses[item.status] += 1
        grades.update((str(result["name"]), _name_outcome(result)) for result in item.results)
        for call in _list_calls(item, asks_model):
            _add_call(call, usage)
    total = statuses.total()
    return RunResult(
        result_counts=ResultCounts(total=total, passed=statuses[PASS], failed=statuses[FAIL], errored=statuses[ERROR]),
        per_model_usage=[_describe_usage(model, counts) for model, counts in sorted(usage.items())],
        per_testing_criteria_results=[_count_criterion(criterion.id, grades, total) for criterion in criteria],
        pass_rate=_measure(statuses[PASS], statuses[PASS] + statuses[FAIL]),
    )


def _name_outcome(result: Mapping[str, Any]) -> str:
    if result.get("error"):
        return ERROR
    return PASS if result["passed"] else FAIL


def _list_calls(item: FinishedItem, asks_model: bool) -> Iterator[Mapping[str, Any]]:
    """Yield the calls of models that were made for an item: `model` and `usage`."""
    if asks_model and item.sample:
        yield item.sample
    for result in item.results:
        sample = result.get("sample") or {}
        yield from sample.get("calls") or [sample]


def _add_call(call: Mapping[str, Any], usage: dict[str, Counter[str]]) -> None:
    tokens = call.get("usage")
    if tokens:
        counts = usage.setdefault(str(call["model"]), Counter())
        counts["invocation_count"] += 1
        counts.update({name: tokens[name] for name in TOKENS})


def _describe_usage(model: str, counts: Counter[str]) -> ModelUsage:
    return ModelUsage(model_name=model, invocation_count=counts["invocation_count"], **{name: counts[name] for name in TOKENS})


def _count_criterion(name: str, grades: Counter[tuple[str, str]], total: int) -> CriterionResult:
    passed, failed = grades[name, PASS], grades[name, FAIL]
    return CriterionResult(testing_criteria=name, passed=passed, failed=failed, errored=total - passed - failed)


def _measure(passed: int, graded: int) -> PassRate | None:
    if not graded:
        return None
    low, high = wilson_interval(passed, graded)
    return PassRate(rate=passed / graded, low=low, high=high, items=graded)
