from pathlib import Path

import docx
import pytest

from services.retrieval.parse import InvalidFile
from tests.unit.retrieval.parse.files import Read


def test_an_archive_that_is_too_large_when_unpacked_is_rejected(read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.retrieval.parse.archive.MAX_UNPACKED_BYTES", 1000)
    source = docx.Document()
    source.save(str(tmp_path / "source.docx"))
    with pytest.raises(InvalidFile, match="unpacks to"):
        read("a.docx", (tmp_path / "source.docx").read_bytes())
