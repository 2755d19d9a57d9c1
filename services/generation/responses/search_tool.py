"""File search as a function that the model may call: its schema, its calls and their results, and which models get it.

An engine that does not parse tool calls rejects requests whose tools the model may choose from. The policy learns that from the first
such error and tries again after a while, in case the engine was restarted with a parser. Knows nothing of how vector stores are searched.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.generation.contracts.responses.response import ResponseCreate
from services.generation.contracts.responses.tools import FILE_SEARCH
from shared.errors import TandemError

NO_PARSER = "--tool-call-parser"  # vLLM's error names this option
RETRY_SECONDS = 600.0
MAX_REMEMBERED = 10_000
MAX_QUERIES = 4
NO_RESULTS = "Nothing was found."
QUERIES = {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": MAX_QUERIES}
FUNCTION = {
    "type": "function",
    "function": {
        "name": FILE_SEARCH,
        "description": "Search the documents for passages that the answer can be based on. A query is a question or a few key words.",
        "parameters": {"type": "object", "properties": {"queries": QUERIES}, "required": ["queries"]},
    },
}


@dataclass(frozen=True)
class SearchCall:
    """A search that the model asks for; `arguments` is JSON as far as the model has written it."""

    id: str
    arguments: str = ""


class SearchToolPolicy:
    """Decides which models get the search as a tool. If not `enabled`, no model does: the vector stores are always searched first."""

    def __init__(self, enabled: bool) -> None:
        self._enabled = enabled
        self._without_parser: dict[str, float] = {}

    def is_offered(self, request: ResponseCreate) -> bool:
        """Return whether the model decides about the search. It does not if it must answer from documents (`on_empty: abstain`)."""
        if request.search is None or request.is_search_forced or request.search.on_empty == "abstain" or not self._enabled:
            return False
        return request.mode == "required" or self._without_parser.get(request.model, 0.0) < time.monotonic()

    def remember_rejection(self, request: ResponseCreate, error: TandemError) -> bool:
        """Return whether `error` means that the engine parses no tool calls; if so, the model gets no search tool for a while."""
        if request.mode == "required" or error.status != 400 or NO_PARSER not in error.message:
            return False
        if len(self._without_parser) >= MAX_REMEMBERED:
            self._without_parser.clear()
        self._without_parser[request.model] = time.monotonic() + RETRY_SECONDS
        return True


def add_search_tool(fields: Mapping[str, Any], request: ResponseCreate) -> dict[str, Any]:
    """Return the engine's call with the search among its tools."""
    tools = [*fields.get("tools", ()), FUNCTION]
    return {**fields, "tools": tools, "tool_choice": request.mode, "parallel_tool_calls": request.parallel_tool_calls}


def parse_queries(call: SearchCall, default: str) -> list[str]:
    """Return the queries of a call, or `default` if its arguments have none."""
    try:
        value = json.loads(call.arguments)["queries"]
    except (ValueError, KeyError, TypeError):
        return [default]
    listed = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    queries = [query for query in listed if isinstance(query, str) and query.strip()]
    return queries[:MAX_QUERIES] or [default]


def assistant_message(text: str, calls: Sequence[SearchCall]) -> dict[str, Any]:
    """Return the model's message with its calls, for the next request to the engine."""
    functions = [
        {"id": call.id, "type": "function", "function": {"name": FILE_SEARCH, "arguments": call.arguments or "{}"}} for call in calls
    ]
    return {"role": "assistant", "content": text or None, "tool_calls": functions}


def tool_message(call: SearchCall, passages: str) -> dict[str, Any]:
    """Return the message with the passages that a call found."""
    return {"role": "tool", "tool_call_id": call.id, "content": passages or NO_RESULTS}
