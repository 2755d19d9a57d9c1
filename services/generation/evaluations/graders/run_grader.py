"""Checks a grader, and grades one answer with it, so that a grader can be tried out before a comparison or an eval uses it.

An error while grading is a flag of the result, with the reward 0. Only a grader that can never work is an error of the request.
"""

import time
from collections.abc import Iterator
from typing import Any

from services.generation.contracts.graders import GraderErrors, GraderRun, GraderRunMetadata, GraderRunResponse
from services.generation.evaluations.graders.check_graders import list_models
from services.generation.serving.models import Models
from shared.contracts.graders import Grader
from shared.errors import InvalidRequest, NotFound
from shared.graders.check import check_grader
from shared.graders.grade import grade
from shared.graders.outcome import ErrorKind, Grade, GraderModels
from shared.graders.sample import Sample

PLACE = "grader"
SERVER_ERROR: ErrorKind = "model_grader_server_error"


def check(grader: Grader, project_id: str, models: Models) -> None:
    """Check a grader: its templates, its formula or schema, and the models that it calls.

    Raises:
        InvalidRequest: if it can never work; `param` is the path of the wrong field.
    """
    check_grader(grader, None, PLACE)
    for path, model in list_models(grader, PLACE):
        try:
            models.find(project_id, model)
        except NotFound as error:
            raise InvalidRequest(error.message, param=path, code=error.code) from error


async def run_grader(request: GraderRun, models: GraderModels) -> GraderRunResponse:
    """Grade an answer with a grader that was checked."""
    started = time.monotonic()
    given = await grade(request.grader, request.item, _make_sample(request.model_sample), models)
    return _describe(request.grader, given, time.monotonic() - started)


def _make_sample(text: str) -> Sample:
    message = {"role": "assistant", "content": text}
    return Sample(text, completion={"choices": [{"index": 0, "message": message}]})


def _describe(grader: Grader, given: Grade, seconds: float) -> GraderRunResponse:
    usage = {model: used.total_tokens for model, used in given.usage.items()}
    return GraderRunResponse(
        reward=_reward(given),
        metadata=GraderRunMetadata(
            name=str(grader.name),
            type=grader.type,
            errors=_describe_errors(given),
            execution_time=seconds,
            scores=given.sub_scores,
            token_usage=sum(usage.values()) if usage else None,
            sampled_model_name=next(iter(usage)) if len(usage) == 1 else None,
        ),
        sub_rewards={name: _reward(each) for name, each in given.sub_grades.items()},
        model_grader_token_usage_per_model=usage,
    )


def _reward(given: Grade) -> float:
    return 0.0 if given.error is not None else given.score


def _describe_errors(given: Grade) -> GraderErrors:
    """Return the flags of a grade and of those below it. A `multi` repeats the first error below it, which counts once."""
    found = list(dict.fromkeys(_list_errors(given)))
    flags: dict[str, Any] = {kind: True for kind, _ in found}
    details = next((message for kind, message in found if kind == SERVER_ERROR), None)
    return GraderErrors(**flags, model_grader_server_error_details=details, messages=[message for _, message in found])


def _list_errors(given: Grade) -> Iterator[tuple[ErrorKind, str]]:
    for name, each in given.sub_grades.items():
        if each.error_kind is not None:
            yield each.error_kind, f"'{name}': {each.error}"
    if given.error_kind is not None:
        yield given.error_kind, str(given.error)
