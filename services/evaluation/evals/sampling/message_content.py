"""The messages that a row brings, as a chat completion has them. They may be written for chat completions or for responses.

Nothing in them is read as a template: they are data.
"""

from collections.abc import Iterable
from typing import Any

from services.evaluation.datasets.distillation.chat_messages import to_messages
from shared.graders.outcome import GradingFailed
from shared.graders.template import to_text

ROLES = ("user", "assistant", "system", "developer", "tool")
CALLS = ("function_call", "function_call_output")
KEPT = ("tool_calls", "tool_call_id", "name")

Message = dict[str, Any]


def read_messages(value: Any, written: str) -> list[Message]:
    """Return the messages in a field of a row: a text is one question; an object is one message.

    Raises:
        GradingFailed: if there is no message, or one has no role. `written` names the field.
    """
    if isinstance(value, str):
        return [{"role": "user", "content": value}]
    entries = value if isinstance(value, list) else [value]
    if not entries:
        raise GradingFailed("invalid_variable_error", f"'{written}' has no messages.")
    return [message for number, entry in enumerate(entries) for message in _read_entry(entry, f"{written}[{number}]")]


def _read_entry(entry: Any, place: str) -> Iterable[Message]:
    if isinstance(entry, dict) and entry.get("type") in CALLS:
        return _read_call(entry, place)
    if not isinstance(entry, dict) or entry.get("role") not in ROLES:
        expected = f"must be a message with 'content' and a 'role' of {', '.join(ROLES)}"
        raise GradingFailed("invalid_variable_error", f"'{place}' {expected}.")
    kept = {name: entry[name] for name in KEPT if entry.get(name)}
    return [{"role": entry["role"], "content": read_content(entry.get("content")), **kept}]


def _read_call(entry: dict[str, Any], place: str) -> list[Message]:
    try:
        return to_messages([entry])
    except (KeyError, TypeError) as error:
        raise GradingFailed("invalid_variable_error", f"'{place}' is not a function call, or the output of one.") from error


def read_content(content: Any) -> str | list[dict[str, Any]] | None:
    """Return the content of a message: text if all of it is text, else parts. What is neither is written as JSON."""
    if content is None or isinstance(content, str):
        return content
    parts = [_read_part(part) for part in (content if isinstance(content, list) else [content])]
    if all(part["type"] == "text" for part in parts):
        return "\n".join(part["text"] for part in parts)
    return parts


def _read_part(part: Any) -> dict[str, Any]:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind in ("text", "input_text", "output_text") and isinstance(part.get("text"), str):
        return {"type": "text", "text": part["text"]}
    if kind == "input_image" and isinstance(part.get("image_url"), str):
        detail = {"detail": part["detail"]} if part.get("detail") else {}
        return {"type": "image_url", "image_url": {"url": part["image_url"], **detail}}
    if kind in ("image_url", "input_audio"):
        return dict(part)
    return {"type": "text", "text": to_text(part)}
