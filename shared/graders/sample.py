"""The answer that is graded, as templates see it: `sample.output_text`, `sample.output_json`, `sample.output_tools`, `sample.choices`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.graders.outcome import GradingFailed
from shared.validation.json_problems import explain

FIELDS = (
    "output_text", "output_json", "output_tools", "choices", "model", "usage", "finish_reason", "input", "output", "retrieved",
    "id", "object",
)  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """An answer: its text, its tool calls, and the fields of the completion that it came in, as OpenAI's API has them."""

    output_text: str = ""
    output_tools: Sequence[Mapping[str, Any]] = ()
    completion: Mapping[str, Any] = field(default_factory=dict)

    def read(self, name: str) -> Any:
        """Return a field.

        Raises:
            KeyError: if the answer does not have it.
            GradingFailed: if `output_json` is read and the text is not JSON.
        """
        if name == "output_text":
            return self.output_text
        if name == "output_json":
            return parse_json(self.output_text)
        if name == "output_tools":
            return list(self.output_tools)
        return self.completion[name]

    def to_dict(self) -> dict[str, Any]:
        """Return the whole answer as `{{sample}}` shows it."""
        return {**self.completion, "output_text": self.output_text, "output_tools": list(self.output_tools)}


def read_sample(value: Mapping[str, Any]) -> Sample:
    """Return the sample of a chat completion, or of an object that already has `output_text`, such as a row of OpenAI's evals."""
    choices = value.get("choices")
    first = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], Mapping) else {}
    sent = first.get("message")
    message: Mapping[str, Any] = sent if isinstance(sent, Mapping) else {}
    text, tools = value.get("output_text", message.get("content")), value.get("output_tools", message.get("tool_calls"))
    known = {name: each for name, each in value.items() if name not in ("output_text", "output_tools", "output_json")}
    if "finish_reason" in first:
        known.setdefault("finish_reason", first["finish_reason"])
    return Sample(_to_text(text, value.get("output_json")), tuple(tools) if isinstance(tools, list) else (), known)


def _to_text(text: Any, parsed: Any) -> str:
    """Return the text of a message, whose content may be parts; without any, the JSON that the row has instead."""
    if isinstance(text, list):
        return "".join(str(part.get("text", "")) for part in text if isinstance(part, Mapping))
    if text is None:
        return "" if parsed is None else json.dumps(parsed, ensure_ascii=False)
    return str(text)


def parse_json(text: str) -> Any:
    """Return the answer as JSON; NaN and Infinity are not JSON.

    Raises:
        GradingFailed: if it is not JSON.
    """
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        if isinstance(error, json.JSONDecodeError):
            reason = f"{explain(error)} (line {error.lineno}, column {error.colno})"
        raise GradingFailed("sample_parse_error", f"The answer is not valid JSON: {reason}.") from error


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not allowed")
