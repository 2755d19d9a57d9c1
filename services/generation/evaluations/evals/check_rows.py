"""The rows of a run: those in the request are checked against the schema of the eval, a file must exist, and stored ones fit their eval.

The rows of a file are checked by the worker, which reads them anyway.
"""

from collections.abc import Sequence

from services.generation.evaluations.project import Project
from shared.contracts.evals.data_sources import (
    CustomConfig,
    DataSourceConfig,
    FileContentSource,
    FileId,
    JsonlRun,
    Responses,
    Row,
    RunDataSource,
    StoredCompletions,
)
from shared.datasets.item_schema import ItemSchema
from shared.errors import InvalidRequest
from shared.validation.json_schema import CpuBudget

SOURCE = "data_source.source"
PURPOSE = "evals"
SECONDS = 10.0  # of processor time for the rows of a request


def check_source(data_source: RunDataSource, config: DataSourceConfig, needs_sample: bool, project: Project) -> None:
    """Check where the rows of a run come from. With `needs_sample`, a criterion uses an answer that only the rows can have.

    Raises:
        InvalidRequest: if the eval has rows of another kind, a row is wrong, or the file does not exist.
    """
    source = data_source.source
    if isinstance(source, StoredCompletions | Responses):
        _check_stored(source, config)
        return
    if not isinstance(config, CustomConfig):
        _refuse_source(source.type, config, "stored_completions' or 'responses")
    elif isinstance(source, FileId):
        _check_file(source, project)
    else:
        _check_content(source, config, needs_sample)


def asks_model(data_source: RunDataSource) -> bool:
    """Return whether a model is asked about each row."""
    return not isinstance(data_source, JsonlRun) and data_source.model is not None


def _check_stored(source: StoredCompletions | Responses, config: DataSourceConfig) -> None:
    if isinstance(config, CustomConfig):
        _refuse_source(source.type, config, "file_content' or 'file_id")
    if source.created_after is not None and source.created_before is not None and source.created_after > source.created_before:
        param = f"{SOURCE}.created_after"
        raise InvalidRequest(f"'{param}' must not be later than '{SOURCE}.created_before'.", param=param)


def _refuse_source(type: str, config: DataSourceConfig, expected: str) -> None:
    problem = f"must be '{expected}', because the data source of the eval is '{config.type}'; got '{type}'"
    raise InvalidRequest(f"'{SOURCE}.type' {problem}.", param=f"{SOURCE}.type")


def _check_file(source: FileId, project: Project) -> None:
    param = f"{SOURCE}.id"
    file = project.inputs.find_file(source.id, param)
    if file.purpose != PURPOSE:
        problem = f"'{param}' must be a file with the purpose '{PURPOSE}'; '{source.id}' has the purpose '{file.purpose}'."
        raise InvalidRequest(problem, param=param, code="invalid_purpose")


def _check_content(source: FileContentSource, config: CustomConfig, needs_sample: bool) -> None:
    if needs_sample:
        _require_samples(source.content)
    schema = ItemSchema(config.item_schema)
    with CpuBudget(SECONDS).applied():
        for position, row in enumerate(source.content):
            if found := schema.find_problem(row.item):
                path, problem = found
                param = f"{SOURCE}.content[{position}].{path}"
                raise InvalidRequest(f"'{param}' {problem}.", param=param)


def _require_samples(rows: Sequence[Row]) -> None:
    missing = next((position for position, row in enumerate(rows) if row.sample is None), None)
    if missing is not None:
        param = f"{SOURCE}.content[{missing}].sample"
        problem = f"'{param}' is required, because no model is asked and the eval's criteria grade answers."
        raise InvalidRequest(problem, param=param, code="missing_required_parameter")
