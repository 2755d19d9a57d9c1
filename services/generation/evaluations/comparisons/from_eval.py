"""A comparison that is made from an eval: the rows of a file become questions, and the eval's criteria its graders."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from services.generation.evaluations.project import Project
from shared.contracts.comparisons import MAX_GRADERS, ComparisonCreate, EvalQuestions
from shared.datasets.json_lines import load_json
from shared.datasets.problems import Problems, WrongLine
from shared.datasets.text_lines import read_text
from shared.errors import InvalidRequest, NotFound
from shared.graders.check import check_template, list_fields, parse_grader
from shared.graders.outcome import GradingFailed
from shared.graders.sample import Sample
from shared.graders.template import Scope, render, resolve, to_text
from shared.records.evaluation.evals import StoredEval

PARAM = "eval.id"
NO_ROW = "each line must be an object with an 'item', as in the data of a run."


def add_criteria(request: ComparisonCreate, project: Project) -> ComparisonCreate:
    """Return the request with the criteria of its eval as graders; without a `grader`, the first criterion decides, if there is one.

    Raises:
        NotFound: if the project has no such eval.
        InvalidRequest: if the eval's rows are stored answers, a template names a field that they lack, or it has too many criteria.
    """
    if request.eval is None:
        return request
    stored = _find_eval(request.eval, project)
    criteria = [parse_grader({name: value for name, value in each.items() if name != "id"}, PARAM) for each in stored.testing_criteria]
    graders = [*request.graders, *criteria]
    if len(graders) > MAX_GRADERS:
        problem = f"A comparison can have at most {MAX_GRADERS} graders; '{stored.id}' has {len(criteria)} criteria."
        raise InvalidRequest(problem, param=PARAM)
    chosen = {} if "grader" in request.model_fields_set or not criteria else {"grader": str(criteria[0].name)}
    return request.model_copy(update={"graders": graders, **chosen})


def _find_eval(chosen: EvalQuestions, project: Project) -> StoredEval:
    try:
        stored = project.evals.find(project.id, chosen.id)
    except NotFound as error:
        raise NotFound(error.message, param=PARAM, code=error.code) from error
    if stored.data_source_config["type"] != "custom":
        problem = "grades stored answers; a comparison asks questions, so it needs an eval whose data source is 'custom'"
        raise InvalidRequest(f"'{PARAM}' cannot be used: '{stored.id}' {problem}.", param=PARAM)
    fields = list_fields(stored.data_source_config["item_schema"])
    for name, template in (("question", chosen.question), ("answers", chosen.answers)):
        check_template(template or "", fields, f"eval.{name}")
    return stored


def convert_rows(lines: Iterable[bytes | str], mapping: EvalQuestions, param: str) -> Iterator[str]:
    """Yield the lines of a questions file for the rows of an eval. Fields of the item stay fields of the question.

    Raises:
        InvalidDataset: after the last line, if a line is no row, or a row lacks what the templates name.
    """
    problems = Problems(param)
    for number, text in read_text(lines, param):
        try:
            yield _convert(text, mapping) if text is None or text.strip() else ""
        except WrongLine as error:
            problems.add(number, str(error))
    problems.raise_if_any()


def _convert(text: str | None, mapping: EvalQuestions) -> str:
    if text is None:
        raise WrongLine("the line is not valid UTF-8.")
    row = load_json(text)
    item = row.get("item") if isinstance(row, dict) else None
    if not isinstance(item, dict):
        raise WrongLine(NO_ROW)
    scope = Scope(item, Sample())
    try:
        question, answers = render(mapping.question, scope), _find_answers(mapping, scope)
    except GradingFailed as error:
        raise WrongLine(error.message) from error
    return json.dumps({**item, "question": question, "answers": answers})


def _find_answers(mapping: EvalQuestions, scope: Scope) -> list[str] | None:
    """Return the accepted answers of a row; None if they are not known."""
    if mapping.answers is not None:
        return _list_answers(resolve(mapping.answers, scope))
    return _list_answers(scope.item["answers"]) if "answers" in scope.item else None


def _list_answers(value: Any) -> list[str]:
    """Return the accepted answers: a list as it is, and anything else as the only one."""
    return [to_text(each) for each in value] if isinstance(value, list) else [] if value is None else [to_text(value)]
