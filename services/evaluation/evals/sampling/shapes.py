"""An answer in the one shape that `shared.graders.sample` reads, whichever API it came from.

A chat completion has its text in `choices`, a response in the items of `output`, and a row of data may have only some fields, such as
`output_text`. In the shape, all of them have `output_text`, `output_tools` (calls as a chat has them), `choices`, `output` and
`finish_reason`. Other fields stay as they are.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.graders.sample import read_sample

Shape = dict[str, Any]
FINISHED = {"completed": "stop", "incomplete": "length"}
LOOSE_TEXT = ("output_text", "output_json")


def read_shape(value: Mapping[str, Any]) -> Shape:
    """Return an answer in the shape of the graders."""
    if _is_response(value):
        return _read_response(value)
    sample = read_sample(value)
    message = _write_message(sample.output_text, sample.output_tools)
    shape = {**value, "output_text": sample.output_text, "output_tools": list(sample.output_tools)}
    if not _list_dicts(value.get("choices")):
        shape["choices"] = [{"index": 0, "message": message, "finish_reason": value.get("finish_reason")}]
    shape.setdefault("finish_reason", shape["choices"][0].get("finish_reason"))
    shape.setdefault("output", [message])
    return shape


def _is_response(value: Mapping[str, Any]) -> bool:
    """Return whether the answer is in `output`: that of a response, or the messages of an output item."""
    has_text = any(value.get(name) is not None for name in LOOSE_TEXT) or bool(_list_dicts(value.get("choices")))
    return bool(_list_dicts(value.get("output"))) and (value.get("object") == "response" or not has_text)


def _read_response(value: Mapping[str, Any]) -> Shape:
    items = _list_dicts(value["output"])
    text = "".join(_read_text(item.get("content")) for item in items if item.get("role") == "assistant" or item.get("type") == "message")
    calls = [call for item in items for call in _read_calls(item)]
    finish = value.get("finish_reason") or ("tool_calls" if calls else FINISHED.get(str(value.get("status"))))
    choice = {"index": 0, "message": _write_message(text, calls), "finish_reason": finish}
    return {**value, "output_text": text, "output_tools": calls, "choices": [choice], "finish_reason": finish}


def _read_text(content: Any) -> str:
    if isinstance(content, list):
        return "".join(str(part.get("text", part.get("refusal", ""))) for part in _list_dicts(content))
    return content if isinstance(content, str) else ""


def _read_calls(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    if item.get("type") == "function_call":
        function = {"name": item.get("name"), "arguments": item.get("arguments")}
        return [{"id": item.get("call_id"), "type": "function", "function": function}]
    return _list_dicts(item.get("tool_calls"))


def _write_message(text: str, calls: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the message of the answer. With calls only, it has no content."""
    if not calls:
        return {"role": "assistant", "content": text}
    return {"role": "assistant", "content": text or None, "tool_calls": list(calls)}


def _list_dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
