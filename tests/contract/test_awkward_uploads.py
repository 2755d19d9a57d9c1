"""What a person who uploads an awkward file is told, or finds in a search, through the API."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openai import BadRequestError, OpenAI, omit

from tests import hostile, spreadsheets
from tests.pdf import make_pdf
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.parse.files import make_scan
from tests.unit.retrieval.sdk import open_sdk

Upload = Callable[..., Any]
"""Uploads a file of that name and content, indexes it (with a chunking strategy, if there is a third argument), and returns it."""
PASSWORD = "protected by a password. Save it without a password"
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
    def upload_and_index(name: str, content: bytes, strategy: Any = omit) -> Any:
        file = client.files.create(file=(name, content), purpose="assistants")
        client.vector_stores.files.create(vector_store_id="vs_1", file_id=file.id, chunking_strategy=strategy)
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


@pytest.mark.parametrize("name", ["x.txt ", "x.TXT  ", "x.txt.", "x.md. ", "x.csv\u00a0", "x.md\u200b"])
def test_a_name_with_something_invisible_after_its_extension_is_read(client: OpenAI, upload: Upload, name: str) -> None:
    file = upload(name, b"needle in words")
    assert (file.status, file.note) == ("completed", None)
    assert "needle in words" in client.vector_stores.search("vs_1", query="needle").data[0].content[0].text


@pytest.mark.parametrize("name", ["x.txt", "x.md", "x.html", "x.csv", "x.json", "x"])
def test_a_stray_zero_byte_does_not_make_a_text_binary(client: OpenAI, upload: Upload, name: str) -> None:
    content = b'{"a": "needle"}\0' if name == "x.json" else b"A needle\0 in words."
    assert upload(name, content).status == "completed"
    assert "needle" in client.vector_stores.search("vs_1", query="needle").data[0].content[0].text


def test_a_guessed_encoding_is_told_with_the_file(upload: Upload) -> None:
    file = upload("x.txt", "圧力 5 bar".encode("cp932"))
    assert file.status == "completed"
    assert file.note == (
        "The encoding of the file is not certain: it is not UTF-8, and was read as Windows-1252 (Western European). "
        "If characters look wrong, save the file as UTF-8 and upload it again."
    )


def test_a_wrong_line_of_json_lines_is_named_and_the_others_are_indexed_if_the_user_wants_it(client: OpenAI, upload: Upload) -> None:
    failed = upload("x.jsonl", b'{"a": "first"}\n{"a": "second"\n{"a": "third needle"}\n')
    assert failed.status == "failed" and failed.last_error.code == "invalid_file"
    assert failed.last_error.message == (
        "Line 2 is not valid JSON: a comma or a closing bracket is missing (column 15). Correct the file and upload it again, or set "
        "'invalid_lines' to 'skip' in 'markdown' of its 'chunking_strategy' to index the other lines."
    )
    skip: Any = {"type": "markdown", "markdown": {"invalid_lines": "skip"}}
    indexed = upload("x.jsonl", b'{"a": "first"}\n{"a": "second"\n{"a": "third needle"}\n', skip)
    assert indexed.status == "completed" and indexed.note.startswith("Line 2 is not valid JSON")
    assert indexed.chunking_strategy.to_dict()["strategy"]["markdown"]["invalid_lines"] == "skip"
    assert "needle" in client.vector_stores.search("vs_1", query="needle").data[0].content[0].text


def test_a_preview_treats_wrong_lines_as_indexing_does(client: OpenAI) -> None:
    body: dict[str, Any] = {"text": '{"a": 1}\n{"a"\n', "filename": "x.jsonl"}
    with pytest.raises(BadRequestError, match="Line 2 is not valid JSON: a colon is missing"):
        client.post("/chunks/preview", body=body, cast_to=object)
    strategy = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 0, "invalid_lines": "skip"}}
    preview: Any = client.post("/chunks/preview", body=body | {"chunking_strategy": strategy}, cast_to=object)
    assert [chunk["text"] for chunk in preview["data"]] == ["a: 1"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("scan.pdf", make_scan([None, None]), "Pages 1-2: images of text only; this server has no text recognition."),
        ("locked.xls", spreadsheets.make_locked_xls(), PASSWORD),
        ("locked.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "EncryptedPackage".encode("utf-16-le"), PASSWORD),
        ("locked.docx", hostile.encrypted(hostile.docx("<w:document/>")), PASSWORD),
        ("locked.odt", hostile.encrypted(hostile.make_archive({"mimetype": hostile.WORD})), PASSWORD),
        ("report.pages", hostile.make_archive({"Index/Document.iwa": b"x"}), "Export it as .docx"),
        ("old.doc", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "old Office format"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(50), "a PNG image"),
        ("cut.pdf", make_pdf(["words"])[:300], "is damaged. Open it in a PDF viewer and save it again."),
        ("cut.xlsx", hostile.sheet({(0, 0): "x"})[:900], "damaged or incomplete archive"),
        ("cut.eml", b"no mail at all", "neither a sender nor a subject"),
        ("empty.xlsx", hostile.sheet({}), "The file contains no text."),
        ("empty.html", b"", "The file contains no text."),
        ("empty.csv", b",,\n,,\n", "The file contains no text."),
        ("empty.jsonl", b"\n\n", "The file contains no text."),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_why_and_what_to_do(
    upload: Upload, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, reason: str
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")  # no text recognition
    file = upload(name, content)
    assert file.status == "failed" and reason in file.last_error.message
    assert not hostile.LIBRARY_WORDS.search(file.last_error.message)
