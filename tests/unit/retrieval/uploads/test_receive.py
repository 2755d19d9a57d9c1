import errno
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import httpx
import pytest

from services.retrieval.uploads import Upload, UploadFolder, receive
from shared.errors import InvalidRequest, StorageFull, TandemError, TooLarge

CONTENT = b"--bound\r\n" * 5000 + bytes(range(256))


def form(filename: str = "a.txt", content: bytes = CONTENT, **fields: str) -> httpx.Request:
    return httpx.Request("POST", "http://x/", files={"file": (filename, content)}, data={"purpose": "assistants", **fields})


def upload(folder: UploadFolder, request: httpx.Request, *, step: int = 1000, max_bytes: int = 10**6, cut_at: int | None = None) -> Upload:
    body = request.read()[:cut_at]

    async def chunks() -> AsyncIterator[bytes]:
        for first in range(0, len(body), step):
            yield body[first : first + step]

    async def run() -> Upload:
        return await receive(chunks(), request.headers, folder, max_bytes)

    return anyio.run(run)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def folder(path: Path) -> UploadFolder:
    return UploadFolder(path)


@pytest.mark.parametrize("step", [1, 7, 1000, 10**6])
def test_bytes_arrive_unchanged_whatever_the_size_of_the_network_chunks(folder: UploadFolder, step: int) -> None:
    content = CONTENT[:3000] if step == 1 else CONTENT * 5
    got = upload(folder, form(content=content), step=step)
    assert got.partial.read_bytes() == content
    assert (got.bytes, got.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (got.filename, got.purpose) == ("a.txt", "assistants")


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "naïve 文.txt", ".."])
def test_a_name_is_data_and_never_a_path(folder: UploadFolder, path: Path, name: str) -> None:
    got = upload(folder, form(name))
    assert got.filename == name
    assert got.partial.parent == path
    got.move_to(folder.path_of("file-1"))
    assert [each.name for each in path.iterdir()] == ["file-1"]


def test_an_empty_file_is_accepted(folder: UploadFolder) -> None:
    assert upload(folder, form(content=b"")).bytes == 0


def test_a_file_of_exactly_the_limit_is_accepted_and_one_byte_more_is_not(folder: UploadFolder, path: Path) -> None:
    upload(folder, form(content=b"x" * 5000), max_bytes=5000).delete_partial()
    with pytest.raises(TooLarge, match="RETRIEVAL_MAX_FILE_BYTES"):
        upload(folder, form(content=b"x" * 5001), max_bytes=5000)
    assert list(path.iterdir()) == []


def test_an_announced_length_over_the_limit_is_refused_before_anything_is_read(folder: UploadFolder, path: Path) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    async def run() -> None:
        headers = {"content-length": "600000000", "content-type": "multipart/form-data; boundary=x"}
        await receive(chunks(), headers, folder, 10**6)

    with pytest.raises(TooLarge, match="RETRIEVAL_MAX_FILE_BYTES"):
        anyio.run(run)
    assert list(path.iterdir()) == []


def test_a_body_of_unannounced_length_ends_at_the_limit_of_the_file_and_its_form(folder: UploadFolder) -> None:
    read = 0

    async def preamble() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 10_000
            yield b"x" * 10_000

    async def run() -> None:
        await receive(preamble(), {"content-type": "multipart/form-data; boundary=b"}, folder, 10**6)

    with pytest.raises(TooLarge):
        anyio.run(run)
    assert read < 1_100_000


@pytest.mark.parametrize("cut_at", [0, 20, 300, 20_000, -4, -20])
def test_an_interrupted_upload_leaves_nothing(folder: UploadFolder, path: Path, cut_at: int) -> None:
    with pytest.raises(InvalidRequest):
        upload(folder, form(), cut_at=cut_at)
    assert list(path.iterdir()) == []


def test_a_client_that_disconnects_leaves_nothing(folder: UploadFolder, path: Path) -> None:
    request = form()

    async def chunks() -> AsyncIterator[bytes]:
        yield request.read()[:20_000]
        raise ConnectionResetError

    async def run() -> None:
        await receive(chunks(), request.headers, folder, 10**6)

    with pytest.raises(ConnectionResetError):
        anyio.run(run)
    assert list(path.iterdir()) == []


def test_a_full_disk_is_reported_and_leaves_nothing(folder: UploadFolder, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class FullDisk:
        def write(self, data: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self) -> None: ...

    monkeypatch.setattr(Path, "open", lambda *_: FullDisk())
    with pytest.raises(StorageFull, match="RETRIEVAL_FILES"):
        upload(folder, form())
    assert list(path.iterdir()) == []


@pytest.mark.parametrize(
    ("request_", "problem"),
    [
        (httpx.Request("POST", "http://x/", json={"a": 1}), "multipart/form-data"),
        (httpx.Request("POST", "http://x/", files={"other": ("a", b"")}), "part 'other'"),
        (httpx.Request("POST", "http://x/", files={"file": ("a", b"")}), "no complete part 'purpose'"),
        (httpx.Request("POST", "http://x/", files={"purpose": (None, b"assistants")}), "no complete part 'file'"),
        (httpx.Request("POST", "http://x/", files={"file": (None, b"x"), "purpose": (None, b"assistants")}), "no filename"),
        (httpx.Request("POST", "http://x/", files=[("file", ("a", b"x")), ("file", ("b", b"y"))]), "more than one"),
        (httpx.Request("POST", "http://x/", files=[("purpose", (None, b"a")), ("purpose", (None, b"b"))]), "more than one part 'purpose'"),
        (form(expires_after="1"), "'expires_after' must be an object; got the number 1"),
        (form(purpose="x" * 5000), "must have at most 4096 bytes"),
    ],
)
def test_a_wrong_form_is_refused_with_the_reason(folder: UploadFolder, path: Path, request_: httpx.Request, problem: str) -> None:
    with pytest.raises(TandemError, match=problem):
        upload(folder, request_)
    assert list(path.iterdir()) == []


def test_partial_files_of_a_killed_process_are_deleted_after_a_day(folder: UploadFolder, path: Path) -> None:
    fresh, old = folder.new_partial_path(), folder.new_partial_path()
    for each in (fresh, old):
        each.write_bytes(b"half")
    os.utime(old, (0, 0))
    folder.path_of("file-1").write_bytes(b"whole")
    folder.delete_old_partials()
    assert {each.name for each in path.iterdir()} == {fresh.name, "file-1"}
