"""The sandbox on Linux: a reader that misbehaves affects one file only, and no process is left behind."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from services.retrieval.parse import Document, InvalidFile, UnsupportedFile
from services.retrieval.parse.sandbox.parser import ROOT, Limits, SandboxedParser
from shared.errors import Unavailable
from tests.serving import wait_until

MIB = 1024 * 1024
LIMITS = Limits(seconds=60, memory_bytes=256 * MIB, text_bytes=2_000_000)


@pytest.fixture
def misbehaving() -> Iterator[SandboxedParser]:
    parser = SandboxedParser(LIMITS, "tests.bad_parsers:misbehave")
    yield parser
    parser.close()


@pytest.fixture
def real() -> Iterator[SandboxedParser]:
    parser = SandboxedParser(Limits())
    yield parser
    parser.close()


def read(parser: SandboxedParser, folder: Path, text: str, name: str = "a.txt") -> Document:
    path = folder / f"{threading.get_ident()}.bin"
    path.write_text(text)
    return parser(path, name)


def wait_for_end(*pids: int) -> None:
    """Wait until none of the processes runs. One that has ended stays a zombie if its parent is gone and process 1 is no init."""
    wait_until(lambda: not any(is_running(pid) for pid in pids), 60)


def is_running(pid: int) -> bool:
    """Return whether a process runs."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_for_pids(path: Path) -> list[int]:
    wait_until(path.exists)
    return [int(pid) for pid in path.read_text().split()]


def test_a_document_comes_back_whole(real: SandboxedParser, tmp_path: Path) -> None:
    text = "# Größe \N{GRINNING FACE}\n\nOil it.\n\n## Care\n\n" + "many words\n" * 200_000
    document = read(real, tmp_path, text, "a.md")
    assert document.text == text.strip()
    assert document.title == "Größe \N{GRINNING FACE}"
    assert [(heading.level, heading.text) for heading in document.headings] == [(1, "Größe \N{GRINNING FACE}"), (2, "Care")]
    with pytest.raises(UnsupportedFile, match="Supported formats: pdf, docx"):
        read(real, tmp_path, text, "a.exe")


@pytest.mark.parametrize(
    ("name", "line"), [("a.txt", "many words\n"), ("a.md", "# Heading\n\nMany words.\n\n"), ("a.csv", "many " * 40 + ",words\n")]
)
def test_a_text_of_any_length_is_read_and_transferred_in_little_memory(tmp_path: Path, name: str, line: str) -> None:
    parser = SandboxedParser(Limits(memory_bytes=192 * MIB))
    read(parser, tmp_path, line, name)
    path, before = tmp_path / "large", psutil.Process().memory_info().rss
    with path.open("w") as file:
        for _ in range(100):
            file.write(line * (MIB // len(line)))
    document = parser(path, name)
    parser.close()
    assert len(document.body) > 98 * MIB
    assert document.body[50 * MIB : 50 * MIB + 1000].lower().count("words") > 3
    assert psutil.Process().memory_info().rss - before < 64 * MIB


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("crash", "Reading the file crashed"),
        ("hoard", "256 MiB of memory, the limit of this server"),
        ("hoard in C", "Reading the file crashed.*256 MiB of memory"),
        ("quit", "Reading the file crashed"),
        ("bug", "has a structure that is not supported"),
        ("flood", "too much disk space"),
        ("flood text", "more than 2000000 bytes of text, the limit of this server"),
    ],
)
def test_a_reader_that_misbehaves_fails_its_file_with_a_reason_and_the_next_is_read(
    misbehaving: SandboxedParser, tmp_path: Path, action: str, reason: str
) -> None:
    assert read(misbehaving, tmp_path, "before").text == "before"
    process, before = misbehaving.pid, psutil.Process().memory_info().rss
    with pytest.raises(InvalidFile, match=reason):
        read(misbehaving, tmp_path, action)
    assert read(misbehaving, tmp_path, "after").text == "after"
    assert misbehaving.pid == process
    assert psutil.Process().memory_info().rss - before < 32 * MIB


def test_a_reader_that_hangs_is_stopped_at_the_time_limit(tmp_path: Path) -> None:
    parser = SandboxedParser(Limits(seconds=1), "tests.bad_parsers:misbehave")
    with pytest.raises(InvalidFile, match=r"longer than 1 seconds, the limit of this server"):
        read(parser, tmp_path, "hang")
    parser.close()


def test_a_reader_has_no_access_to_the_service(misbehaving: SandboxedParser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETRIEVAL_QDRANT_API_KEY", "secret")
    with socket.create_server(("127.0.0.1", 0)), (tmp_path / "records.db").open("w"):
        seen = json.loads(read(misbehaving, tmp_path, "look around").text)
    assert not {"torch", "fastapi", "sqlalchemy", "qdrant_edge", "services.retrieval.app"} & set(seen["modules"])
    assert "RETRIEVAL_QDRANT_API_KEY" not in seen["environment"]
    assert not [each for each in seen["descriptors"] if "socket" in each or "records.db" in each]


def test_files_are_read_at_the_same_time(tmp_path: Path) -> None:
    parser = SandboxedParser(Limits(), "tests.bad_parsers:misbehave")
    with ThreadPoolExecutor(4) as pool:
        hanging = pool.submit(read, parser, tmp_path, f"spawn {tmp_path / 'pids'}")
        wait_for_pids(tmp_path / "pids")
        texts = [pool.submit(read, parser, tmp_path, f"text {number}") for number in range(12)]
        assert [each.result().text for each in texts] == [f"text {number}" for number in range(12)]
        assert not hanging.done()
        parser.close()
        with pytest.raises(Unavailable):
            hanging.result()


def test_closing_ends_running_readers_and_the_programs_they_started(tmp_path: Path) -> None:
    parser = SandboxedParser(Limits(), "tests.bad_parsers:misbehave")
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read, parser, tmp_path, f"spawn {tmp_path / 'pids'}")
        pids = wait_for_pids(tmp_path / "pids")
        forkserver = parser.pid
        parser.close()
        with pytest.raises(Unavailable):
            reading.result()
    assert forkserver is not None
    wait_for_end(forkserver, *pids)
    with pytest.raises(Unavailable, match="stopping"):
        read(parser, tmp_path, "late")


def test_a_check_that_raises_ends_the_reader_and_the_programs_it_started(misbehaving: SandboxedParser, tmp_path: Path) -> None:
    assert read(misbehaving, tmp_path, "before").text == "before"
    forkserver, path = misbehaving.pid, tmp_path / "a.txt"
    path.write_text(f"spawn {tmp_path / 'pids'}")

    def check() -> None:
        if (tmp_path / "pids").exists():
            raise InterruptedError("canceled")

    with pytest.raises(InterruptedError, match="canceled"):
        misbehaving(path, "a.txt", check)
    wait_for_end(*wait_for_pids(tmp_path / "pids"))
    assert read(misbehaving, tmp_path, "after").text == "after"
    assert misbehaving.pid == forkserver


def test_no_reader_outlives_a_service_that_is_killed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"spawn {tmp_path / 'pids'}")
    program = (
        "import sys; from pathlib import Path; from services.retrieval.parse.sandbox.parser import SandboxedParser, Limits\n"
        "SandboxedParser(Limits(), 'tests.bad_parsers:misbehave')(Path(sys.argv[1]), 'a.txt')"
    )
    service = subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "a.txt")], cwd=ROOT, stderr=subprocess.DEVNULL)
    pids = wait_for_pids(tmp_path / "pids")
    descendants = [each.pid for each in psutil.Process(service.pid).children(recursive=True)]
    assert set(pids) <= set(descendants)
    service.kill()
    service.wait()
    wait_for_end(*descendants)


def test_a_forkserver_that_was_killed_is_started_again(misbehaving: SandboxedParser, tmp_path: Path) -> None:
    assert read(misbehaving, tmp_path, "before").text == "before"
    first = misbehaving.pid
    assert first is not None
    os.kill(first, 9)
    wait_for_end(first)
    assert read(misbehaving, tmp_path, "after").text == "after"
    assert misbehaving.pid not in (None, first)


def test_a_large_text_is_transferred_without_copies(real: SandboxedParser, tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes(b"sixteen letters\n" * (4 * MIB))
    read(real, tmp_path, "warm")
    program = (
        "import sys, resource; from pathlib import Path; from services.retrieval.parse.sandbox.parser import SandboxedParser, Limits\n"
        "parser = SandboxedParser(Limits()); before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "text = parser(Path(sys.argv[1]), 'a.txt').text; parser.close()\n"
        "print(len(text), (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], cwd=ROOT, capture_output=True, text=True, check=True)
    length, grown = map(int, done.stdout.splitlines()[-1].split())
    assert length == 64 * MIB - 1
    # The text once, and the pages of the file in the kernel's cache.
    assert grown < 140
