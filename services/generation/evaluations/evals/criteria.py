"""The testing criteria of an eval: graders that know when an answer passes. Each gets an id, under which its results are listed."""

import uuid
from collections.abc import Collection
from typing import Any

from services.generation.evaluations.graders.check_graders import list_models
from services.generation.evaluations.project import Project
from shared.contracts.evals.runs import NamedCriterion
from shared.contracts.graders import Grader, MultiGrader, TextSimilarityGrader
from shared.errors import InvalidRequest, NotFound
from shared.graders.bounds import bounds
from shared.graders.check import check_grader, find_sample_use, parse_grader

ADD_SAMPLE = "Set 'data_source_config.include_sample_schema' to true"


def check_criterion(grader: Grader, fields: Collection[str] | None, has_sample: bool, place: str) -> None:
    """Check a criterion; `fields` are those of the items, None if they are not known, and `place` is its path in the request.

    Raises:
        InvalidRequest: if it can never work, or does not say when an answer passes.
    """
    check_grader(grader, fields, place)
    used = None if has_sample else find_sample_use(grader, place)
    if used is not None:
        raise InvalidRequest(
            f"'{used[0]}' uses '{used[1]}', but this eval has no answers. {ADD_SAMPLE}.", param=used[0], code="invalid_grader"
        )
    if _needs_threshold(grader):
        param = f"{place}.pass_threshold"
        problem = f"'{param}' is required, because the criterion '{grader.name}' must say which score an answer needs to pass."
        raise InvalidRequest(problem, param=param, code="missing_required_parameter")


def check_threshold(grader: Grader, place: str) -> None:
    """Raise InvalidRequest if every score passes, or none, because the threshold of a criterion is not within the range of its scores."""
    threshold, ends = getattr(grader, "pass_threshold", None), bounds(grader)
    if threshold is not None and ends is not None and not ends[0] <= threshold <= ends[1]:
        param, (low, high) = f"{place}.pass_threshold", ends
        problem = f"'{param}' must be between {low:g} and {high:g}, the range of the scores of '{grader.name}'; got {threshold:g}."
        raise InvalidRequest(problem, param=param)


def check_models(grader: Grader, place: str, project: Project) -> None:
    """Raise InvalidRequest unless the project has the models of a criterion."""
    for path, model in list_models(grader, place):
        check_model(model, path, project)


def _needs_threshold(grader: Grader) -> bool:
    """Return whether nothing says which score passes. Without a threshold, one in the upper half of the range does, if there is a range."""
    if isinstance(grader, TextSimilarityGrader):  # as with OpenAI
        return grader.pass_threshold is None
    return isinstance(grader, MultiGrader) and grader.pass_threshold is None and bounds(grader) is None


def check_model(name: str, param: str, project: Project) -> None:
    """Raise InvalidRequest unless the project has the model; `param` is the field that names it."""
    try:
        project.find_model(name, param)
    except NotFound as error:
        raise InvalidRequest(error.message, param=param, code=error.code) from error


def name_criterion(grader: Grader) -> dict[str, Any]:
    """Return a criterion as it is stored and shown: as it was sent, with a new id."""
    return {**grader.model_dump(mode="json", exclude_none=True), "id": f"{grader.name}-{uuid.uuid4()}"}


def read_criterion(stored: dict[str, Any]) -> NamedCriterion:
    """Return a criterion that `name_criterion` made."""
    return NamedCriterion(id=stored["id"], grader=parse_grader({name: value for name, value in stored.items() if name != "id"}))
