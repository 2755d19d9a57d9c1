"""Which stored answers a run evaluates: the filters of its source, together with those of its eval."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.contracts.evals.data_sources import Responses, StoredCompletions


@dataclass(frozen=True)
class AnswerFilter:
    """Filters that a database can apply. Both times are inclusive. An answer must have all entries of `metadata`."""

    metadata: Mapping[str, str]
    created_before: int
    created_after: int | None = None
    model: str | None = None


def combine_filters(source: StoredCompletions | Responses, config_metadata: Mapping[str, str], now: int) -> AnswerFilter | None:
    """Return the filter for answers until `now`; None if the metadata of source and eval contradict each other, so that nothing matches."""
    own = source.metadata or {}
    if any(own.get(key, value) != value for key, value in config_metadata.items()):
        return None
    last = now if source.created_before is None else min(now, source.created_before)
    return AnswerFilter({**config_metadata, **own}, last, source.created_after, source.model)


def matches_body(source: Responses, body: Mapping[str, Any]) -> bool:
    """Return whether a response meets the conditions that only its body shows."""
    expected = {name: getattr(source, name) for name in ("temperature", "top_p")}
    expected["reasoning_effort"] = source.reasoning_effort
    found = {"temperature": body.get("temperature"), "top_p": body.get("top_p"), "reasoning_effort": _read_effort(body)}
    if any(value is not None and found[name] != value for name, value in expected.items()):
        return False
    searched = source.instructions_search
    if searched is not None and searched.casefold() not in str(body.get("instructions") or "").casefold():
        return False
    if source.users and body.get("user") not in source.users:
        return False
    return set(source.tools or ()) <= _list_tools(body)


def _read_effort(body: Mapping[str, Any]) -> Any:
    return (body.get("reasoning") or {}).get("effort")


def _list_tools(body: Mapping[str, Any]) -> set[str]:
    """Return the names of the functions that were offered, and the types of all tools."""
    tools = body.get("tools") or []
    return {str(tool[name]) for tool in tools for name in ("name", "type") if tool.get(name)}
