"""A message in OpenAI's chat format: its keys, its content, its name and its weight."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from shared.datasets.examples.findings import Finding, check_then, required, show, unknown_keys, untrainable, wrong, wrong_type
from shared.datasets.examples.tools import check_calls

ROLES = ("system", "developer", "user", "assistant", "tool")
FIELDS = ("role", "content", "name")
OWN_FIELDS = {"assistant": ("weight", "tool_calls", "refusal", "function_call", "audio"), "tool": ("tool_call_id",)}
NAME = re.compile(r"[^\s<|\\/>]{1,64}")
UNTRAINED_PARTS = {"image_url": "an image", "input_audio": "a recording", "file": "a file"}


def check_message(message: Any, path: str) -> Iterator[Finding]:
    """Yield the problems of a message. `path` is where in the line it is."""
    if not isinstance(message, dict):
        yield wrong_type(path, "an object with 'role' and 'content'", message)
        return
    role = message.get("role")
    if role not in ROLES:
        yield _wrong_role(message, path)
        return
    yield from _check_keys(message, path)
    yield from _check_content(message, path)
    yield from _check_name(message, path)
    if role == "assistant":
        yield from _check_weight(message, path)
        yield from check_calls(message, path)


def read_text(content: Any) -> str:
    """Return the text of a content without problems. Its parts are joined by line feeds, as the engine joins them in a request."""
    if isinstance(content, list):
        return "\n".join(part.get("text") or part.get("refusal", "") for part in content)
    return content or ""


def _wrong_role(message: dict[str, Any], path: str) -> Finding:
    listed = ", ".join(f"'{role}'" for role in ROLES)
    if "role" not in message:
        return wrong(f"{path}.role", f"is required; write one of {listed}.")
    if message["role"] == "function":
        return wrong(f"{path}.role", "must not be 'function', which OpenAI replaced; write 'tool', with 'tool_call_id'.")
    return wrong(f"{path}.role", f"must be one of {listed}; got {show(message['role'])}.")


def _check_keys(message: dict[str, Any], path: str) -> Iterator[Finding]:
    role = message["role"]
    own = OWN_FIELDS.get(role, ())
    if message.keys() <= {*FIELDS, *own}:
        return
    if "weight" in message and role != "assistant":
        yield wrong(f"{path}.weight", "is only for messages of the assistant; delete it.")
    yield from unknown_keys(message, (*FIELDS, *own, "weight"), path, f"a message with the role '{role}'")


def _check_content(message: dict[str, Any], path: str) -> Iterator[Finding]:
    content = message.get("content")
    if isinstance(content, str):
        if not content.strip() and not _may_be_blank(message):
            yield _blank(f"{path}.content")
    elif isinstance(content, list):
        yield from _check_parts(content, message, f"{path}.content")
    elif content is not None:
        yield wrong_type(f"{path}.content", "a string or a list of content parts", content)
    elif not _may_lack_content(message):
        yield wrong(f"{path}.content", f"{'must not be null' if 'content' in message else 'is required'}; write the text of the message.")


def _may_lack_content(message: dict[str, Any]) -> bool:
    return message["role"] == "assistant" and any(message.get(name) for name in ("tool_calls", "function_call", "refusal", "audio"))


def _may_be_blank(message: dict[str, Any]) -> bool:
    """Return whether the message may have no text: it has calls, or is the result of one, and a tool may return nothing."""
    return message["role"] == "tool" or _may_lack_content(message)


def _check_parts(parts: list[Any], message: dict[str, Any], path: str) -> Iterator[Finding]:
    each = (_check_part(part, message["role"], f"{path}[{position}]") for position, part in enumerate(parts))
    yield from check_then(chain.from_iterable(each), lambda: _check_text(parts, message, path))


def _check_text(parts: list[Any], message: dict[str, Any], path: str) -> Iterator[Finding]:
    if not read_text(parts).strip() and not _may_be_blank(message):
        yield _blank(path)


def _check_part(part: Any, role: str, path: str) -> Iterator[Finding]:
    if not isinstance(part, dict):
        yield wrong_type(path, 'an object, such as {"type": "text", "text": "…"}', part)
        return
    kind = part.get("type")
    if isinstance(kind, str) and kind in UNTRAINED_PARTS:
        yield untrainable(path, f"is {UNTRAINED_PARTS[kind]}; only text can be trained here. Delete the part.")
        return
    if kind != "text" and not (kind == "refusal" and role == "assistant"):
        yield wrong(f"{path}.type", f"must be 'text'; got {show(kind)}.")
        return
    yield from required(part, kind, path, "write the text of the part")
    if kind in part and not isinstance(part[kind], str):
        yield wrong_type(f"{path}.{kind}", "a string", part[kind])
    yield from unknown_keys(part, ("type", kind), path, f"a part of the type '{kind}'")


def _check_name(message: dict[str, Any], path: str) -> Iterator[Finding]:
    name = message.get("name")
    if name is None:
        return
    if not isinstance(name, str):
        yield wrong_type(f"{path}.name", "a string", name)
    elif not NAME.fullmatch(name):
        yield wrong(f"{path}.name", f"must have 1 to 64 characters, without spaces and < | \\ / >; got {show(name)}.")


def _check_weight(message: dict[str, Any], path: str) -> Iterator[Finding]:
    weight = message.get("weight")
    if weight is not None and (isinstance(weight, bool | str | list | dict) or weight not in (0, 1)):
        yield wrong(f"{path}.weight", f"must be 0 or 1; got {show(weight)}.")


def _blank(path: str) -> Finding:
    return wrong(path, "must not be blank; write the text, or delete the message.")
