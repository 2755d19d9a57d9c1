"""What a person who uploads an awkward file is told, or finds in a search, through the API."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI

from tests import hostile, spreadsheets
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.sdk import open_sdk

Upload = Callable[[str, bytes], Any]
"""Uploads a file of that name and content, indexes it, and returns the file in the store."""
MANY_COLUMNS = "<td colspan='1000000'></td>"


@pytest.fixture
def harness(tmp_path: Path) -> Iterator[RetrievalHarness]:
    opened = RetrievalHarness(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def client(harness: RetrievalHarness) -> Iterator[OpenAI]:
    with open_sdk(harness) as opened:
        yield opened


@pytest.fixture
def upload(harness: RetrievalHarness, client: OpenAI) -> Upload:
    def upload_and_index(name: str, content: bytes) -> Any:
        file = client.files.create(file=(name, content), purpose="assistants")
        client.vector_stores.files.create(vector_store_id="vs_1", file_id=file.id)
        harness.work()
        return client.vector_stores.files.retrieve(file.id, vector_store_id="vs_1")

    return upload_and_index


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("spans.html", f"<table><tr>{MANY_COLUMNS * 90}<td>needle</table>".encode()),
        ("rows.html", ("<table><tr>" + "<td rowspan=1000000>" * 100 + "<td>needle" + "<tr><td>" * 300 + "</table>").encode()),
        ("stairs.html", ("<table>" + "".join(f"<tr><td colspan={i}><td>x" for i in range(1, 99)) + "<tr><td>needle</table>").encode()),
        ("nested.html", ("<table><tr><td>" * 300 + "needle").encode()),
        ("spans.docx", hostile.docx(f"<w:document {hostile.SPACE}><w:body><w:tbl><w:tr>{hostile.EMPTY_WIDE_CELL * 2000}</w:tr><w:tr>"
                                    f"{hostile.cell('needle')}</w:tr></w:tbl></w:body></w:document>")),
        ("merged.xlsx", spreadsheets.make_xlsx({(0, 0): "needle", (1, 1): "x"}, ["A1:XFD1048576"])),
        ("far.xlsx", hostile.sheet({(0, 0): "needle", (2000, 120): "x"})),
        ("far.ods", spreadsheets.make_ods(spreadsheets.ods_row("", 1_000_000) + spreadsheets.ods_row(spreadsheets.ods_cell("needle")))),
        ("far.csv", b"a,b\n" + b"c,d\n" * 100 + b"," * 50_000 + b"needle\n"),
        ("padded.csv", b"needle" + b"," * 1000 + b"\n" + (b"x" + b"," * 1000 + b"\n") * 100),
    ],
)  # fmt: skip
def test_empty_cells_make_no_chunks(client: OpenAI, upload: Upload, name: str, content: bytes) -> None:
    file = upload(name, content)
    assert file.status == "completed" and 0 < file.chunk_count <= 15
    text = "".join(part.text or "" for part in client.vector_stores.files.content(file.id, vector_store_id="vs_1"))
    assert len(text) < 3000
    assert "needle" in client.vector_stores.search("vs_1", query="needle").data[0].content[0].text
