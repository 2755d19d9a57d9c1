"""A streamed chat completion put together again, as the same request would have been answered without `stream`.

Knows nothing of events or records.
"""

from collections.abc import Mapping
from typing import Any

OWN_FIELDS = ("id", "object", "created", "choices")
LIST_FIELDS = ("content", "refusal")  # of log probabilities


class StreamedCompletion:
    """A completion that grows with the chunks of its stream. Not complete as long as it has no choices."""

    def __init__(self) -> None:
        self._fields: dict[str, Any] = {}
        self._choices: dict[int, StreamedChoice] = {}
        self._is_broken = False

    def add(self, chunk: Any) -> None:
        """Add the data of an event. After an error, or data that is no chunk, the completion stays incomplete."""
        if not isinstance(chunk, dict) or chunk.get("error"):
            self._is_broken = True
            return
        self._fields |= {name: value for name, value in chunk.items() if name not in OWN_FIELDS and value is not None}
        for choice in chunk.get("choices") or ():
            self._choices.setdefault(choice.get("index", 0), StreamedChoice()).add(choice)

    @property
    def is_complete(self) -> bool:
        """Whether there is an answer, and no error."""
        return bool(self._choices) and not self._is_broken

    def fields(self) -> dict[str, Any]:
        """Return the completion without its id and time."""
        choices = [{"index": index, **choice.fields()} for index, choice in sorted(self._choices.items())]
        return {"object": "chat.completion", **self._fields, "choices": choices}


class StreamedChoice:
    """One of the answers. Texts are kept in pieces, which are joined once."""

    def __init__(self) -> None:
        self._texts: dict[str, list[str]] = {}
        self._message: dict[str, Any] = {"role": "assistant", "content": None, "refusal": None}
        self._calls: dict[int, dict[str, Any]] = {}
        self._logprobs: dict[str, list[Any]] = {}
        self._fields: dict[str, Any] = {"finish_reason": None}

    def add(self, choice: Mapping[str, Any]) -> None:
        """Add what a chunk has of this choice."""
        for name, value in (choice.get("delta") or {}).items():
            self._add_to_message(name, value)
        for name, tokens in (choice.get("logprobs") or {}).items():
            self._logprobs.setdefault(name, []).extend(tokens or ())
        rest = {name: value for name, value in choice.items() if name not in ("index", "delta", "logprobs") and value is not None}
        self._fields |= rest

    def fields(self) -> dict[str, Any]:
        """Return the choice without its index."""
        message = {**self._message, **{name: "".join(texts) for name, texts in self._texts.items()}}
        if self._calls:
            message |= {"content": message["content"] or None, "tool_calls": [call for _, call in sorted(self._calls.items())]}
        logprobs = {name: self._logprobs.get(name) or None for name in LIST_FIELDS} if self._logprobs else None
        return {"message": message, "logprobs": logprobs, **self._fields}

    def _add_to_message(self, name: str, value: Any) -> None:
        if name == "tool_calls":
            for number, piece in enumerate(value or ()):
                self._add_call(piece.get("index", number), piece)
        elif isinstance(value, str) and name != "role":
            self._texts.setdefault(name, []).append(value)
        elif value is not None:
            self._message[name] = value

    def _add_call(self, index: int, piece: Mapping[str, Any]) -> None:
        call = self._calls.setdefault(index, {"id": None, "type": "function", "function": {"name": None, "arguments": ""}})
        call |= {name: value for name, value in piece.items() if name not in ("index", "function") and value is not None}
        function = piece.get("function") or {}
        call["function"]["name"] = function.get("name") or call["function"]["name"]
        call["function"]["arguments"] += function.get("arguments") or ""
