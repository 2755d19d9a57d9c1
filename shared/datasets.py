"""JSONL datasets: chat examples to train on, and questions to compare with. An error names the line and what is wrong with it.

The front door reads a dataset to reject a wrong file, the workers to use it. Knows nothing of tokenizers.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from shared.errors import InvalidDataset, InvalidRequest
from shared.validation.translate import parse

MIN_EXAMPLES = 10
ModelT = TypeVar("ModelT", bound=BaseModel)


class Message(BaseModel):
    """A message of a chat example."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["system", "user", "assistant"]
    content: str = Field(min_length=1)


class Example(BaseModel):
    """A line of a training file: a chat that ends with a message of the assistant."""

    model_config = ConfigDict(extra="forbid")

    messages: list[Message] = Field(min_length=2)


class Question(BaseModel):
    """A line of a question file. Unknown fields are ignored."""

    question: str = Field(min_length=1)
    answers: list[str] = Field(min_length=1)
    id: str | None = None


def read_examples(lines: Iterable[bytes | str], *, param: str = "training_file", minimum: int = MIN_EXAMPLES) -> Iterator[Example]:
    """Yield the training examples of a JSONL file; `param` is the field that names the file.

    Raises:
        InvalidDataset: if a line is wrong, or if there are fewer than `minimum` examples.
    """
    count = 0
    for number, example in _parse_lines(lines, Example, param):
        if example.messages[-1].role != "assistant":
            raise InvalidDataset(number, "the last of 'messages' must have the role 'assistant'.", param=param)
        if all(message.role != "user" for message in example.messages):
            raise InvalidDataset(number, "'messages' must have a message with the role 'user'.", param=param)
        count += 1
        yield example
    if count < minimum:
        raise InvalidDataset(0, f"The file must have at least {_count_examples(minimum)}; it has {_count_examples(count)}.", param=param)


def _count_examples(count: int) -> str:
    return f"{count} example{'' if count == 1 else 's'}"


def read_questions(lines: Iterable[bytes | str]) -> Iterator[Question]:
    """Yield the questions of a JSONL file.

    Raises:
        InvalidDataset: if a line is wrong, or if there is no question.
    """
    count = 0
    for number, question in _parse_lines(lines, Question, "questions_file"):
        if not all(answer.strip() for answer in question.answers):
            raise InvalidDataset(number, "'answers' must not contain a blank answer.", param="questions_file")
        count += 1
        yield question
    if not count:
        raise InvalidDataset(0, "The file must have at least 1 question; it has none.", param="questions_file")


def _parse_lines(lines: Iterable[bytes | str], model: type[ModelT], param: str) -> Iterator[tuple[int, ModelT]]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield number, _parse_line(number, line, model, param)


def _parse_line(number: int, line: bytes | str, model: type[ModelT], param: str) -> ModelT:
    try:
        return parse(model, json.loads(line), whole="the line")
    except UnicodeDecodeError as error:
        raise InvalidDataset(number, "the line is not valid UTF-8.", param=param) from error
    except json.JSONDecodeError as error:
        raise InvalidDataset(number, f"the line is not valid JSON: {error.msg} (column {error.colno}).", param=param) from error
    except RecursionError as error:
        raise InvalidDataset(number, "the JSON is nested too deeply.", param=param) from error
    except InvalidRequest as error:
        raise InvalidDataset(number, error.message, param=param) from error
