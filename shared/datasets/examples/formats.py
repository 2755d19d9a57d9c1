"""Which format a file of examples has. Its first line that has one decides; a line of another format is refused."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from shared.datasets.csv_rows import DELIMITERS
from shared.datasets.examples.chat import check_chat, convert_chat, list_changes
from shared.datasets.examples.conversions import (
    ALPACA,
    PROMPT_COMPLETION,
    SHAREGPT,
    check_alpaca,
    check_columns,
    check_pair,
    check_sharegpt,
    convert_alpaca,
    convert_columns,
    convert_pair,
    convert_sharegpt,
    is_pair,
    list_unused,
    order_columns,
)
from shared.datasets.examples.example import Example, Preference
from shared.datasets.examples.findings import Finding, clip, show
from shared.datasets.examples.layout import PIPES, explain_text
from shared.datasets.examples.preferences import FIELDS as PREFERENCE
from shared.datasets.examples.preferences import check_preference, convert_preference

MAX_HEADER = 200  # characters
MAX_CELLS = 5  # that a message shows
MAX_ROW = 2000  # characters of a first row that may be CSV
FormatName = Literal["chat", "preference", "prompt_completion", "alpaca", "sharegpt", "csv"]


@dataclass(frozen=True)
class Format:
    """A format: how a line is checked, and what is trained of a line without problems.

    `marks` are fields that only its lines have, all of one group. `conversion` says how its lines become chats, after "The file has ";
    it is empty if they are chats already. `fields` are the fields that are used; if it is None, each other field is a problem already.
    """

    name: FormatName
    check: Callable[[dict[str, Any]], Iterator[Finding]]
    convert: Callable[[dict[str, Any]], Example | Preference]
    marks: Sequence[Sequence[str]] = ()
    conversion: str = ""
    fields: Sequence[str] | None = None

    def has(self, value: dict[str, Any]) -> bool:
        """Return whether an object is a line of this format, right or wrong."""
        return any(all(name in value for name in group) for group in self.marks)

    def refuse(self, value: dict[str, Any], first: int) -> Finding | None:
        """Return the problem of an object of another format in a file that has this one since line `first`; None if it has not."""
        other = None if self.has(value) else find_format(value)
        if other is None:
            return None
        return _describe_mix(f"has {other.shown}", f"{self.shown} in line {first}", f"with {self.shown}")

    @property
    def shown(self) -> str:
        """The fields of its lines, as a message shows them."""
        return " and ".join(f"'{name}'" for name in self.marks[0])

    def changes(self, value: dict[str, Any]) -> Iterator[str]:
        """Yield what is trained otherwise than a line without problems has it, or is left out."""
        if self.name == "chat":
            yield from list_changes(value["messages"])
        elif self.name == "preference":
            yield from list_changes(value["input"]["messages"])
        elif self.name == "sharegpt":
            yield from (f"unused:{clip(name)}" for name in list_unused(value))
        elif self.fields is not None:
            yield from (f"unused:{clip(name)}" for name in value if name not in self.fields)


CHATS = "which are trained as chats"
CHAT = Format("chat", check_chat, convert_chat, [["messages"]])
PREFERENCES = Format("preference", check_preference, convert_preference, [PREFERENCE[1:], *([name] for name in PREFERENCE[1:])])
CONVERSATIONS = Format(
    "sharegpt",
    check_sharegpt,
    convert_sharegpt,
    [["conversations"]],
    f"ShareGPT's 'conversations', {CHATS}: turns from 'human' become the user's messages, and turns from 'gpt' the assistant's.",
    SHAREGPT,
)
PAIRS = Format(
    "prompt_completion",
    check_pair,
    convert_pair,
    [PROMPT_COMPLETION],
    f"lines with 'prompt' and 'completion', {CHATS}: 'prompt' becomes the user's message, and 'completion' the assistant's.",
    PROMPT_COMPLETION,
)
INSTRUCTIONS = Format(
    "alpaca",
    check_alpaca,
    convert_alpaca,
    [["instruction", "output"]],
    f"Alpaca's 'instruction' and 'output', {CHATS}: 'instruction' becomes the user's message, with 'input' after an empty line, "
    "'output' the assistant's, and 'system' the system message.",
    ALPACA,
)
COLUMNS = Format("csv", check_columns, convert_columns)
FORMATS = (CHAT, PREFERENCES, CONVERSATIONS, PAIRS, INSTRUCTIONS)


def find_format(value: dict[str, Any]) -> Format | None:
    """Return the format of a JSONL file by an object of it; None if it has the fields of none."""
    return next((each for each in FORMATS if each.has(value)), None)


def describe_format(name: FormatName) -> str:
    """Return what a file of this format has, in words."""
    if name == CHAT.name:
        return "chats"
    return next((each.shown for each in FORMATS if each.name == name), "rows of CSV")


def name_columns(first: str, second: str) -> Format:
    """Return the format of a CSV file with these columns."""
    prompt, answer = order_columns(first, second)
    roles = f"the column {show(prompt.strip())} becomes the user's message, and {show(answer.strip())} the assistant's."
    return replace(COLUMNS, conversion=f"rows of CSV, {CHATS}: {roles}")


def refuse_json_row(first: int) -> Finding:
    """Return the problem of a JSON object in a CSV file whose header is in line `first`."""
    return _describe_mix("has a JSON object", f"columns of CSV in line {first}", "as a row with 2 cells")


def _describe_mix(got: str, first: str, remedy: str) -> Finding:
    message = f"the line {got}, but the file begins with {first}, and a file has one format; write the line {remedy}, or move it"
    return Finding(None, f"{message} to another file.")


def find_delimiter(header: str) -> str | None:
    """Return what separates the two columns of a CSV file with a prompt and an answer; None if the line does not name such columns."""
    if len(header) > MAX_HEADER:
        return None
    return next((delimiter for delimiter in DELIMITERS if _names_pair(header, delimiter)), None)


def explain_first_row(first: str) -> str | None:
    """Return what is wrong with a first line that is no JSON: a row of CSV that does not name a prompt and an answer, or a text.

    Return None for a line that is JSON, or begins as an object does.
    """
    if len(first) > MAX_ROW or any(mark in first for mark in "{}[]"):
        return explain_text(first)
    cells = max((_split(first, delimiter) for delimiter in DELIMITERS), key=len)
    if len(cells) < 2 and len(_split(first, "|")) > 1:
        return PIPES
    if sum(bool(cell.strip()) for cell in cells) < 2:
        return explain_text(first)
    more = f" and {len(cells) - MAX_CELLS} more" if len(cells) > MAX_CELLS else ""
    got = ", ".join(show(cell.strip()) for cell in cells[:MAX_CELLS])
    return (
        f"the line must be a JSON object, or the names of the two columns of a CSV file; got {got}{more}. Write 'prompt,completion' as the "
        "first row of a CSV file, with the column that the model learns as 'completion', and delete other columns."
    )


def _names_pair(header: str, delimiter: str) -> bool:
    names = _split(header, delimiter)
    return len(names) == 2 and (is_pair(*names) or is_pair(*reversed(names)))


def _split(header: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error:
        return []
