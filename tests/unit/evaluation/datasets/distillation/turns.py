"""Stored responses and specs for tests."""

from typing import Any

from services.evaluation.datasets.distillation.read_responses import StoredTurn
from shared.contracts.datasets import AnswersSpec

CHUNK = {"title": "Manual", "heading_path": ["Manual", "Weights"], "page": None}


def make_spec(**changes: Any) -> AnswersSpec:
    """Return the spec of a dataset from stored responses; `responses` are its filter and options."""
    return AnswersSpec.model_validate({"responses": {}, **changes})


def say(text: str, role: str = "user") -> dict[str, Any]:
    """Return a message as an item."""
    kind = "output_text" if role == "assistant" else "input_text"
    return {"type": "message", "role": role, "content": [{"type": kind, "text": text}]}


def search(*texts: str) -> dict[str, Any]:
    """Return a file search that found texts."""
    return {"type": "file_search_call", "queries": ["q"], "results": [{"text": text, "chunk": CHUNK} for text in texts]}


def make_turn(
    input: str | list[Any], output: str | list[Any], *, id: str = "resp_1", after: str | None = None, status: str = "completed", **body: Any
) -> StoredTurn:
    """Return a stored response; a string is the text of the user's or the assistant's message."""
    items = [say(input)] if isinstance(input, str) else input
    written = [say(output, "assistant")] if isinstance(output, str) else output
    return StoredTurn(id, after, status, items, {"id": id, "model": "tiny", "output": written, "tools": [], "tool_choice": "auto", **body})
