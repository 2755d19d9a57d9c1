"""Puts the engine's refusals into plain words.

vLLM writes what pydantic says about each form that a field may have, with the names of its classes. What is known about the value is in
the body, so the shared wording of validation errors can describe it. All other messages of vLLM stay as they are.
"""

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

from shared.validation.locate import Problem, find_path
from shared.validation.schema import Path
from shared.validation.translate import to_invalid_request
from shared.validation.wording import JSON_TYPES, LIMITS, SIZES

NO_FIELD = "input_tokens"  # vLLM's `param` for a prompt that is too long
VALIDATION = re.compile(r"\d+ validation errors?:\n")
ITERATED = re.compile(r"\d+ validation errors? for \w+\n")  # of a list that vLLM reads late, such as the parts of a message
REPEATED_PARAM = re.compile(r" \(parameter=\w+(, value=.*)?\)$", re.DOTALL)
WORDED = {*JSON_TYPES, *LIMITS, *SIZES, "missing", "literal_error", "extra_forbidden"}


def reword(message: str, param: str | None, body: bytes) -> tuple[str, str | None]:
    """Return a refusal's message and the field that it is about. `body` is what the engine refused."""
    if VALIDATION.match(message):
        return _reword_validation(message, param, _parse(body))
    if ITERATED.match(message):
        return "A part of a message's 'content' is not valid: its 'type' is unknown, or a field of that type is missing.", "messages"
    return REPEATED_PARAM.sub("", message), None if param == NO_FIELD else param


def _reword_validation(message: str, param: str | None, fields: dict[str, Any]) -> tuple[str, str | None]:
    problems = list({repr(problem): problem for problem in _problems(message, fields)}.values())
    if problems and problems[0]["type"] in WORDED:
        error = to_invalid_request([problem for problem in problems if problem["type"] in WORDED], fields)
        return error.message, error.param
    cleaned = ".".join(part for part in (param or "").split(".") if part != "body") or None
    found = re.search(r"'msg': (?P<quote>['\"])(?:Value error, )?(?P<text>.*?)(?P=quote)(, '|}|$)", message)
    return f"{found['text'].rstrip('.')}." if found else "The engine cannot read the request.", cleaned


def _problems(message: str, fields: dict[str, Any]) -> Iterator[Problem]:
    """Yield pydantic's problems, each with the value itself in place of vLLM's summary of it."""
    for line in message.splitlines()[1:]:
        try:
            problem = ast.literal_eval(line.strip())
        except (SyntaxError, ValueError):
            continue  # it is cut off, or shows an object
        located = {**problem, "loc": tuple(int(part) if part.isdecimal() else part for part in problem["loc"].split("."))}
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
