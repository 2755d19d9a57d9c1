"""A file that is no JSONL and no CSV is refused once, with what it is or what its lines must be."""

import json

import pytest

from deploy.errors.wording import faults
from shared.datasets import read_examples
from shared.errors import InvalidDataset
from tests.unit.shared.datasets.examples.lines import GOOD


def refuse(content: bytes) -> str:
    with pytest.raises(InvalidDataset) as caught:
        list(read_examples(content.split(b"\n")))
    return caught.value.message


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"PK\x03\x04\x14\x00", "a ZIP archive or an Excel workbook"),
        (b"\x1f\x8b\x08\x00", "compressed with gzip"),
        (b"PAR1\x15\x04", "a Parquet file"),
        (b"%PDF-1.7,\r", "a PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "a JPEG image"),
        (b"BZh91AY&SY", "compressed with bzip2"),
        (b"\xfd7zXZ\0\0\x04", "compressed with xz"),
        (b"\x28\xb5\x2f\xfd\x24", "compressed with Zstandard"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "a 7z archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a document of an old version of Word, Excel or PowerPoint"),
    ],
)
def test_a_file_that_is_no_text_is_told_once(start: bytes, kind: str) -> None:
    assert refuse(start + b"\n\xff\n\xfe") == f"Line 1: the file is {kind}; upload it as JSONL or CSV instead."


@pytest.mark.parametrize(
    "first", ["Hello there.", "- messages:", "<!DOCTYPE html>", "See [1], and [2].", "user: {name}", "prompt,", '"' + "x" * 200_000, "---"]
)
def test_text_is_told_once_what_its_lines_must_be(first: str) -> None:
    message = refuse(f"\n{first}\nMore text\n{json.dumps(GOOD)}".encode())
    assert message.startswith('Line 2: each line must be a JSON object, such as {"messages": [...]}; got \'')
    assert (len(message) < 200, faults(message)) == (True, [])


@pytest.mark.parametrize("header", ["prompt,completion,", ",prompt,completion", "prompt;completion;;"])
def test_a_column_without_a_name_is_one_too_many(header: str) -> None:
    message = refuse(f"{header}\nQ,A,\n".encode())
    assert message.startswith("Line 1: the line must be a JSON object, or the names of the two columns of a CSV file; got ")
    assert (message.endswith("with the column that the model learns as 'completion', and delete other columns."), faults(message)) == (
        True,
        [],
    )
