"""Converts one assertion into a grader. What cannot work here, or would grade otherwise, is left out with a reason."""

from dataclasses import dataclass
from typing import Any

from shared.contracts.evals.promptfoo import PromptfooAssertion
from shared.contracts.graders import OUTPUT
from shared.errors import InvalidRequest
from shared.validation.json_schema import find_schema_problem

CHECKS = {"equals": "eq", "not-equals": "ne", "contains": "like", "icontains": "ilike"}
# The metric here, and Promptfoo's threshold if an assertion has none.
SIMILARITIES = {
    "similar": ("cosine", 0.75),
    "similar:cosine": ("cosine", 0.75),
    "bleu": ("bleu", 0.5),
    "gleu": ("gleu", 0.5),
    "meteor": ("meteor", 0.5),
    "rouge-n": ("rouge_1", 0.75),
}
CODE = ("javascript", "python", "ruby", "webhook")
JUDGED_THRESHOLD = 0.5
NAME_CHARACTERS = 256
INSTRUCTIONS = (
    "You grade the output of a model by a rubric. Give 1 if the output fulfills the rubric completely, 0 if it does not at all, "
    "and a number between them if it fulfills it in part."
)


@dataclass(frozen=True)
class Judge:
    """A model that grades, and the assertion that needs it."""

    model: str
    place: str


def convert_assertion(assertion: PromptfooAssertion, value: Any, judge: str | None, place: str) -> dict[str, Any] | str:
    """Return a grader as it is sent, or why there is none. `value` may have templates, and `judge` is the model that grades.

    Raises:
        InvalidRequest: if its JSON Schema is wrong, or the model that grades is missing.
    """
    reason = _find_reason(assertion)
    if reason:
        return reason
    name = (assertion.metric or assertion.type)[:NAME_CHARACTERS]
    if assertion.type == "is-json":
        return _check_json(name, value, f"{place}.value")
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return "Its value is not a string."
    if assertion.type == "llm-rubric":
        return _judge(name, value, assertion.threshold, judge, place)
    if assertion.type in CHECKS:
        return {"type": "string_check", "name": name, "input": OUTPUT, "operation": CHECKS[assertion.type], "reference": value}
    metric, threshold = SIMILARITIES[assertion.type]
    similar = {"type": "text_similarity", "name": name, "input": OUTPUT, "reference": value, "evaluation_metric": metric}
    return {**similar, "pass_threshold": threshold if assertion.threshold is None else assertion.threshold}


def _find_reason(assertion: PromptfooAssertion) -> str | None:
    if assertion.type.removeprefix("not-") in CODE:
        return "Graders run no code here."
    if assertion.type not in {*CHECKS, *SIMILARITIES, "is-json", "llm-rubric"}:
        return f"There is no criterion like '{assertion.type}' here."
    if assertion.weight == 0:
        return "Its weight is 0, so it does not count, but every criterion does."
    extra = next(iter(assertion.model_extra or {}), None)
    return f"Its field '{extra}' has no counterpart here, and without it, the criterion would grade differently." if extra else None


def _check_json(name: str, value: Any, param: str) -> dict[str, Any] | str:
    if value is not None and not isinstance(value, dict):
        return "Its value is not a JSON Schema."
    problem = find_schema_problem(value or {})
    if problem:
        raise InvalidRequest(f"'{param}' {problem}.", param=param, code="invalid_schema")
    return {"type": "json_schema", "name": name, "schema": value or {}}


def _judge(name: str, rubric: str, threshold: float | None, judge: str | None, place: str) -> dict[str, Any]:
    if judge is None:
        param = f"{place}.provider"
        problem = f"'{param}' is required: name the grading model in it, or in 'config.defaultTest.options.provider'."
        raise InvalidRequest(problem, param=param, code="missing_required_parameter")
    messages = [
        {"role": "system", "content": INSTRUCTIONS},
        {"role": "user", "content": f"Output:\n{OUTPUT}\n\nRubric:\n{rubric}"},
    ]
    limit = JUDGED_THRESHOLD if threshold is None else threshold
    return {"type": "score_model", "name": name, "model": judge, "input": messages, "range": [0, 1], "pass_threshold": limit}
