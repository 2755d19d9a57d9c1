"""Reads an eval as OpenAI's API returns it: the schema of its rows is unwrapped, and criteria that cannot work here are left out."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.generation.evaluations.evals.criteria import check_criterion, name_criterion
from services.generation.evaluations.evals.item_schema import check_item_schema, find_fields, find_item_schema, has_sample
from shared.contracts.evals.data_sources import CustomConfig, DataSourceConfig
from shared.contracts.evals.evals import EvalCreate
from shared.contracts.evals.imports import ImportedEval, SkippedField
from shared.errors import InvalidRequest
from shared.graders.check import parse_grader
from shared.ids import new_id
from shared.records.evaluation.evals import StoredEval
from shared.validation.translate import parse

PLACE = "eval"
CONFIG, CRITERIA = f"{PLACE}.data_source_config", f"{PLACE}.testing_criteria"
ITEM_SCHEMA = f"{CONFIG}.schema"
LEFT_OUT = "Graders run no code here. The results of this criterion are kept."


@dataclass(frozen=True)
class ReadEval:
    """An eval to store, and what was left out of it."""

    row: StoredEval
    config: DataSourceConfig
    skipped: list[SkippedField]


def read_eval(sent: ImportedEval, models: Mapping[str, str], project_id: str) -> ReadEval:
    """Return the eval. `models` replaces the models of criteria; those that it does not name need not exist until a run is started.

    Raises:
        InvalidRequest: if the data source or a criterion is wrong.
    """
    config = _read_config(sent)
    criteria, skipped = list[dict[str, Any]](), list[SkippedField]()
    for position, criterion in enumerate(sent.testing_criteria):
        place = f"{CRITERIA}[{position}]"
        if criterion.get("type") == "python":
            skipped.append(SkippedField(param=place, reason=LEFT_OUT))
        else:
            criteria.append(_read_criterion(criterion, models, config, place))
            _check_id(criteria, place)
    row = StoredEval(
        id=new_id("eval_"),
        project_id=project_id,
        name=sent.name,
        metadata_=sent.metadata,
        data_source_config=config.model_dump(mode="json", exclude_none=True),
        testing_criteria=criteria,
        created_at=sent.created_at,
        updated_at=int(time.time()),
    )
    return ReadEval(row, config, skipped)


def _read_config(sent: ImportedEval) -> DataSourceConfig:
    config, schema = sent.data_source_config, sent.data_source_config.get("schema")
    unwrapped = {"type": config.get("type"), "metadata": config.get("metadata")}
    if config.get("type") == "custom":
        unwrapped = {"type": "custom", **_unwrap(schema if isinstance(schema, dict) else {})}
    placeholder = {"type": "string_check", "name": "a", "input": "a", "operation": "eq", "reference": "a"}
    read = parse(EvalCreate, {"data_source_config": unwrapped, "testing_criteria": [placeholder]}, (PLACE,)).data_source_config
    if isinstance(read, CustomConfig):
        check_item_schema(read.item_schema, ITEM_SCHEMA)
    return read


def _unwrap(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of an item, which is inside of that of a row, and whether rows have a sample."""
    properties = schema.get("properties")
    return {"item_schema": find_item_schema(schema), "include_sample_schema": isinstance(properties, dict) and "sample" in properties}


def _read_criterion(sent: Mapping[str, Any], models: Mapping[str, str], config: DataSourceConfig, place: str) -> dict[str, Any]:
    """Return a criterion as it is stored, with the id that the results of runs name."""
    fields = {name: value for name, value in sent.items() if name != "id"}
    grader = parse_grader(_replace_models(fields, models), place)
    check_criterion(grader, find_fields(config), has_sample(config), place)
    kept = {"id": sent["id"]} if isinstance(sent.get("id"), str) else {}
    return {**name_criterion(grader), **kept}


def _check_id(criteria: Sequence[Mapping[str, Any]], place: str) -> None:
    """Check that the last criterion has an id of its own, because the results of an item are found by it."""
    *others, last = (criterion["id"] for criterion in criteria)
    if last in others:
        param = f"{place}.id"
        raise InvalidRequest(f"'{param}' must differ from the ids of the other criteria; got '{last[:80]}' twice.", param=param)


def _replace_models(criterion: dict[str, Any], models: Mapping[str, str]) -> dict[str, Any]:
    model = criterion.get("model")
    return {**criterion, "model": models[model]} if isinstance(model, str) and model in models else criterion
