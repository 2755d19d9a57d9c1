"""Files that are made to do harm, read as the service reads them: each ends with a reason, and the next file is read."""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from services.retrieval.parse import Document, InvalidFile, UnsupportedFile
from services.retrieval.parse.sandbox.parser import Limits, SandboxedParser
from tests import hostile

MIB = 1024 * 1024
SHARED = Path(__file__).parents[3] / "shared" / "data" / "documents"  # beside the project, where there is one
LOCKED = {
    "2206.01062_pg3.pdf", "crazyones-encrypted-256.pdf", "encrypted-file.pdf", "libreoffice-writer-password.pdf", "r2-user-password.pdf",
    "r3-user-password.pdf", "r4-user-password.pdf", "r4-aes-user-password.pdf", "r5-user-password.pdf", "r6-user-password.pdf",
    "r6-both-passwords.pdf",
}  # fmt: skip

DEEP = dict.fromkeys(("deep.json", "deep-objects.json", "deep-html.html", "parts.eml", "boxes-deep.eml"), "nested too deeply")
REASONS = DEEP | {
    "laughs.docx": "entity", "outside.docx": "entities", "bomb.docx": "unpacks to", "claims.docx": "unpacks to", "empty.md": "no text",
    "entries.docx": "25001 entries", "locked.docx": "encrypted", "locked.xlsx": "password", "wrong.pdf": "plain text",
    "laughs.xlsx": "damaged", "outside.xlsx": "damaged", "laughs.pptx": "damaged", "million.pdf": "1000000 pages",
    "bomb.pdf": "640 MiB of memory", "line.csv": "field larger than", "paths.epub": "names no part",
}  # fmt: skip


@pytest.fixture(scope="module")
def parser() -> Iterator[SandboxedParser]:
    parser = SandboxedParser(Limits(seconds=20, memory_bytes=640 * MIB))
    yield parser
    parser.close()


@contextmanager
def unharmed(parser: SandboxedParser, folder: Path) -> Iterator[None]:
    """Holds that this process grows by little, and that the next file is read at once by the same process."""
    (folder / "next").write_text("the next file")
    assert parser(folder / "next", "a.txt").text == "the next file"
    process, before = parser.pid, psutil.Process().memory_info().rss
    yield
    begun = time.monotonic()
    assert parser(folder / "next", "a.txt").text == "the next file"
    assert time.monotonic() - begun < 5
    assert parser.pid == process
    assert psutil.Process().memory_info().rss - before < 64 * MIB


def read(parser: SandboxedParser, path: Path, name: str) -> Document | str:
    """Return the document, or the reason why there is none."""
    try:
        document = parser(path, name)
    except (InvalidFile, UnsupportedFile) as error:
        reason = str(error)
        assert len(reason) > 20 and "Traceback" not in reason and str(path) not in reason
        return reason
    assert document.text
    assert all(0 <= heading.start < len(document.text) for heading in document.headings)
    assert all(0 <= page <= len(document.text) for page in document.pages)
    return document


def outcomes(parser: SandboxedParser, folder: Path, files: Iterable[hostile.File]) -> Iterator[tuple[str, Document | str]]:
    """Read each file, and hold that none does harm."""
    for name, content in files:
        (folder / "file").write_bytes(content)
        with unharmed(parser, folder):
            outcome = read(parser, folder / "file", name)
        yield name, outcome


def test_a_harmful_file_ends_with_a_reason_and_the_next_is_read(parser: SandboxedParser, tmp_path: Path) -> None:
    ended = dict(outcomes(parser, tmp_path, hostile.harmful()))
    assert len(ended) > 35
    assert [name for name, outcome in ended.items() if isinstance(outcome, Document)] == []
    for name, reason in REASONS.items():
        assert reason in str(ended[name]), name


def test_an_odd_file_does_no_harm(parser: SandboxedParser, tmp_path: Path) -> None:
    ended = dict(outcomes(parser, tmp_path, hostile.odd()))
    assert len(ended) > 10
    assert not any("root:" in str(outcome) for outcome in ended.values())


def test_what_is_cut_and_packed_above_is_read_when_it_is_whole(parser: SandboxedParser, tmp_path: Path) -> None:
    for name, outcome in outcomes(parser, tmp_path, hostile.whole()):
        assert isinstance(outcome, Document) and "fine words" in outcome.text, name


@pytest.mark.skipif(not SHARED.exists(), reason="the shared collection of documents is not here")
def test_every_hostile_file_of_the_shared_collection_is_read_or_ends_with_a_reason(parser: SandboxedParser, tmp_path: Path) -> None:
    found = [path for path in sorted((SHARED / "hostile").rglob("*")) if path.is_file()]
    assert len(found) > 40
    with unharmed(parser, tmp_path):
        ended = {path.name: read(parser, path, path.name) for path in found}
    reasons = {name: outcome for name, outcome in ended.items() if isinstance(outcome, str)}
    assert reasons.keys() >= LOCKED and all("password" in reasons[name] for name in LOCKED)
    assert all(name in reasons for name in ("xmlbomb.xml", "xmlbomb2.xml", "quadratic.xml", "cyclic.xml", "external_file.xml"))
    # The same bombs under the names of formats that are read.
    for path in (SHARED / "hostile" / "defusedxml").iterdir():
        for ending in ("html", "docx", "odt", "xlsx", "json", "eml", "txt"):
            outcome = read(parser, path, f"{path.stem}.{ending}")
            assert isinstance(outcome, str) or len(outcome.text) < 10 * path.stat().st_size + 100


@pytest.mark.skipif(not SHARED.exists(), reason="the shared collection of documents is not here")
def test_every_document_of_the_shared_collection_is_read_or_refused_with_a_reason(parser: SandboxedParser) -> None:
    found = [path for path in sorted(SHARED.rglob("*")) if "sources" in path.parts and path.is_file() and "hostile" not in path.parts]
    assert found
    refused = [path for path in found if isinstance(read(parser, path, path.name), str)]
    assert {path.suffix for path in refused} <= {".doc", ".msg", ".ppt", ".pages", ".png", ".pdf"}
    assert len(refused) < 12


def test_a_bomb_does_not_slow_what_is_read_beside_it(parser: SandboxedParser, tmp_path: Path) -> None:
    (tmp_path / "bomb").write_bytes(hostile.diagonal())
    (tmp_path / "file").write_text("words")
    reading = threading.Thread(target=read, args=(parser, tmp_path / "bomb", "a.xlsx"))
    reading.start()
    with unharmed(parser, tmp_path):
        assert parser(tmp_path / "file", "a.txt").text == "words"
    reading.join()
