"""A grade as the output item shows it: passed or not, with the call of the model that graded; or why there is none.

A score passes from the criterion's `pass_threshold` on. Without one, it passes in the upper half of the grader's range, as for the
graders of comparisons.
"""

import math
from collections.abc import Sequence
from typing import Any

from shared.contracts.evals.output_items import ItemResult
from shared.contracts.evals.runs import NamedCriterion, RunError
from shared.contracts.graders import Grader
from shared.errors import ContextTooLong, TooLarge
from shared.graders.bounds import bounds
from shared.graders.outcome import Grade, ModelCall, failed
from shared.graders.outcome import GradingFailed as Failed

TOO_LONG = (ContextTooLong.default_code, TooLarge.default_code)
NO_THRESHOLD = "The scores of this criterion have no bounds, so it needs a 'pass_threshold'."
NO_SAMPLE = "The row has no 'sample' with an answer to grade, and the run asks no model."


def describe_grade(criterion: NamedCriterion, given: Grade) -> ItemResult:
    """Return the result of a criterion. An answer of the wrong form fails; what could not be graded has an `error`."""
    grader = criterion.grader
    if given.is_sample_fault:
        limits = bounds(grader)
        return _make_result(criterion, given, limits[0] if limits else 0.0, passed=False)
    if given.error is not None:
        return _make_result(criterion, given, None, passed=False, error=_describe_error(given))
    passed = _decide(grader, given)
    if passed is None:
        return describe_grade(criterion, failed(Failed("other_error", NO_THRESHOLD, given.calls)))
    return _make_result(criterion, given, given.score, passed=passed)


def describe_missing_sample(criterion: NamedCriterion) -> ItemResult:
    """Return the result of a criterion about an answer that is not there."""
    return describe_grade(criterion, failed(Failed("invalid_variable_error", NO_SAMPLE)))


def _decide(grader: Grader, given: Grade) -> bool | None:
    """Return whether the answer passes; None if that is not defined."""
    if given.passed is not None:
        return given.passed
    limits = bounds(grader)
    return None if limits is None else given.score >= sum(limits) / 2


def _make_result(
    criterion: NamedCriterion, given: Grade, score: float | None, *, passed: bool, error: RunError | None = None
) -> ItemResult:
    extra: dict[str, Any] = {"label": given.label} if given.label is not None else {}
    if given.sub_scores:
        extra["sub_scores"] = {name: each for name, each in given.sub_scores.items() if math.isfinite(each)}
    return ItemResult(
        name=criterion.id,
        type=criterion.grader.type,
        score=score if score is None or math.isfinite(score) else None,
        passed=passed,
        sample=_describe_calls(given),
        error=error,
        **extra,
    )


def _describe_error(given: Grade) -> RunError:
    """Return the error. What is too long for a model is the item's own error, unlike others of calls."""
    code = given.error_code if given.error_code in TOO_LONG else given.error_kind
    return RunError(code=code or "other_error", message=given.error or "")


def _describe_calls(given: Grade) -> dict[str, Any] | None:
    """Return the call of the model that graded, or all calls of a `multi`, with the error if there is one."""
    error = {"error": _describe_error(given).model_dump()} if given.error is not None else {}
    if len(given.calls) > 1:
        return {"calls": [_describe_call(call) for call in given.calls], **error}
    called: Sequence[ModelCall] = given.calls
    described = _describe_call(called[0]) if called else {}
    return {**described, **error} or None


def _describe_call(call: ModelCall) -> dict[str, Any]:
    usage = call.usage
    return {
        "input": [{"role": message["role"], "content": message["content"]} for message in call.messages],
        "output": [{"role": "assistant", "content": call.output}],
        "model": call.model,
        "usage": {
            "total_tokens": usage.total_tokens,
            "completion_tokens": usage.completion_tokens,
            "prompt_tokens": usage.prompt_tokens,
            "cached_tokens": 0,
        },
        "error": None,
    }
