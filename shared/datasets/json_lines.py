"""A line of JSON as a model. An error says what is wrong with the line, and not with which file."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel

from shared.datasets.problems import WrongLine
from shared.errors import InvalidDataset, InvalidRequest
from shared.validation.json_problems import explain
from shared.validation.translate import parse

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
        place = f"column {error.colno}" if error.lineno == 1 else f"line {error.lineno} of the object, column {error.colno}"
        raise WrongLine(f"the line is not valid JSON: {explain(error)} ({place}).") from error
    except WrongLine:
        raise
    except ValueError as error:
        raise WrongLine("the line has a number with too many digits.") from error
    except RecursionError as error:
        raise WrongLine("the JSON is nested too deeply.") from error
