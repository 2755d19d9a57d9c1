"""JSONL datasets: chat examples to train on, and questions to compare with. Says what is wrong on which line.

Both the front door (which refuses a bad file) and the workers (which read it) use this. Knows nothing of tokenizers.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.errors import InvalidDataset

MIN_EXAMPLES = 10
ModelT = TypeVar("ModelT", bound=BaseModel)


class Message(BaseModel):
    """One turn of a chat example."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["system", "user", "assistant"]
    content: str = Field(min_length=1)


class Example(BaseModel):
    """A line of a training file: a chat that ends with the assistant's turn."""

    model_config = ConfigDict(extra="forbid")

    messages: list[Message] = Field(min_length=2)


class Question(BaseModel):
    """A line of a question file. Other fields than these are kept out of the way, not refused."""

    question: str = Field(min_length=1)
    answers: list[str] = Field(min_length=1)
    id: str | None = None


def read_examples(lines: Iterable[bytes | str], *, param: str = "training_file", minimum: int = MIN_EXAMPLES) -> Iterator[Example]:
    """Yield the training examples of a JSONL file; `param` is the field that named the file.

    Raises:
        InvalidDataset: a line is wrong, or there are fewer than `minimum` examples.
    """
    count = 0
    for number, example in _parse(lines, Example, param):
        if example.messages[-1].role != "assistant":
            raise InvalidDataset(number, "the last message must have the role 'assistant'; it is what the model learns", param=param)
        if all(message.role != "user" for message in example.messages):
            raise InvalidDataset(number, "no message has the role 'user'", param=param)
        count += 1
        yield example
    if count < minimum:
        raise InvalidDataset(0, f"the file has {count} examples; at least {minimum} are needed", param=param)


def read_questions(lines: Iterable[bytes | str]) -> Iterator[Question]:
    """Yield the questions of a JSONL file.

    Raises:
        InvalidDataset: a line is wrong, or there is no question.
    """
    count = 0
    for number, question in _parse(lines, Question, "questions_file"):
        if not all(answer.strip() for answer in question.answers):
            raise InvalidDataset(number, "field 'answers': an answer is empty", param="questions_file")
        count += 1
        yield question
    if not count:
        raise InvalidDataset(0, "the file has no questions", param="questions_file")


def _parse(lines: Iterable[bytes | str], model: type[ModelT], param: str) -> Iterator[tuple[int, ModelT]]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield number, _parse_line(number, line, model, param)


def _parse_line(number: int, line: bytes | str, model: type[ModelT], param: str) -> ModelT:
    try:
        return model.model_validate(json.loads(line))
    except UnicodeDecodeError as error:
        raise InvalidDataset(number, "is not UTF-8", param=param) from error
    except json.JSONDecodeError as error:
        raise InvalidDataset(number, f"is not JSON ({error.msg} at column {error.colno})", param=param) from error
    except RecursionError as error:
        raise InvalidDataset(number, "is nested too deeply", param=param) from error
    except ValidationError as error:
        raise InvalidDataset(number, describe(error), param=param) from error


def describe(error: ValidationError) -> str:
    """Return the first problem of a validation error in words, with the path of its field."""
    first: Any = error.errors()[0]
    path = ".".join(str(part) for part in first["loc"])
    return f"field '{path}': {first['msg']}" if path else str(first["msg"])
