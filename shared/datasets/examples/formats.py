"""Which format a file of examples has. Its first line with an object decides."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
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
)
from shared.datasets.examples.example import Example, Preference
from shared.datasets.examples.findings import Finding, clip
from shared.datasets.examples.preferences import FIELDS as PREFERENCE
from shared.datasets.examples.preferences import check_preference, convert_preference

MAX_HEADER = 200  # characters
FormatName = Literal["chat", "preference", "prompt_completion", "alpaca", "sharegpt", "csv"]


@dataclass(frozen=True)
class Format:
    """A format: how a line is checked, and what is trained of a line without problems.

    `fields` are the fields that are used; if it is None, each other field is a problem already.
    """

    name: FormatName
    check: Callable[[dict[str, Any]], Iterator[Finding]]
    convert: Callable[[dict[str, Any]], Example | Preference]
    fields: Sequence[str] | None = None

    def changes(self, value: dict[str, Any]) -> Iterator[str]:
        """Yield what is trained otherwise than a line without problems has it, or is left out."""
        if self.name == "chat":
            yield from list_changes(value["messages"])
        elif self.name == "preference":
            yield from list_changes(value["input"]["messages"])
        elif self.fields is not None:
            yield from (f"unused:{clip(name)}" for name in value if name not in self.fields)


CHAT = Format("chat", check_chat, convert_chat)
PREFERENCES = Format("preference", check_preference, convert_preference)
PAIRS = Format("prompt_completion", check_pair, convert_pair, PROMPT_COMPLETION)
INSTRUCTIONS = Format("alpaca", check_alpaca, convert_alpaca, ALPACA)
CONVERSATIONS = Format("sharegpt", check_sharegpt, convert_sharegpt, SHAREGPT)
COLUMNS = Format("csv", check_columns, convert_columns)


def find_format(value: dict[str, Any]) -> Format:
    """Return the format of a JSONL file by an object of it: OpenAI's chat format, unless its keys are those of another one."""
    if "messages" in value:
        return CHAT
    if any(name in value for name in PREFERENCE[1:]):
        return PREFERENCES
    if "conversations" in value:
        return CONVERSATIONS
    if "completion" in value and "prompt" in value:
        return PAIRS
    return INSTRUCTIONS if "instruction" in value and "output" in value else CHAT


def find_delimiter(header: str) -> str | None:
    """Return what separates the two columns of a CSV file with a prompt and an answer; None if the line does not name such columns."""
    if len(header) > MAX_HEADER:
        return None
    return next((delimiter for delimiter in DELIMITERS if _names_pair(header, delimiter)), None)


def _names_pair(header: str, delimiter: str) -> bool:
    try:
        names = next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error:
        return False
    return len(names) == 2 and (is_pair(*names) or is_pair(*reversed(names)))
