"""Extends a comparison: a new one keeps its questions, answers and settings, and adds questions.

Whoever looks at a comparison until it shows something will see something, so each verdict of a family is a look, with a stricter level
than the one before. What would be another comparison, such as other arms or another margin, is refused.
"""

from collections.abc import Mapping, Sequence

from services.generation.evaluations.comparisons.arms import Ingredients, check_own_arms, choose_arms, sort_arms
from services.generation.evaluations.comparisons.questions import PARAM, check_number, hash_questions, identify, read_questions_file
from services.generation.evaluations.comparisons.store import store_extension
from services.generation.evaluations.comparisons.training_file import TrainingFile, keep_training_file
from services.generation.evaluations.graders.check_graders import check_graders
from services.generation.evaluations.project import Project
from shared.contracts.comparisons import ComparisonCreate, ComparisonSpec
from shared.datasets import Question
from shared.errors import Conflict, InvalidRequest, NotFound
from shared.records.jobs import UNFINISHED, Job

CHANGEABLE = {"name", "metadata", "extends", "questions_file"}
FIXED_BY_QUESTION = ("answers", "cluster", "contexts")
MAX_SHOWN = 60  # characters of a question


def extend_comparison(request: ComparisonCreate, parent_id: str, project: Project) -> Job:
    """Check the request and submit a comparison that extends `parent_id`.

    Raises:
        NotFound: if there is no such comparison.
        Conflict: if it has not ended.
        InvalidRequest: if the request changes more than the questions, if no question is new, or if an arm lost what it needs.
        InvalidDataset: if a line of the questions file is invalid.
    """
    parent = _find_parent(parent_id, project)
    spec = ComparisonSpec.model_validate(parent.spec)
    _check_unchanged(request, spec)
    training_file = keep_training_file(spec.training_file, project)
    _check_instructions(spec, training_file, parent_id)
    warnings = _check_arms(spec, training_file, project)
    known = _read_known(parent_id, spec, project)
    sent = read_questions_file(request.questions_file, project, spec.eval) if request.questions_file else []
    added = _find_added(sent, known, parent)
    _check_graders(spec, added, project)
    questions = [*known, *added]
    changes = request.model_dump(include=CHANGEABLE) | {"reuses": None, "warnings": warnings, "training_file": training_file.file_id}
    changes["questions_file"] = request.questions_file or spec.questions_file
    extended = spec.model_copy(update=changes | {"questions_sha256": hash_questions(questions)})
    event = f"The comparison was created. It extends '{parent_id}' by {len(added)} question{'' if len(added) == 1 else 's'}."
    contents = [question.line() for question in questions]
    return project.jobs.submit_from(lambda session: store_extension(session, parent, extended, contents, event))


def _find_parent(parent_id: str, project: Project) -> Job:
    try:
        parent = project.find_comparison(parent_id)
    except NotFound as error:
        raise NotFound(error.message, param="extends") from error
    if parent.status in UNFINISHED:
        problem = f"The comparison '{parent_id}' is {parent.status}. Wait until it ends, or cancel it, before you extend it."
        raise Conflict(problem, param="extends")
    return parent


def _check_unchanged(request: ComparisonCreate, spec: ComparisonSpec) -> None:
    for name in ComparisonCreate.model_fields:
        sent = getattr(request, name)
        if name in CHANGEABLE or name not in request.model_fields_set or sent is None:
            continue
        if (sort_arms(sent) if name == "arms" else sent) != getattr(spec, name):
            problem = f"'{name}' must stay the same if you extend a comparison. To change it, create a comparison without 'extends'."
            raise InvalidRequest(problem, param=name)


def _check_instructions(spec: ComparisonSpec, training_file: TrainingFile, parent_id: str) -> None:
    """Check that the arms can be told the same again: without `instructions`, they are told what the training file says."""
    if spec.instructions is None and spec.training_file != training_file.file_id:
        reason = f"the training file '{spec.training_file}', which has the arms' instructions, was deleted"
        raise InvalidRequest(f"'{parent_id}' cannot be extended, because {reason}. Create a comparison without 'extends'.", param="extends")


def _check_arms(spec: ComparisonSpec, training_file: TrainingFile, project: Project) -> list[str]:
    """Check that everything that the arms need still exists; return warnings. The caller named all of it by `extends`."""
    try:
        model = project.find_model(spec.model or spec.base_model, "extends")
        project.check_stores(spec.vector_store_ids, "extends")
        ingredients = Ingredients(model, spec.vector_store_ids, training_file)
        arms = choose_arms(spec.arms, ingredients)
        warnings = check_own_arms(arms, ingredients, project)
    except InvalidRequest as error:
        raise InvalidRequest(error.message, param="extends", code=error.code) from error
    except NotFound as error:
        raise NotFound(error.message, param="extends", code=error.code) from error
    return [*warnings, *([training_file.warning] if training_file.warning else [])]


def _check_graders(spec: ComparisonSpec, added: Sequence[Question], project: Project) -> None:
    """Check that the graders can still be used, and can grade answers to the questions that are added."""
    try:
        check_graders(spec, added, project)
    except NotFound as error:
        raise NotFound(error.message, param="extends", code=error.code) from error
    except InvalidRequest as error:
        raise InvalidRequest(error.message, param=PARAM, code=error.code) from error


def _read_known(parent_id: str, spec: ComparisonSpec, project: Project) -> list[Question]:
    """Return the questions of the comparison to extend, by number; those that were made from documents are in a file."""
    stored = project.jobs.list_questions(parent_id)
    if stored:
        return [Question.model_validate(content) for content in stored]
    if spec.documents and spec.questions_file:
        return read_questions_file(spec.questions_file, project)
    problem = f"'{parent_id}' cannot be extended, because its questions were not stored. Create a comparison without 'extends'."
    raise InvalidRequest(problem, param="extends")


def _find_added(sent: Sequence[Question], known: Sequence[Question], parent: Job) -> list[Question]:
    """Return the questions that `known` lacks. A comparison that ended without a verdict may be continued without any."""
    has_verdict = parent.result is not None and parent.result["verdict"]["outcome"] != "failed"
    if not sent and has_verdict:
        raise InvalidRequest("'questions_file' is required, with the questions to add.", param=PARAM)
    by_hash = {identify(question): question for question in known}
    for question in sent:
        _check_kept(question, by_hash, parent.id)
    added = [question for question in sent if identify(question) not in by_hash]
    if not added and has_verdict:
        raise InvalidRequest(f"The questions file has no new question: '{parent.id}' has all of them. Add new ones.", param=PARAM)
    _check_ids(added, known, parent.id)
    check_number(len(known) + len(added))
    return added


def _check_kept(question: Question, known: Mapping[str, Question], parent_id: str) -> None:
    kept = known.get(identify(question))
    for field in FIXED_BY_QUESTION if kept else ():
        if getattr(question, field) != getattr(kept, field):
            shown = question.question[:MAX_SHOWN] + "…" * (len(question.question) > MAX_SHOWN)
            problem = (
                f"The '{field}' of the question '{shown}' must be the same as in '{parent_id}'. To change it, create a new comparison."
            )
            raise InvalidRequest(problem, param=PARAM)


def _check_ids(added: Sequence[Question], known: Sequence[Question], parent_id: str) -> None:
    taken = {question.id for question in known if question.id is not None}
    for question in added:
        if question.id in taken:
            problem = f"Another question of '{parent_id}' has the 'id' '{question.id}'. Give each question its own 'id'."
            raise InvalidRequest(problem, param=PARAM)
