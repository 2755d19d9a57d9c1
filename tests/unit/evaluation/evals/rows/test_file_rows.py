import io
import json
from typing import Any

import pytest

from services.evaluation.evals.rows.file_rows import read_file_rows
from shared.errors import InvalidDataset

SCHEMA: dict[str, Any] = {
    "type": "object", "properties": {"question": {"type": "string"}, "year": {"type": "integer"}}, "required": ["question"],
}  # fmt: skip


def read(content: bytes, schema: dict[str, Any] | None = SCHEMA) -> list[dict[str, Any]]:
    return [row.item for row in read_file_rows(io.BytesIO(content), schema)]


def test_lines_are_rows_with_or_without_an_answer() -> None:
    content = '\ufeff{"item": {"question": "é 🦜"}}\r\n\n{"item": {"question": ""}, "sample": {"output_text": "x"}}'.encode()
    rows = list(read_file_rows(io.BytesIO(content), SCHEMA))
    assert [(row.item, row.sample) for row in rows] == [({"question": "é 🦜"}, None), ({"question": ""}, {"output_text": "x"})]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (
            b'{"item": {"question": 3}}',
            r"^Line 3: 'item\.question' must have the type 'string'; got 3\.$",
        ),
        (b'{"item": {}}', r"^Line 3: 'item\.question' is missing\.$"),
        (b'{"question": "a"}', r"^Line 3: "),
        (b'{"item": {"question": "a"}', r"^Line 3: the line is not valid JSON"),
        (b'{"item": "a"}', r"^Line 3: 'item' must be"),
        (b'{"item": {"question": "a\\u0000"}}', r"^Line 3: .*NUL"),
        (b'{"item": {"question": "\\ud83d"}}', r"^Line 3: .*surrogate"),
        (b'{"item": {"question": "a", "n": 1e999}}', r"^Line 3: .*finite"),
        (b'{"item": {"question": "\xff"}}', r"^Line 3: the line is not valid UTF-8"),
        (
            b'{"item": {"question": "a", "deep": ' + b"[" * 300 + b"]" * 300 + b"}}",
            r"^Line 3: the JSON is nested more than 200 levels deep\.$",
        ),
        (b'{"item": {"question": "a", "deep": ' + b"[" * 90_000 + b"]" * 90_000 + b"}}", r"^Line 3: the JSON is nested"),
        (b"[1]", r"^Line 3: "),
    ],
)
def test_a_wrong_line_is_named_with_what_is_wrong(line: bytes, problem: str) -> None:
    good = b'{"item": {"question": "a"}}\n\n'
    with pytest.raises(InvalidDataset, match=problem) as error:
        read(good + line)
    assert (error.value.line, error.value.param) == (3, "data_source.source.id")


def test_a_file_without_rows_is_refused() -> None:
    with pytest.raises(InvalidDataset, match="The file has no rows"):
        read(b"\n \n")


def test_a_row_of_ten_megabytes_is_a_row() -> None:
    text = "x" * 10 * 1024 * 1024
    assert len(read(json.dumps({"item": {"question": text}}).encode())[0]["question"]) == len(text)


def test_a_line_that_is_too_long_is_refused_before_it_is_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.evaluation.evals.rows.file_rows.MAX_LINE_BYTES", 1024 * 1024)
    with pytest.raises(InvalidDataset, match="longer than 1 MiB"):
        read(b'{"item": {"question": "' + b"x" * 1024 * 1024 + b'"}}')


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/a"}]}}, "$ref": "#/$defs/a"},
        {"$ref": "#/none"},
    ],
)
def test_a_schema_that_never_ends_does_not_hang(schema: dict[str, Any]) -> None:
    line = json.dumps({"item": {"question": "a" * 40 + "!"}}).encode()
    with pytest.raises(InvalidDataset, match=r"^Line 1: 'item' cannot be checked, because the schema takes too long"):
        read(line, schema)
