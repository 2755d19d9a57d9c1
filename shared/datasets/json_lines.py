"""A line of JSON as a model. An error says what is wrong with the line, and not with which file."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel

from shared.datasets.problems import WrongLine
from shared.errors import InvalidDataset, InvalidRequest
from shared.validation.json_problems import explain
from shared.validation.translate import parse

COMMA = "there is a comma after the object. Delete it, and those after other objects: lines are not separated by commas."
TWO_OBJECTS = "there are two objects. Write each on a line of its own."

ModelT = TypeVar("ModelT", bound=BaseModel)


def parse_line(number: int, line: bytes | str, model: type[ModelT], param: str) -> ModelT:
    """Return line `number` as a `model`; `param` is the field that names the file.

    Raises:
        InvalidDataset: if the line is not JSON, or does not match the model.
    """
    try:
        return parse(model, load_json(line), whole="the line")
    except (WrongLine, InvalidRequest) as error:
        raise InvalidDataset(number, str(error), param=param) from error


def load_json(line: bytes | str, object_pairs_hook: Callable[[list[tuple[str, Any]]], Any] | None = None) -> Any:
    """Return the value of a line. `object_pairs_hook` makes the value of an object from its keys and values, as in `json.loads`.

    Raises:
        WrongLine: if the line is not JSON.
    """
    try:
        return json.loads(line, object_pairs_hook=object_pairs_hook)
    except UnicodeDecodeError as error:
        raise WrongLine("the line is not valid UTF-8.") from error
    except json.JSONDecodeError as error:
        if mistake := _explain_extra(error):
            raise WrongLine(f"the line is not valid JSON: {mistake}") from error
        place = f"column {error.colno}" if error.lineno == 1 else f"line {error.lineno} of the object, column {error.colno}"
        raise WrongLine(f"the line is not valid JSON: {explain(error)} ({place}).") from error
    except WrongLine:
        raise
    except ValueError as error:
        raise WrongLine("the line has a number with too many digits.") from error
    except RecursionError as error:
        raise WrongLine("the JSON is nested too deeply.") from error


def has_comma_after(problem: str) -> bool:
    """Return whether a problem of `load_json` is a comma after the object."""
    return problem.endswith(COMMA)


def _explain_extra(error: json.JSONDecodeError) -> str | None:
    """Return what is wrong if a whole object is followed by what separates the objects of a list, or by the next one."""
    rest = error.doc[error.pos :].strip()
    if not error.msg.startswith("Extra data") or not error.doc.lstrip().startswith("{"):
        return None
    return COMMA if rest == "," else TWO_OBJECTS if rest.removeprefix(",").lstrip().startswith("{") else None
