"""Starts a comparison (the first half of flow 4): check the model, files and vector stores, the arms, graders and questions; store the job.

The evaluation service asks and grades the questions.
"""

from collections.abc import Sequence

from services.generation.evaluations.comparisons.arms import AnyArm, Ingredients, check_own_arms, choose_arms, name_arm, uses_adapter
from services.generation.evaluations.comparisons.cancel import cancel_made_jobs
from services.generation.evaluations.comparisons.extend import extend_comparison
from services.generation.evaluations.comparisons.from_eval import add_criteria
from services.generation.evaluations.comparisons.questions import hash_questions, read_questions_file
from services.generation.evaluations.comparisons.store import store_comparison
from services.generation.evaluations.comparisons.training_file import find_training_file
from services.generation.evaluations.graders.check_graders import check_graders, choose_margin
from services.generation.evaluations.project import Inputs, Project
from services.generation.jobs.finetune import find_start
from shared.contracts.comparison_results import ComparisonResult
from shared.contracts.comparisons import Comparison, ComparisonCreate, ComparisonEvent, ComparisonSpec
from shared.contracts.fine_tuning import JobError
from shared.errors import InvalidRequest
from shared.records.evaluation.comparisons import delete_comparison as delete_record
from shared.records.jobs import COMPARISON, Job, JobEvent

REPORTS = ("report_json", "report_html", "report_markdown", "bundle")
REPORT_ENDINGS = ("json", "html", "md", "zip")


def compare(request: ComparisonCreate, project: Project) -> Job:
    """Check the request and submit the comparison.

    Raises:
        NotFound: if a model, a vector store, the eval or the comparison to extend does not exist.
        InvalidRequest: if an arm lacks what it needs, a grader cannot be used, or a file does not exist.
        InvalidDataset: if a line of a file is invalid.
        Conflict: if the comparison to extend has not ended.
    """
    if request.extends is not None:
        return extend_comparison(request, request.extends, project)
    request = add_criteria(request, project)
    _check_required(request)
    ingredients = _gather(request, project)
    arms = choose_arms(request.arms, ingredients)
    warnings = check_own_arms(request.arms or (), ingredients, project)
    _check_seeds(request, arms, ingredients)
    questions = read_questions_file(request.questions_file, project, request.eval) if request.questions_file else []
    limits = check_graders(request, questions, project)
    model, training_file = ingredients.model and ingredients.model.id, ingredients.training_file
    resolved = {"model": model, "arms": arms, "training_file": training_file.file_id, "margin": choose_margin(request, limits)}
    spec = ComparisonSpec(
        **request.model_dump() | resolved,
        base_model=_find_base(request, project),
        questions_sha256=hash_questions(questions) if questions else None,
        warnings=[*warnings, *([training_file.warning] if training_file.warning else [])],
    )
    training = _describe_training(request, arms, ingredients, project)
    event = f"The comparison was created, with the arms {', '.join(map(name_arm, arms))}.{training}"
    contents = [question.line() for question in questions]
    return project.jobs.submit_from(lambda session: store_comparison(session, project.id, spec, contents, event))


def _check_required(request: ComparisonCreate) -> None:
    if request.eval is not None and request.questions_file is None:
        raise InvalidRequest("'questions_file' is required with 'eval': a file with rows of the eval's data.", param="questions_file")
    for name in ("questions_file", "model"):
        if getattr(request, name) is None and not request.documents:
            raise InvalidRequest(f"'{name}' is required, unless you send 'documents' to make it from.", param=name)


def _gather(request: ComparisonCreate, project: Project) -> Ingredients:
    """Return what the arms are made of, all of which exists. From documents, an adapter of a base model is trained first."""
    model = project.find_model(request.model, "model") if request.model is not None else None
    if request.documents and model and model.parent is None:
        model = None
    project.check_stores(request.vector_store_ids, "vector_store_ids")
    for position, file_id in enumerate(request.documents):
        project.inputs.find_file(file_id, f"documents[{position}]")
    if request.generator and request.generator.url is None:
        project.find_model(request.generator.model, "generator.model")
    return Ingredients(model, request.vector_store_ids, find_training_file(request, model, project), request.documents)


def _find_base(request: ComparisonCreate, project: Project) -> str:
    """Return the model that the arms without the fine-tuned one have."""
    if request.model is None:
        return project.default_base
    model = project.find_model(request.model, "model")
    return model.parent or model.id


def _describe_training(request: ComparisonCreate, arms: Sequence[AnyArm], ingredients: Ingredients, project: Project) -> str:
    """Return a sentence about the base model of the adapter that is trained first; nothing if none is.

    Raises:
        InvalidRequest: if the base model cannot be fine-tuned.
    """
    if not ingredients.documents or ingredients.model is not None or not uses_adapter(arms, ingredients):
        return ""
    base = _find_base(request, project)
    find_start(base, project.id, project.models)
    others = [name for name in project.models.trainable if name != base]
    choice = (
        f", the default. To choose another base model ({', '.join(others)}), send it as 'model'." if others and not request.model else "."
    )
    return f" The fine-tuned model is trained from '{base}'{choice}"


def _check_seeds(request: ComparisonCreate, arms: Sequence[AnyArm], ingredients: Ingredients) -> None:
    """Check that further adapters can be trained, and that an arm uses them."""
    if request.seeds > 1 and (problem := _find_seeds_problem(request.seeds, arms, ingredients)):
        raise InvalidRequest(f"'seeds' must be 1{problem}", param="seeds")


def _find_seeds_problem(seeds: int, arms: Sequence[AnyArm], ingredients: Ingredients) -> str | None:
    if not ingredients.documents and (ingredients.model is None or ingredients.model.parent is None):
        return f" if 'model' is a base model; got {seeds}."
    if not ingredients.documents and ingredients.training_file.file_id is None:
        return f", because training needs {ingredients.training_file.missing}"
    return None if uses_adapter(arms, ingredients) else f", because no arm uses the fine-tuned model; got {seeds}."


def delete_comparison(comparison_id: str, project: Project) -> None:
    """Delete a comparison with its questions, its answers and the files of its report. A running one stops, with what it runs.

    Raises:
        NotFound: if the project has no such comparison.
    """
    job = project.find_comparison(comparison_id)
    cancel_made_jobs(job, project)
    for file_id in _list_reports(job, project.inputs):
        project.inputs.delete_file(file_id)
    project.jobs.delete(COMPARISON, project.id, comparison_id, delete_record)


def _list_reports(job: Job, inputs: Inputs) -> list[str]:
    # Also by name: if a worker stopped between its upload and the end of the job, no result has the ids of its files.
    named = inputs.find_named("evals", [f"{job.id}.{ending}" for ending in REPORT_ENDINGS])
    reported = [job.result[report] for report in REPORTS if job.result and job.result.get(report)]
    return list(dict.fromkeys([*reported, *named]))


def describe(job: Job) -> Comparison:
    """Return the comparison as the API shows it."""
    spec = ComparisonSpec.model_validate(job.spec)
    shared_fields = spec.model_dump(include=set(Comparison.model_fields) & set(ComparisonSpec.model_fields) - {"arms"})
    return Comparison(
        **shared_fields,
        id=job.id,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        status=job.status,
        stage=job.stage,
        percent=job.percent,
        arms=[name_arm(arm) for arm in spec.arms or ()],
        result=ComparisonResult.model_validate(job.result) if job.result else None,
        error=JobError(**job.error) if job.error else None,
    )


def describe_event(event: JobEvent) -> ComparisonEvent:
    """Return an event of a comparison as the API shows it."""
    return ComparisonEvent.model_validate(event, from_attributes=True)
