"""An answer as the output item shows it, or why there is none."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.evaluation.evals.sampling.shapes import Shape
from shared.contracts.evals.output_items import ItemSample, SampleMessage, SampleUsage
from shared.contracts.evals.runs import RunError
from shared.graders.template import to_text
from shared.workers.api_client import list_hits

TEXT = "text"


def describe_sample(shape: Shape, sampling: Mapping[str, Any]) -> ItemSample:
    """Return the sample of an answer. `sampling` has the parameters of the request; what it lacks is taken from the answer."""
    message = shape["choices"][0].get("message")
    return ItemSample(
        input=_list_messages(shape.get("input")),
        output=_list_messages([{"role": "assistant", **message}] if isinstance(message, dict) else []),
        finish_reason=_text_or_none(shape.get("finish_reason")),
        model=str(sampling.get("model") or shape.get("model") or ""),
        usage=_read_usage(shape.get("usage")),
        error=None,
        **_read_sampling({**shape, **sampling}),
        retrieved=list_retrieved(shape) or None,
    )


def describe_failure(messages: Iterable[Mapping[str, Any]], sampling: Mapping[str, Any], error: RunError) -> ItemSample:
    """Return the sample of a question without an answer."""
    return ItemSample(
        input=_list_messages(messages),
        output=[],
        finish_reason=None,
        model=str(sampling.get("model") or ""),
        usage=None,
        error=error,
        **_read_sampling(sampling),
    )


def list_retrieved(shape: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the passages that a search found: those of a chat completion's trace, or of the searches of a response."""
    if isinstance(shape.get("retrieved"), list):
        return list(shape["retrieved"])
    output = shape.get("output")
    items = [item for item in output if isinstance(item, dict)] if isinstance(output, list) else []
    searched = [result for item in items if item.get("type") == "file_search_call" for result in item.get("results") or []]
    return searched or (list_hits(shape) if isinstance(shape.get("trace"), dict) else [])


def _list_messages(value: Any) -> list[SampleMessage]:
    if isinstance(value, str):
        return [SampleMessage(role="user", content=value)]
    return [_read_message(each) for each in value if isinstance(each, Mapping)] if isinstance(value, Iterable) else []


def _read_message(message: Mapping[str, Any]) -> SampleMessage:
    extra = {name: message[name] for name in ("tool_calls", "tool_call_id") if message.get(name)}
    return SampleMessage(role=str(message.get("role") or "user"), content=_write_content(message.get("content")), **extra)


def _write_content(content: Any) -> str | None:
    """Return the text of a content. Of other parts, such as images, only the type is shown: the item has them."""
    if isinstance(content, list):
        return "\n".join(_write_part(part) for part in content)
    return None if content is None else to_text(content)


def _write_part(part: Any) -> str:
    if isinstance(part, dict):
        return str(part["text"]) if TEXT in part else f"[{part.get('type')}]"
    return to_text(part)


def _read_usage(usage: Any) -> SampleUsage | None:
    if not isinstance(usage, Mapping):
        return None
    prompt = _read_count(usage, "prompt_tokens", "input_tokens")
    completion = _read_count(usage, "completion_tokens", "output_tokens")
    details = usage.get("prompt_tokens_details") or usage.get("input_tokens_details") or {}
    cached = _read_count(details if isinstance(details, Mapping) else {}, "cached_tokens") or _read_count(usage, "cached_tokens")
    total = prompt + completion
    return SampleUsage(total_tokens=total, completion_tokens=completion, prompt_tokens=prompt, cached_tokens=cached)


def _read_count(counts: Mapping[str, Any], *names: str) -> int:
    found = next((counts[name] for name in names if isinstance(counts.get(name), int)), 0)
    return int(found)


def _read_sampling(fields: Mapping[str, Any]) -> dict[str, Any]:
    limit = next((fields[name] for name in ("max_completion_tokens", "max_output_tokens") if name in fields), None)
    return {
        "temperature": _number_or_none(fields.get("temperature")),
        "top_p": _number_or_none(fields.get("top_p")),
        "seed": _integer_or_none(fields.get("seed")),
        "max_completion_tokens": _integer_or_none(limit),
    }


def _number_or_none(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _integer_or_none(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text_or_none(value: Any) -> str | None:
    return None if value is None else str(value)
