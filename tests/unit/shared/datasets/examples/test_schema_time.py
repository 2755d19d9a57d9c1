"""The schemas of a file's tools may take a limited time together."""

import json
import time
from typing import Any

import pytest

from shared.datasets.examples import read
from shared.datasets.examples.read import read_entries

SLOW = {"not": {"pattern": "^(a|a)+$"}}  # some 0.1 s for each text
MANY = {"allOf": [{"minimum": -number} for number in range(3_000)]}  # some milliseconds for each number


def make_line(schema: dict[str, Any], values: list[Any], number: int = 0) -> str:
    parameters = {"type": "object", "properties": {"values": {"type": "array", "items": schema}}, "title": str(number)}
    call = {"id": "call_1", "type": "function", "function": {"name": "store", "arguments": json.dumps({"values": values})}}
    messages = [{"role": "user", "content": "Store them."}, {"role": "assistant", "tool_calls": [call]}]
    return json.dumps({"messages": messages, "tools": [{"type": "function", "function": {"name": "store", "parameters": parameters}}]})


@pytest.fixture(autouse=True)
def short_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "SCHEMA_SECONDS", 1.0)


@pytest.mark.parametrize(("schema", "value"), [(SLOW, "a" * 18 + "b"), (MANY, 5)], ids=["a slow pattern", "many keywords"])
def test_slow_schemas_cannot_keep_a_file_check_busy(schema: dict[str, Any], value: Any) -> None:
    lines = [make_line(schema, [value] * 1_000, number) for number in range(4)]
    started = time.thread_time()
    entries = list(read_entries(lines))
    assert time.thread_time() - started < 10  # seconds of processor time; they would take more than a minute
    assert [entry.example for entry in entries] == [None] * 4
    assert all("too long" in finding.message for finding in entries[-1].findings)


def test_the_time_of_one_file_is_not_taken_from_another() -> None:
    list(read_entries([make_line(SLOW, ["a" * 18 + "b"] * 1_000)]))
    (entry,) = read_entries([make_line({"pattern": "^a+$"}, ["aa"])])
    assert entry.findings == ()


def test_usual_tools_are_not_refused_however_many_a_file_has() -> None:
    entries = read_entries(make_line({"type": "number", "minimum": 0}, [1, 2, 3], number % 5) for number in range(3_000))
    assert all(entry.example for entry in entries)
