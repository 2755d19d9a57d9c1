"""Files that are made to do harm, read as in the service: each fails with a reason, and the next file is read."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from services.retrieval.parse import Document, InvalidFile, UnsupportedFile
from services.retrieval.parse.sandbox.parser import Limits, SandboxedParser
from tests import hostile

MIB = 1024 * 1024
SHARED = Path(__file__).parents[3] / "shared" / "data" / "documents"  # beside the project, if there is one
LOCKED = {
    "2206.01062_pg3.pdf", "crazyones-encrypted-256.pdf", "encrypted-file.pdf", "libreoffice-writer-password.pdf", "r2-user-password.pdf",
    "r3-user-password.pdf", "r4-user-password.pdf", "r4-aes-user-password.pdf", "r5-user-password.pdf", "r6-user-password.pdf",
    "r6-both-passwords.pdf",
}  # fmt: skip

DEEP = dict.fromkeys(("deep.json", "deep-objects.json", "deep-html.html", "parts.eml", "boxes-deep.eml"), "nested too deeply")
REASONS = DEEP | {
    "laughs.docx": "not valid XML", "outside.docx": "entities", "bomb.docx": "unpacks to", "claims.docx": "unpacks to",
    "empty.md": "no text",
    "entries.docx": "25001 parts", "locked.docx": "password", "locked.xlsx": "password", "wrong.pdf": "plain text",
    "laughs.xlsx": "damaged", "outside.xlsx": "damaged", "laughs.pptx": "damaged", "million.pdf": "1000000 pages",
    "bomb.pdf": "640 MiB of memory", "line.csv": "more than 131072 characters", "paths.epub": "names no chapter",
}  # fmt: skip


@pytest.fixture(scope="module")
def parser() -> Iterator[SandboxedParser]:
    parser = SandboxedParser(Limits(seconds=60, memory_bytes=640 * MIB))
    yield parser
    parser.close()


@contextmanager
def stays_healthy(parser: SandboxedParser, folder: Path) -> Iterator[None]:
    """Check that this process hardly grows, and that the same forkserver reads the next file."""
    (folder / "next").write_text("the next file")
    assert parser(folder / "next", "a.txt").text == "the next file"
    process, before = parser.pid, psutil.Process().memory_info().rss
    yield
    assert parser(folder / "next", "a.txt").text == "the next file"
    assert parser.pid == process
    assert psutil.Process().memory_info().rss - before < 64 * MIB


def read(parser: SandboxedParser, path: Path, name: str) -> Document | str:
    """Return the document, or the error message."""
    try:
        document = parser(path, name)
    except (InvalidFile, UnsupportedFile) as error:
        reason = str(error)
        assert len(reason) > 20 and str(path) not in reason
        assert not hostile.LIBRARY_WORDS.search(reason), reason
        return reason
    assert document.text
    assert all(0 <= heading.start < len(document.text) for heading in document.headings)
    assert all(0 <= page <= len(document.text) for page in document.pages)
    return document


def read_all(parser: SandboxedParser, folder: Path, files: Iterable[hostile.File]) -> Iterator[tuple[str, Document | str]]:
    """Read each file, and check that none does harm."""
    for name, content in files:
        (folder / "file").write_bytes(content)
        with stays_healthy(parser, folder):
            result = read(parser, folder / "file", name)
        yield name, result


def test_a_harmful_file_fails_with_a_reason_and_the_next_is_read(parser: SandboxedParser, tmp_path: Path) -> None:
    results = dict(read_all(parser, tmp_path, hostile.harmful()))
    assert len(results) > 35
    assert [name for name, result in results.items() if isinstance(result, Document)] == []
    for name, reason in REASONS.items():
        assert reason in str(results[name]), name


def test_an_odd_file_does_no_harm(parser: SandboxedParser, tmp_path: Path) -> None:
    results = dict(read_all(parser, tmp_path, hostile.odd()))
    assert len(results) > 10
    assert not any("root:" in str(result) for result in results.values())


def test_the_files_that_are_cut_above_are_read_when_they_are_complete(parser: SandboxedParser, tmp_path: Path) -> None:
    for name, result in read_all(parser, tmp_path, hostile.complete()):
        assert isinstance(result, Document) and "fine words" in result.text, name


@pytest.mark.skipif(not SHARED.exists(), reason="the shared collection of documents is not here")
def test_every_hostile_file_of_the_shared_collection_is_read_or_rejected_with_a_reason(parser: SandboxedParser, tmp_path: Path) -> None:
    found = [path for path in sorted((SHARED / "hostile").rglob("*")) if path.is_file()]
    assert len(found) > 40
    with stays_healthy(parser, tmp_path):
        results = {path.name: read(parser, path, path.name) for path in found}
    reasons = {name: result for name, result in results.items() if isinstance(result, str)}
    assert reasons.keys() >= LOCKED and all("password" in reasons[name] for name in LOCKED)
    assert all(name in reasons for name in ("xmlbomb.xml", "xmlbomb2.xml", "quadratic.xml", "cyclic.xml", "external_file.xml"))
    # The same bombs with the extensions of supported formats.
    for path in (SHARED / "hostile" / "defusedxml").iterdir():
        for extension in ("html", "docx", "odt", "xlsx", "json", "eml", "txt"):
            result = read(parser, path, f"{path.stem}.{extension}")
            assert isinstance(result, str) or len(result.text) < 10 * path.stat().st_size + 100


@pytest.mark.skipif(not SHARED.exists(), reason="the shared collection of documents is not here")
def test_every_document_of_the_shared_collection_is_read_or_rejected_with_a_reason(parser: SandboxedParser) -> None:
    found = [path for path in sorted(SHARED.rglob("*")) if "sources" in path.parts and path.is_file() and "hostile" not in path.parts]
    assert found
    rejected = [path for path in found if isinstance(read(parser, path, path.name), str)]
    assert {path.suffix for path in rejected} <= {".doc", ".msg", ".ppt", ".pages", ".png", ".pdf"}
    assert len(rejected) < 12


def test_other_files_are_read_while_a_bomb_is_read(parser: SandboxedParser, tmp_path: Path) -> None:
    (tmp_path / "bomb").write_bytes(hostile.diagonal())
    (tmp_path / "file").write_text("words")
    with ThreadPoolExecutor(1) as pool:
        bomb = pool.submit(read, parser, tmp_path / "bomb", "a.xlsx")
        with stays_healthy(parser, tmp_path):
            assert parser(tmp_path / "file", "a.txt").text == "words"
        assert isinstance(bomb.result(), str)


def test_no_message_about_a_damaged_file_has_the_words_of_a_library(parser: SandboxedParser, tmp_path: Path) -> None:
    reasons: set[str] = set()
    for name, content in hostile.damaged(per_file=12):
        (tmp_path / "file").write_bytes(content)
        result = read(parser, tmp_path / "file", name)
        if isinstance(result, Document):
            assert not hostile.LIBRARY_WORDS.search(result.note or ""), result.note
        else:
            reasons.add(result)
    assert len(reasons) > 5
