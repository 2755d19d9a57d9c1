"""File search as a function that the model may call: what it is told of it, its calls, and which models cannot make any.

An engine that does not look for calls in what its model says refuses tools that the model may choose. That is learned from its first
refusal, and tried again after a while, in case it was started anew. Knows nothing of how the stores are searched.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.contracts.responses import SEARCH, ResponseCreate
from shared.errors import TandemError

REFUSAL = "--tool-call-parser"  # what vLLM's refusals of tools name
REFUSED_SECONDS = 600.0
MOST_REFUSED = 10_000
MOST_QUERIES = 4
NOTHING = "Nothing was found."
QUERIES = {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": MOST_QUERIES}
FUNCTION = {
    "type": "function",
    "function": {
        "name": SEARCH,
        "description": "Search the documents for passages that the answer can rest on. A query is a question or a few key words.",
        "parameters": {"type": "object", "properties": {"queries": QUERIES}, "required": ["queries"]},
    },
}


@dataclass
class Call:
    """A search that the model asked for; `arguments` is the JSON it wrote, as far as it came."""

    id: str
    arguments: str = ""


class Offers:
    """Which models file search is offered to. `enabled` is False where the stores are always searched instead."""

    def __init__(self, enabled: bool) -> None:
        self._enabled = enabled
        self._refused: dict[str, float] = {}

    def suits(self, asked: ResponseCreate) -> bool:
        """Tell whether the model decides on the search that was asked for; not where it must rest on documents (`on_empty: abstain`)."""
        if asked.search is None or asked.is_search_forced or asked.search.on_empty == "abstain" or not self._enabled:
            return False
        return asked.mode == "required" or self._refused.get(asked.model, 0.0) < time.monotonic()

    def is_refused(self, asked: ResponseCreate, error: TandemError) -> bool:
        """Tell whether the engine's `error` means that the model cannot be offered anything; then remember it."""
        if asked.mode == "required" or error.status != 400 or REFUSAL not in error.message:
            return False
        if len(self._refused) >= MOST_REFUSED:
            self._refused.clear()
        self._refused[asked.model] = time.monotonic() + REFUSED_SECONDS
        return True


def offered(fields: Mapping[str, Any], asked: ResponseCreate) -> dict[str, Any]:
    """Return the engine's call with the search among its tools."""
    tools = [*fields.get("tools", ()), FUNCTION]
    return {**fields, "tools": tools, "tool_choice": asked.mode, "parallel_tool_calls": asked.parallel_tool_calls}


def queries_of(call: Call, otherwise: str) -> list[str]:
    """Return what the call asks to search for; `otherwise` where it says nothing that can be read."""
    try:
        written = json.loads(call.arguments)["queries"]
    except (ValueError, KeyError, TypeError):
        return [otherwise]
    listed = [written] if isinstance(written, str) else written if isinstance(written, list) else []
    queries = [query for query in listed if isinstance(query, str) and query.strip()]
    return queries[:MOST_QUERIES] or [otherwise]


def called(said: str, calls: Sequence[Call]) -> dict[str, Any]:
    """Return the model's message that made `calls`, as it is told to it again."""
    made = [{"id": call.id, "type": "function", "function": {"name": SEARCH, "arguments": call.arguments or "{}"}} for call in calls]
    return {"role": "assistant", "content": said or None, "tool_calls": made}


def returned(call: Call, passages: str) -> dict[str, Any]:
    """Return the message that tells the model what the search found."""
    return {"role": "tool", "tool_call_id": call.id, "content": passages or NOTHING}
