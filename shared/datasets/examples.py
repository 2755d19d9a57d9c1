"""Training examples: a chat for each line of a JSONL file."""

from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.datasets.json_lines import parse_line
from shared.errors import InvalidDataset

MIN_EXAMPLES = 10


class Message(BaseModel):
    """A message of a chat."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["system", "user", "assistant"]
    content: str = Field(min_length=1)


class Example(BaseModel):
    """A line of a training file: a chat that ends with a message of the assistant."""

    model_config = ConfigDict(extra="forbid")

    messages: list[Message] = Field(min_length=2)


def read_examples(lines: Iterable[bytes | str], *, param: str = "training_file", minimum: int = MIN_EXAMPLES) -> Iterator[Example]:
    """Yield the training examples of a JSONL file; `param` is the field that names the file.

    Raises:
        InvalidDataset: if a line is wrong, or if there are fewer than `minimum` examples.
    """
    for _, example in number_examples(lines, param=param, minimum=minimum):
        yield example


def number_examples(
    lines: Iterable[bytes | str], *, param: str = "training_file", minimum: int = MIN_EXAMPLES
) -> Iterator[tuple[int, Example]]:
    """Yield what `read_examples` yields, each with the number of its line, which counts empty lines too."""
    count = 0
    for number, line in enumerate(lines, start=1):
        if line.strip():
            count += 1
            yield number, _read_example(number, line, param)
    if count < minimum:
        raise InvalidDataset(0, f"The file must have at least {_count_examples(minimum)}; it has {_count_examples(count)}.", param=param)


def _read_example(number: int, line: bytes | str, param: str) -> Example:
    example = parse_line(number, line, Example, param)
    if example.messages[-1].role != "assistant":
        raise InvalidDataset(number, "the last of 'messages' must have the role 'assistant'.", param=param)
    if all(message.role != "user" for message in example.messages):
        raise InvalidDataset(number, "'messages' must have a message with the role 'user'.", param=param)
    return example


def _count_examples(count: int) -> str:
    return f"{count} example{'' if count == 1 else 's'}"
