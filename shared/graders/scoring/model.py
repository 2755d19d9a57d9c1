"""Graders that are models: one that gives a score, one that chooses a label. Their output is constrained to steps and a result.

The output has OpenAI's form: `{"steps": [{"description", "conclusion"}], "result"}`. What does not parse, or is out of range, is an error.
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from shared.contracts.graders import AudioPart, GraderMessage, ImagePart, LabelModelGrader, ScoreModelGrader, TextPart
from shared.errors import TandemError
from shared.graders.outcome import ChatModels, Completion, GraderModels, GradingFailed, ModelCall, Usage
from shared.graders.template import Scope, render

MAX_TOKENS = 1024
MAX_STEPS = 6
STEP_CHARS = 300  # small models repeat themselves in a string until the tokens end
SHOWN = 120


async def ask_for_score(grader: ScoreModelGrader, scope: Scope, models: GraderModels) -> tuple[float, ModelCall]:
    """Return the model's score, which is within the grader's range.

    Raises:
        GradingFailed: if the model cannot be called, or its output is no score within the range.
    """
    low, high = grader.limits
    schema = {"type": "number", "minimum": low, "maximum": high}
    call = await _ask(grader, f"a number from {low:g} to {high:g}", schema, scope, models)
    result = _read_result(call)
    if isinstance(result, bool) or not isinstance(result, int | float) or not math.isfinite(result):
        raise _unparseable(call, "has no number as its 'result'")
    if not low <= result <= high:
        raise _unparseable(call, f"has the 'result' {result:g}, which is not between {low:g} and {high:g}")
    return float(result), call


async def ask_for_label(grader: LabelModelGrader, scope: Scope, models: GraderModels) -> tuple[str, ModelCall]:
    """Return the model's label, which is one of the grader's.

    Raises:
        GradingFailed: if the model cannot be called, or its output is none of the labels.
    """
    listed = ", ".join(json.dumps(label, ensure_ascii=False) for label in grader.labels)
    call = await _ask(grader, f"one of these labels: {listed}", {"type": "string", "enum": grader.labels}, scope, models)
    result = _read_result(call)
    if not isinstance(result, str) or result not in grader.labels:
        raise _unparseable(call, "has none of the labels as its 'result'")
    return result, call


async def _ask(
    grader: ScoreModelGrader | LabelModelGrader, wanted: str, schema: Mapping[str, Any], scope: Scope, models: GraderModels
) -> ModelCall:
    if models.chat is None:
        raise GradingFailed("model_grader_server_error", f"The model '{grader.model}' cannot be called here.")
    request = write_request(grader, wanted, schema, scope)
    completion = await _complete(models.chat, request, grader.model)
    usage = Usage(completion.prompt_tokens, completion.completion_tokens)
    return ModelCall(grader.model, request["messages"], completion.text, usage)


def write_request(grader: ScoreModelGrader | LabelModelGrader, wanted: str, schema: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    """Return the body of the chat completion request, with the messages rendered and the output constrained.

    Raises:
        GradingFailed: if a template names what is not there.
    """
    step = {
        "type": "object",
        "properties": {name: {"type": "string", "maxLength": STEP_CHARS} for name in ("description", "conclusion")},
        "required": ["description", "conclusion"],
        "additionalProperties": False,
    }
    answer = {
        "type": "object",
        "properties": {"steps": {"type": "array", "items": step, "maxItems": MAX_STEPS}, "result": schema},
        "required": ["steps", "result"],
        "additionalProperties": False,
    }
    return {
        "model": grader.model,
        "messages": _instruct([write_message(message, scope) for message in grader.input], wanted),
        "response_format": {"type": "json_schema", "json_schema": {"name": "grade", "strict": True, "schema": answer}},
        **_sampling(grader),
    }


def _sampling(grader: ScoreModelGrader | LabelModelGrader) -> dict[str, Any]:
    fields = grader.sampling_params.model_dump(exclude_none=True) if grader.sampling_params else {}
    limit = fields.pop("max_completions_tokens", MAX_TOKENS)
    return {"temperature": 0, **fields, "max_completion_tokens": limit}


def _instruct(messages: Sequence[dict[str, Any]], wanted: str) -> list[dict[str, Any]]:
    """Return the messages with the form of the output in the first one if it is an instruction, else in one before it."""
    form = f'Answer as JSON: first "steps", each with a "description" and a "conclusion", then "result": {wanted}.'
    first = messages[0]
    if first["role"] != "system" or not isinstance(first["content"], str):
        return [{"role": "system", "content": form}, *messages]
    return [{**first, "content": f"{first['content']}\n\n{form}"}, *messages[1:]]


def write_message(message: GraderMessage, scope: Scope) -> dict[str, Any]:
    """Return a message as a chat completion has it, with its templates rendered.

    Raises:
        GradingFailed: if a template names what is not there.
    """
    parts = [_write_part(part, scope) for part in message.parts]
    role = "system" if message.role == "developer" else message.role  # the templates of open models know no developer
    if all(part["type"] == "text" for part in parts):
        return {"role": role, "content": "\n".join(part["text"] for part in parts)}
    return {"role": role, "content": parts}


def _write_part(part: str | TextPart | ImagePart | AudioPart, scope: Scope) -> dict[str, Any]:
    if isinstance(part, str):
        return {"type": "text", "text": render(part, scope)}
    if isinstance(part, TextPart):
        return {"type": "text", "text": render(part.text, scope)}
    if isinstance(part, AudioPart):
        return {"type": "input_audio", "input_audio": {"data": render(part.input_audio.data, scope), "format": part.input_audio.format}}
    detail = {"detail": part.detail} if part.detail else {}
    return {"type": "image_url", "image_url": {"url": render(part.image_url, scope), **detail}}


async def _complete(chat: ChatModels, request: dict[str, Any], model: str) -> Completion:
    try:
        return await chat.complete_chat(request)
    except TandemError as error:
        message = f"The model '{model}' could not be called: {error.message}"
        raise GradingFailed("model_grader_server_error", message, code=error.code) from error


def _read_result(call: ModelCall) -> Any:
    try:
        answer = json.loads(call.output)
    except (ValueError, RecursionError) as error:
        raise _unparseable(call, "is not valid JSON") from error
    if not isinstance(answer, dict) or "result" not in answer:
        raise _unparseable(call, "has no 'result'")
    return answer["result"]


def _unparseable(call: ModelCall, problem: str) -> GradingFailed:
    shown = call.output if len(call.output) <= SHOWN else f"{call.output[:SHOWN]}…"
    return GradingFailed("model_grader_parse_error", f"The output of the model '{call.model}' {problem}: {shown!r}.", (call,))
