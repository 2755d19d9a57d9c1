"""Imports an eval as OpenAI's API returns it: read the eval, its runs and their output items, and store them together, or nothing."""

import secrets
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

from services.generation.evaluations.evals.criteria import check_model, read_criterion
from services.generation.evaluations.evals.describe import describe_eval
from services.generation.evaluations.evals.imports.read_eval import ReadEval, read_eval
from services.generation.evaluations.evals.imports.read_items import read_item
from services.generation.evaluations.evals.start_run import read_config
from services.generation.evaluations.evals.store import STATUSES, EvalStore
from services.generation.evaluations.project import Project
from shared.contracts.evals.data_sources import CustomConfig
from shared.contracts.evals.imports import EvalImport, EvalImportResult, ImportedRun, RunImport
from shared.contracts.evals.runs import RunResult
from shared.errors import InvalidRequest, NotFound
from shared.ids import new_id
from shared.records.evaluation.evals import EvalOutputItem
from shared.records.jobs import EVAL_RUN, PREFIXES, Job

CLOCK_SECONDS = 3600  # by which clocks may differ


def import_eval(request: EvalImport, project: Project, store: EvalStore) -> EvalImportResult:
    """Check the request and store what is in it.

    Raises:
        NotFound: if the project does not have the eval `eval_id`.
        InvalidRequest: if an object is wrong, names a run that is not there, or a model does not exist.
    """
    for name, model in request.models.items():
        check_model(model, f"models.{name}", project)
    _check_times(request, int(time.time()))
    read = _read_eval(request, project, store)
    runs = {run.id: _make_job(run, read) for run in request.runs}
    if len(runs) < len(request.runs):
        raise InvalidRequest("'runs' must not have the same 'id' twice.", param="runs")
    known = {**_find_runs(request, read.row.id, runs, store), **runs}
    items = [read_item(item, place, known[item.run_id].id) for place, item in enumerate(request.output_items)]
    _check_numbers(items, store)
    store.add_imported(read.row if request.eval else None, read.row.id, list(runs.values()), items)
    counts = Counter(item.run_id for item in request.output_items)
    made = [RunImport(id=job.id, imported_id=name, output_items=counts[name]) for name, job in known.items()]
    return EvalImportResult(eval=describe_eval(read.row), runs=made, skipped=read.skipped)


def _check_times(request: EvalImport, now: int) -> None:
    """Check that nothing was created in the future: it would be listed after all that is new, for as long as it takes to get there."""
    times = {f"runs[{place}]": run.created_at for place, run in enumerate(request.runs)}
    times |= {f"output_items[{place}]": item.created_at for place, item in enumerate(request.output_items)}
    if request.eval is not None:
        times = {"eval": request.eval.created_at, **times}
    for place, created_at in times.items():
        if created_at > now + CLOCK_SECONDS:
            param = f"{place}.created_at"
            raise InvalidRequest(f"'{param}' must not be in the future; got {created_at}, in seconds since 1970.", param=param)


def _read_eval(request: EvalImport, project: Project, store: EvalStore) -> ReadEval:
    if request.eval is not None:
        return read_eval(request.eval, request.models, project.id)
    row = store.find(project.id, str(request.eval_id))
    return ReadEval(row, read_config(row.data_source_config), [])


def _make_job(run: ImportedRun, read: ReadEval) -> Job:
    """Return the job of a run that has ended elsewhere. Its `spec` is as a `RunSpec`, but with a data source that may not work here."""
    result = RunResult(
        result_counts=run.result_counts,
        per_model_usage=run.per_model_usage or [],
        per_testing_criteria_results=run.per_testing_criteria_results or [],
    )
    status = STATUSES[run.status][0]
    error = {**run.error.model_dump(), "param": None} if run.error else None
    return Job(
        id=new_id(PREFIXES[EVAL_RUN]),
        project_id=read.row.project_id,
        kind=EVAL_RUN,
        status=status,
        stage=status,
        percent=100.0,
        spec=_make_spec(run, read),
        result=result.model_dump(mode="json"),
        error=error,
        created_at=run.created_at,
        started_at=run.created_at,
        finished_at=run.created_at,
    )


def _make_spec(run: ImportedRun, read: ReadEval) -> dict[str, Any]:
    config = read.config
    return {
        "eval_id": read.row.id,
        "name": run.name,
        "metadata": run.metadata,
        "data_source": run.data_source,
        "item_schema": config.item_schema if isinstance(config, CustomConfig) else None,
        "config_metadata": {} if isinstance(config, CustomConfig) else config.metadata or {},
        "criteria": [read_criterion(each).model_dump(mode="json") for each in read.row.testing_criteria],
        "report_secret": secrets.token_hex(16),
        "is_imported": True,
    }


def _find_runs(request: EvalImport, eval_id: str, new: Mapping[str, Job], store: EvalStore) -> dict[str, Job]:
    """Return the runs that are here already and that output items name. Only imported ones take items."""
    found = dict[str, Job]()
    for place, item in enumerate(request.output_items):
        if item.run_id not in new and item.run_id not in found:
            found[item.run_id] = _find_run(item.run_id, f"output_items[{place}].run_id", eval_id, store)
    return found


def _find_run(run_id: str, param: str, eval_id: str, store: EvalStore) -> Job:
    try:
        run = store.open_run(eval_id, run_id)
    except NotFound as error:
        problem = f"'{param}' must be the 'id' of one of the 'runs', or of a run that the eval has here; got '{run_id}'."
        raise InvalidRequest(problem, param=param) from error
    if not run.spec.get("is_imported"):
        raise InvalidRequest(f"'{param}' must name a run that was imported; '{run_id}' ran here.", param=param)
    return run


def _check_numbers(items: list[EvalOutputItem], store: EvalStore) -> None:
    """Check that each row of a run has one output item, counting those that are here already."""
    seen = store.list_numbers({item.job_id for item in items})
    for place, item in enumerate(items):
        if (item.job_id, item.number) in seen:
            param = f"output_items[{place}].datasource_item_id"
            raise InvalidRequest(f"'{param}' must differ from that of every other item of the run; got {item.number}.", param=param)
        seen.add((item.job_id, item.number))
