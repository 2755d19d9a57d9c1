"""Reads an output item as OpenAI's API returns it. What it lacks is null, as if it had not been known."""

from typing import Any

from shared.contracts.evals.imports import ImportedItem
from shared.contracts.evals.output_items import ItemResult, ItemSample
from shared.ids import new_id
from shared.records.evaluation.evals import EvalOutputItem
from shared.validation.translate import parse

RESULT = {"type": "", "score": None}
SAMPLE = dict.fromkeys(("finish_reason", "usage", "error", "temperature", "max_completion_tokens", "top_p", "seed"))


def read_item(sent: ImportedItem, place: int, job_id: str) -> EvalOutputItem:
    """Return an output item of the run `job_id`; `place` is its position in the request.

    Raises:
        InvalidRequest: if a result or the sample is not one.
    """
    path = ("output_items", place)
    results = [parse(ItemResult, {**RESULT, **each}, (*path, "results", position)) for position, each in enumerate(sent.results)]
    sample = {**SAMPLE, "input": [], "output": [], "model": "", **sent.sample} if sent.sample is not None else None
    return EvalOutputItem(
        job_id=job_id,
        number=sent.datasource_item_id,
        id=new_id("outputitem_"),
        created_at=sent.created_at,
        status=sent.status,
        item=_unwrap(sent.datasource_item),
        sample=parse(ItemSample, sample, (*path, "sample")).model_dump(mode="json") if sample is not None else None,
        results=[result.model_dump(mode="json") for result in results],
    )


def _unwrap(item: dict[str, Any]) -> dict[str, Any]:
    inner = item.get("item")
    return inner if isinstance(inner, dict) and item.keys() <= {"item", "sample"} else item
