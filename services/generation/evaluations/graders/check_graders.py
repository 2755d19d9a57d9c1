"""How the answers of a comparison are graded, and the smallest difference that matters."""

from collections.abc import Iterator, Sequence

from services.generation.evaluations.project import Project
from shared.contracts.comparisons import BUILT_IN_GRADERS, ComparisonCreate
from shared.contracts.graders import Grader, LabelModelGrader, MultiGrader, ScoreModelGrader
from shared.datasets import Question
from shared.errors import InvalidRequest
from shared.graders.bounds import Interval, bounds
from shared.graders.check import check_grader, check_references

MARGIN_SHARE = 0.05  # of the range of the deciding grader
BUILT_IN_RANGE = (0.0, 1.0)
ANSWERS_FIELD = "answers"


def check_graders(request: ComparisonCreate, questions: Sequence[Question], project: Project) -> Interval | None:
    """Check every grader; return the range of the one that decides, None if it has no bounds.

    Raises:
        InvalidRequest: if a grader is wrong, names a field that not every question has, or has the name of another one.
        NotFound: if the model of a grader does not exist.
    """
    ranges: dict[str, Interval | None] = dict.fromkeys(BUILT_IN_GRADERS, BUILT_IN_RANGE)
    fields = _find_common_fields(questions)
    for position, grader in enumerate(request.graders):
        place = f"graders[{position}]"
        check_grader(grader, fields, place)
        check_references(grader, [question.item() for question in questions], place)
        for path, model in list_models(grader, place):
            project.find_model(model, path)
        name = str(grader.name)
        if name in ranges:
            raise InvalidRequest(f"'{place}.name' must not be the name of another grader; got '{name}'.", param=f"{place}.name")
        ranges[name] = bounds(grader)
    if request.grader not in ranges:
        known = ", ".join(f"'{name}'" for name in ranges)
        raise InvalidRequest(f"'grader' must be the name of a grader, one of {known}; got '{request.grader}'.", param="grader")
    if request.grader in BUILT_IN_GRADERS and fields is not None and ANSWERS_FIELD not in fields:
        problem = "must be one that needs no accepted answers, such as a judge, because not every question has them"
        raise InvalidRequest(f"'grader' {problem}; got '{request.grader}'.", param="grader")
    return ranges[request.grader]


def choose_margin(request: ComparisonCreate, limits: Interval | None) -> float:
    """Return the smallest difference that matters: that of the request, or 5% of the deciding grader's range `limits`.

    Raises:
        InvalidRequest: if the range has no bounds and the request no margin, or if the margin is not smaller than the range.
    """
    if limits is None:
        if request.margin is None:
            problem = f"'margin' is required, because the scores of the grader '{request.grader}' have no bounds."
            raise InvalidRequest(problem, param="margin")
        return request.margin
    width = limits[1] - limits[0]
    margin = MARGIN_SHARE * width if request.margin is None else request.margin
    if margin >= width:
        problem = f"'margin' must be smaller than {width:g}, the range of the grader '{request.grader}'; got {margin:g}."
        raise InvalidRequest(problem, param="margin")
    return margin


def _find_common_fields(questions: Sequence[Question]) -> set[str] | None:
    """Return the fields that every question has; None if the questions are not made yet."""
    every = [set(question.item()) for question in questions]
    return set.intersection(*every) if every else None


def list_models(grader: Grader, place: str) -> Iterator[tuple[str, str]]:
    """Yield the models that a grader calls, with the paths of the fields that name them; `place` is the path of the grader."""
    if isinstance(grader, ScoreModelGrader | LabelModelGrader):
        yield f"{place}.model", grader.model
    elif isinstance(grader, MultiGrader):
        for name, each in grader.graders.items():
            yield from list_models(each, f"{place}.graders.{name}")
