"""A reader of files in the test's own process, for the tests of every format."""

from pathlib import Path

import pytest

from services.retrieval.parse import Document
from services.retrieval.parse.read import read_document
from tests.unit.retrieval.parse.files import Read


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def write_and_read(filename: str, content: bytes | str) -> Document:
        path = tmp_path / "file-bytes"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_document(path, filename)

    return write_and_read
