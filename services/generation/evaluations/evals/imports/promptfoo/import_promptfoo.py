"""Imports a configuration of Promptfoo: read its tests, assertions and prompts, create the eval, and answer with what its runs need."""

from services.generation.evaluations.evals.create_eval import create_eval
from services.generation.evaluations.evals.criteria import check_model
from services.generation.evaluations.evals.describe import describe_eval
from services.generation.evaluations.evals.imports.promptfoo.list_skipped import list_skipped
from services.generation.evaluations.evals.imports.promptfoo.read_assertions import read_assertions
from services.generation.evaluations.evals.imports.promptfoo.read_prompts import read_prompts
from services.generation.evaluations.evals.imports.promptfoo.read_tests import describe_items, read_tests
from services.generation.evaluations.evals.store import EvalStore
from services.generation.evaluations.project import Project
from shared.contracts.evals.data_sources import Row
from shared.contracts.evals.evals import EvalCreate
from shared.contracts.evals.promptfoo import PromptfooImport, PromptfooImportResult
from shared.validation.translate import parse

NAME_CHARACTERS = 256


def import_promptfoo(request: PromptfooImport, project: Project, store: EvalStore) -> PromptfooImportResult:
    """Create an eval from a configuration. No run is started.

    Raises:
        InvalidRequest: if a part of it cannot be read, no assertion can be a criterion, or a judge's model does not exist.
    """
    for name, model in request.models.items():
        check_model(model, f"models.{name}", project)
    config = request.config
    tests = read_tests(config)
    runs = read_prompts(config, tests.names, request.models)
    found = read_assertions(config, tests, request.models)
    for judge in found.judges:
        check_model(judge.model, f"{judge.place}.provider", project)
    schema = describe_items(found.items)
    wanted = {
        "name": (config.description or "Promptfoo")[:NAME_CHARACTERS],
        "data_source_config": {"type": "custom", "item_schema": schema, "include_sample_schema": True},
        "testing_criteria": found.criteria,
    }
    created = create_eval(parse(EvalCreate, wanted), project, store)
    rows = [Row(item=item) for item in found.items]
    return PromptfooImportResult(eval=describe_eval(created), rows=rows, runs=runs, skipped=[*found.skipped, *list_skipped(config)])
