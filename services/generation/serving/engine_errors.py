"""Turns the engine's refusals into Tandem's errors, in plain words.

vLLM writes what pydantic says about each form that a field may have, with the names of its classes. What is known about the value is in
the body, so the shared wording of validation errors can describe it. About a schema or grammar for the answer, vLLM says what is wrong,
but not in which field; if it can be read but not compiled, it only says that there was an internal error. All other messages of vLLM
stay as they are.
"""

import ast
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from shared.errors import ContextTooLong, InvalidRequest, TandemError, Unavailable
from shared.http.errors import ERROR_BY_STATUS
from shared.validation.json_schema import find_contradiction, find_schema_problem
from shared.validation.locate import BODY, Problem, find_path, write_path
from shared.validation.schema import Path
from shared.validation.translate import to_invalid_request
from shared.validation.wording import JSON_TYPES, LIMITS, SIZES

ENGINE_ENDED = "EngineCore encountered an issue"  # in vLLM's response if the process of its engine has ended, before it ends itself
STOPPED = "The engine stopped while it worked on this request. Try again."
CUT_OFF = "The engine ended this request before the answer was complete, because it is stopping or has no room left. Try again."
CONTEXT_TOO_LONG = "maximum context length"  # in vLLM's refusal
CONSTRAINTS = ("response_format", "structured_outputs")  # the fields that set the form of an answer
FREE_CHOICES = (None, "auto", "none")
NO_PARSER = "--tool-call-parser"  # the option that vLLM lacks, in its refusal
WITHOUT_PARSER = (
    "The engine does not parse tool calls, so 'tool_choice' must be 'none'. To enable them, set TANDEM_ENGINE_TOOL_CALL_PARSER, "
    f"or start the engine with --enable-auto-tool-choice and {NO_PARSER}, followed by the parser for its model."
)
TOOLS = "tools"
NOT_VALID = "is not valid."
EXPLAINED_BYTES = 4 * 1024  # of a body: to check longer schemas would keep the event loop busy
SERVER_ERROR = 500
NOT_COMPILED = "Internal server error"
ABOUT_CONSTRAINT = re.compile(r"\b(?:grammar|json schema|structured.outputs?|structural.tag|choice)\b", re.IGNORECASE)
CONSTRAINT_PREFIX = re.compile(r"^(?:Grammar error|Invalid grammar specification): ")
PROMPT_SIZE = "input_tokens"  # vLLM's `param` for a prompt that is too long
VALIDATION = re.compile(r"\d+ validation errors?:\n")
ITERATED = re.compile(r"\d+ validation errors? for \w+\n")  # of a list that vLLM reads late, such as the parts of a message
REPEATED_PARAM = re.compile(r" \(parameter=\w+(, value=.*)?\)$", re.DOTALL)
SUBJECT = re.compile(r"`?(\w+)`? ")
TOO_MANY_LOGPROBS = re.compile(r"Requested (?P<kind>sample|prompt) logprobs of \d+, which is greater than max allowed: (?P<most>\d+)")
TEMPLATE_OPTIONS = "chat_template_kwargs"
PYTHON = re.compile(r"'\w+' object |unsupported operand|can only concatenate|argument of type|'[<>]=?' not supported")  # Python's own words
TOO_LARGE = "integer_above_max_value"
INVALID = "invalid_value"
# vLLM's messages in Python's words, or without the right field: what they mean, the field (the first that was sent), and the code.
KNOWN: Sequence[tuple[str, str, tuple[str, ...], str]] = (
    (r"^n must be 1 when using greedy sampling, got (\d+)", "'n' must be 1 if 'temperature' is 0; got {0}.", ("n",), TOO_LARGE),
    (r"^(?:n|beam_width) must be at most (\d+), got (\d+)", "'n' must be at most {0}; got {1}.", ("n",), TOO_LARGE),
    (
        r"^min_tokens must be less than or equal to max_tokens=(\d+), got (\d+)",
        "'min_tokens' must be at most {0}, the most tokens that the answer may have; got {1}.", ("min_tokens",), TOO_LARGE,
    ),
    (r"^allowed_token_ids contains out-of-vocab", "'{param}' has a token that the model does not have.", ("allowed_token_ids",), INVALID),
    (r"^Stream options can only be defined", "'stream_options' requires 'stream' to be true.", ("stream_options",), INVALID),
    (r"^`prompt_logprobs` are not available", "'prompt_logprobs' requires 'stream' to be false.", ("prompt_logprobs",), INVALID),
    (
        r"trust-request-chat-template", "'{param}' must not have a template: the engine uses that of its model.",
        ("chat_template", TEMPLATE_OPTIONS), INVALID,
    ),
    (
        r"continue_final_message.*add_generation_prompt", "'continue_final_message' requires 'add_generation_prompt' to be false.",
        ("continue_final_message",), INVALID,
    ),
    (
        r"^thinking_token_budget is set but", "'{param}' is not supported: the engine is not configured for reasoning.",
        ("thinking_token_budget",), INVALID,
    ),
    (r"^The decoder prompt cannot be empty", "'{param}' must make a prompt of at least one token.", ("prompt", "messages"), INVALID),
    (r"got multiple values for (?:keyword )?argument '(\w+)'", "'{param}' must not have '{0}'.", (TEMPLATE_OPTIONS,), INVALID),
)  # fmt: skip
WORDED = {*JSON_TYPES, *LIMITS, *SIZES, "missing", "literal_error", "extra_forbidden"}


def read_error(error: Any, status: int, body: bytes) -> TandemError:
    """Return what the `error` in a refusal describes. `body` is what the engine refused.

    vLLM writes OpenAI's envelope with its own types, and the status as `code`.

    Raises:
        LookupError, TypeError, AttributeError: if `error` has another shape.
    """
    message, param, code = str(error["message"]), error.get("param"), error.get("code")
    if NO_PARSER in message:
        return InvalidRequest(WITHOUT_PARSER, param="tool_choice")
    if (field := _constraint(body)) and (problem := _constraint_problem(field, status, message)):
        return _find_function(problem, body) if field == TOOLS and status < SERVER_ERROR else InvalidRequest(problem, param=field)
    if status < SERVER_ERROR and (known := _read_known(message, _parse(body))):
        return known
    message, param, own_code = reword(message, param, body)
    return make_error(status, message, param, code if isinstance(code, str) else own_code)


def read_event_error(error: Any, body: bytes) -> TandemError:
    """Return what the `error` in an event of a stream describes. `body` is what the engine refused. The status is in `code`."""
    fields = error if isinstance(error, dict) else {}
    code = fields.get("code")
    status = code if isinstance(code, int) and 400 <= code < 600 else 500
    param = fields.get("param")
    described = {"message": fields.get("message") or error, "param": param if isinstance(param, str) else None, "code": code}
    return read_error(described, status, body)


def make_error(status: int, message: str, param: str | None = None, code: str | None = None) -> TandemError:
    """Return the error that the engine's status means."""
    if ENGINE_ENDED in message:
        return Unavailable(STOPPED)
    if status == 400 and CONTEXT_TOO_LONG in message:
        return ContextTooLong(message, param=param, code=code)
    if status in ERROR_BY_STATUS:
        return ERROR_BY_STATUS[status](message, param=param, code=code)
    return (InvalidRequest if status < 500 else TandemError)(message, param=param, code=code, status=status)


def reword(message: str, param: str | None, body: bytes) -> tuple[str, str | None, str | None]:
    """Return a refusal's message, the field that it is about, and its code if it is known. `body` is what the engine refused."""
    if VALIDATION.match(message):
        return _reword_validation(message, param, _parse(body))
    if ITERATED.match(message):
        return "A part of a message's 'content' is not valid: its 'type' is unknown, or a field of that type is missing.", "messages", None
    fields = _parse(body)
    subject = SUBJECT.match(message)
    named = subject[1] if param is None and subject and subject[1] in fields else None
    return REPEATED_PARAM.sub("", message), named or _written_param(param, fields), None


def _constraint(body: bytes) -> str | None:
    """Return the field with the schema or grammar that the answer must match.

    It is `tools` if the model must call a function, or may call one whose arguments must match its schema (`strict`).
    """
    fields = _parse(body)
    has_functions = bool(fields.get("tools")) and (fields.get("tool_choice") not in FREE_CHOICES or b'"strict"' in body)
    return next((name for name in CONSTRAINTS if fields.get(name)), TOOLS if has_functions else None)


def _find_function(problem: str, body: bytes) -> InvalidRequest:
    """Return the error at the parameters that are not valid, if they can be found. `problem` is what is known of them.

    They are checked only if the engine gave no reason: it may refuse what JSON Schema allows, and the other way around.
    """
    is_unexplained, is_short = problem.endswith(NOT_VALID), len(body) <= EXPLAINED_BYTES
    schemas = {f"tools[{number}].function.parameters": schema for number, schema in _called_schemas(_parse(body))}
    for param, schema in schemas.items() if is_unexplained else ():
        if reason := find_contradiction(schema) or (find_schema_problem(schema) if is_short and isinstance(schema, dict) else None):
            return InvalidRequest(f"'{param}' {reason}.", param=param)
    if len(schemas) != 1:
        return InvalidRequest(problem, param=TOOLS)
    [param] = schemas
    return InvalidRequest(problem.replace("The schema or grammar in 'tools'", f"The schema in '{param}'"), param=param)


def _called_schemas(fields: dict[str, Any]) -> Iterator[tuple[int, Any]]:
    """Yield the parameters that a call must match, each with the number of its tool."""
    choice = fields.get("tool_choice")
    named = choice["function"]["name"] if isinstance(choice, dict) else None
    for number, tool in enumerate(fields["tools"]):
        function = tool["function"]
        if function["name"] == named if named else choice == "required" or function.get("strict"):
            yield number, function.get("parameters")


def _constraint_problem(field: str, status: int, message: str) -> str | None:
    """Return what is wrong with the schema or grammar in `field`; None if the refusal is not about it."""
    if status == 500 and message == NOT_COMPILED:
        return f"The engine cannot compile the schema or grammar in '{field}'. Check that no rule and no '$ref' refers only to itself."
    if status != 400 or VALIDATION.match(message) or not ABOUT_CONSTRAINT.search(message):
        return None
    first, *rest = CONSTRAINT_PREFIX.sub("", REPEATED_PARAM.sub("", message)).partition(": {")[0].splitlines()
    cause = next((line for line in rest if line.startswith("error: ")), "").removeprefix("error:")
    detail = f"{first[:1].upper()}{first[1:]}{cause}".rstrip(".: ")
    reason = f" {detail}." if " " in detail else ""  # one word is the name of a key that vLLM did not find
    return f"The schema or grammar in '{field}' {NOT_VALID}{reason}"


def _read_known(message: str, fields: dict[str, Any]) -> InvalidRequest | None:
    """Return the error that a message of vLLM means which does not name its field, or another one; None for any other message."""
    if found := TOO_MANY_LOGPROBS.match(message):
        return _too_many_logprobs(found["kind"], int(found["most"]), fields)
    for pattern, written, candidates, code in KNOWN:
        if found := re.search(pattern, message):
            param = next((name for name in candidates if fields.get(name) is not None), candidates[-1])
            return InvalidRequest(written.format(*found.groups(), param=param), param=param, code=code)
    if fields.get(TEMPLATE_OPTIONS) and PYTHON.match(message):
        return InvalidRequest(f"The chat template cannot use the values in '{TEMPLATE_OPTIONS}'.", param=TEMPLATE_OPTIONS)
    return None


def _too_many_logprobs(kind: str, most: int, fields: dict[str, Any]) -> InvalidRequest:
    if fields.get("use_beam_search"):  # vLLM computes two for each beam
        problem = f"With 'use_beam_search', 'n' must be at most {most // 2}; got {fields.get('n')}."
        return InvalidRequest(problem, param="n", code=TOO_LARGE)
    named = "prompt_logprobs" if kind == "prompt" and fields.get("prompt_logprobs") is not None else None
    param = named or ("top_logprobs" if "messages" in fields else "logprobs")
    got = "-1 means all tokens of the model" if fields.get(param) == -1 else f"got {fields.get(param)}"
    return InvalidRequest(f"'{param}' must be at most {most}; {got}.", param=param, code=TOO_LARGE)


def _reword_validation(message: str, param: str | None, fields: dict[str, Any]) -> tuple[str, str | None, str | None]:
    problems = list({repr(problem): problem for problem in _problems(message, fields)}.values())
    if problems and problems[0]["type"] in WORDED:
        error = to_invalid_request([problem for problem in problems if problem["type"] in WORDED], fields)
        return error.message, error.param, error.code
    found = re.search(r"'msg': (?P<quote>['\"])(?:Value error, )?(?P<text>.*?)(?P=quote)(, '|}|$)", message)
    reason = f"{found['text'].rstrip('.')}." if found else "The engine cannot read the request."
    return reason, _written_param(param, fields), None


def _written_param(param: str | None, fields: dict[str, Any]) -> str | None:
    """Return the path of a field as the caller wrote it, such as `tools[0].type`; vLLM writes `body.tools.0.FunctionTool.type`."""
    if param == PROMPT_SIZE:
        return "prompt" if "prompt" in fields else "messages"
    parts = _split((param or "").removeprefix("body").removeprefix("."))
    path = find_path({"loc": (BODY, *parts), "type": ""}, fields)
    return write_path(parts if path == parts[:-1] else path) or None


def _split(path: str) -> Path:
    return tuple(int(part) if part.isdecimal() else part for part in path.split(".") if part)


def _problems(message: str, fields: dict[str, Any]) -> Iterator[Problem]:
    """Yield pydantic's problems, each with the value itself in place of vLLM's summary of it."""
    for line in message.splitlines()[1:]:
        try:
            problem = ast.literal_eval(line.strip())
        except (SyntaxError, ValueError):
            continue  # it is cut off, or shows an object
        located = {**problem, "loc": _split(problem["loc"])}
        yield {**located, "input": _value_at(find_path({**located, "type": ""}, fields), fields)}


def _value_at(path: Path, fields: Any) -> Any:
    for part in path:
        fields = fields[part]
    return fields


def _parse(body: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(body)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}
