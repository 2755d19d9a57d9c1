"""Starts a run of an eval: check where its rows come from and how a model is asked about them, then store its job.

The evaluation service asks and grades.
"""

import secrets
import time
from collections.abc import Sequence

from pydantic import TypeAdapter

from services.generation.evaluations.evals.check_rows import asks_model, check_source
from services.generation.evaluations.evals.check_sampling import check_sampling
from services.generation.evaluations.evals.criteria import check_models, read_criterion
from services.generation.evaluations.evals.item_schema import find_fields
from services.generation.evaluations.evals.store import EvalStore
from services.generation.evaluations.project import Project
from shared.contracts.evals.data_sources import (
    CustomConfig,
    DataSourceConfig,
    JsonlRun,
    Responses,
    RunDataSource,
    StoredCompletions,
)
from shared.contracts.evals.runs import NamedCriterion, RunCreate, RunSpec
from shared.errors import InvalidRequest
from shared.graders.check import find_sample_use
from shared.records.jobs import Job


def start_run(eval_id: str, request: RunCreate, project: Project, store: EvalStore) -> Job:
    """Check the request and submit the run.

    Raises:
        NotFound: if the project has no such eval.
        InvalidRequest: if a row, the source of the rows, or how a model is asked is wrong, or the eval has no criteria.
    """
    row = store.find(project.id, eval_id)
    config = read_config(row.data_source_config)
    criteria = [read_criterion(stored) for stored in row.testing_criteria]
    _require_criteria(eval_id, criteria)
    data_source = request.data_source
    if not isinstance(data_source, JsonlRun):
        check_sampling(data_source, find_fields(config), project)
    needs_sample = not asks_model(data_source) and any(find_sample_use(each.grader) for each in criteria)
    check_source(data_source, config, needs_sample, project)
    for position, criterion in enumerate(criteria):
        check_models(criterion.grader, f"testing_criteria[{position}]", project)
    now = int(time.time())
    spec = RunSpec(
        eval_id=eval_id,
        name=request.name or f"{_find_model(data_source) or data_source.type} {time.strftime('%Y-%m-%d %H:%M', time.gmtime(now))}",
        metadata=request.metadata,
        data_source=_end_with(data_source, now),
        item_schema=config.item_schema if isinstance(config, CustomConfig) else None,
        config_metadata={} if isinstance(config, CustomConfig) else config.metadata or {},
        criteria=criteria,
        report_secret=secrets.token_hex(16),
    )
    return store.submit_run(project.id, spec)


def read_config(stored: object) -> DataSourceConfig:
    """Return the data source of an eval as it was sent."""
    config: DataSourceConfig = TypeAdapter(DataSourceConfig).validate_python(stored)
    return config


def _require_criteria(eval_id: str, criteria: Sequence[NamedCriterion]) -> None:
    """Refuse the runs of an eval that was imported without its criteria."""
    if not criteria:
        problem = f"The eval '{eval_id}' has no criteria, because the ones it was imported with run code. Create an eval with others."
        raise InvalidRequest(problem, param="eval_id")


def _find_model(data_source: RunDataSource) -> str | None:
    return None if isinstance(data_source, JsonlRun) else data_source.model


def _end_with(data_source: RunDataSource, now: int) -> RunDataSource:
    """Return a data source without stored answers that are newer than the run, so that a run that is taken over has the same rows."""
    source = data_source.source
    if not isinstance(source, StoredCompletions | Responses):
        return data_source
    end = now if source.created_before is None else min(source.created_before, now)
    return data_source.model_copy(update={"source": source.model_copy(update={"created_before": end})})
