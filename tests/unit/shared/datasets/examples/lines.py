"""What the tests of the reader need: lines of JSON, and the problems of a line."""

import json
from typing import Any

from deploy.errors.wording import faults
from shared.datasets.examples.read import Entry, read_entries

USER = {"role": "user", "content": "Which part?"}
ANSWER = {"role": "assistant", "content": "K-17"}
GOOD = {"messages": [USER, ANSWER]}


def lines(*rows: Any) -> list[bytes]:
    """Return rows as lines of JSON; bytes stay as they are."""
    return [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]


def entries(*rows: Any) -> list[Entry]:
    """Return what the reader makes of the rows of a file."""
    return list(read_entries(lines(*rows)))


def problems(row: Any) -> list[tuple[str | None, str, str]]:
    """Return field, message and code of every problem of a file's only line; each message is a plain sentence."""
    [entry] = entries(row)
    assert (entry.example is None) == bool(entry.findings)
    assert [finding.message for finding in entry.findings if faults(finding.message[0].upper() + finding.message[1:])] == []
    return [(finding.field, finding.message, finding.code) for finding in entry.findings]


def chat(*messages: Any, **fields: Any) -> dict[str, Any]:
    """Return a line in OpenAI's chat format."""
    return {"messages": list(messages), **fields}
