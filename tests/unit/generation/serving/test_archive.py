"""An adapter's archive is a plain tar of its three files, streamed in small chunks and always the same."""

import io
import json
import shutil
import tarfile
from pathlib import Path

import pytest

from services.generation.http.reply import Reply
from services.generation.serving.archive import CHUNK_BYTES, FILES, open_archive
from shared.errors import TandemError, Unavailable

NAME = "ft:tiny:default:style:abcdefgh1234"
WEIGHTS = bytes(range(256)) * 5000 + b"end"

pytestmark = pytest.mark.anyio


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / NAME
    folder.mkdir()
    for name, content in zip(FILES, (b'{"r": 8}', WEIGHTS, b"{}"), strict=True):
        (folder / name).write_bytes(content)
    (folder / ".note").write_text("not a part of an adapter")
    return folder


async def read(reply: Reply) -> list[bytes]:
    try:
        return [chunk async for chunk in reply.chunks]
    finally:
        await reply.close()


async def test_the_archive_has_the_files_and_the_length_that_its_headers_say(folder: Path) -> None:
    reply = open_archive(folder, 1_767_225_600, "tiny")
    headers = dict(reply.headers)
    content = b"".join(await read(reply))
    assert len(content) == int(headers["Content-Length"])
    assert headers["Content-Disposition"] == 'attachment; filename="ft-tiny-default-style-abcdefgh1234.tar"'
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        members = archive.getmembers()
        assert [member.name for member in members] == list(FILES)
        assert {(member.mtime, member.mode, member.uid, member.uname) for member in members} == {(1_767_225_600, 0o644, 0, "")}
        read_back = archive.extractfile("adapter_model.safetensors")
        assert read_back is not None
        assert read_back.read() == WEIGHTS


async def test_the_same_adapter_gives_the_same_bytes_wherever_it_is(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / NAME
    shutil.copytree(folder, elsewhere)
    assert await read(open_archive(folder, 7, "tiny")) == await read(open_archive(elsewhere, 7, "tiny"))


async def test_large_weights_are_sent_in_small_chunks(folder: Path) -> None:
    with (folder / FILES[1]).open("wb") as file:
        file.truncate(64 * 1024 * 1024)
    reply = open_archive(folder, 7, "tiny")
    sizes = []
    async for chunk in reply.chunks:
        sizes.append(len(chunk))  # noqa: PERF401 - a list of the chunks themselves would be the whole archive
    await reply.close()
    assert max(sizes) == CHUNK_BYTES
    assert sum(sizes) == int(dict(reply.headers)["Content-Length"]) > 64 * 1024 * 1024


async def test_an_adapter_that_is_deleted_while_it_is_sent_arrives_complete(folder: Path) -> None:
    reply = open_archive(folder, 7, "tiny")
    shutil.rmtree(folder)
    assert len(b"".join(await read(reply))) == int(dict(reply.headers)["Content-Length"])


async def test_a_file_that_becomes_shorter_while_it_is_sent_is_an_error_and_not_a_wrong_archive(folder: Path) -> None:
    reply = open_archive(folder, 7, "tiny")
    (folder / FILES[1]).write_bytes(b"short")
    with pytest.raises(TandemError, match="is shorter than it was"):
        await read(reply)


@pytest.mark.parametrize("missing", FILES)
def test_an_adapter_without_one_of_its_files_is_unavailable(folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(Unavailable, match="'ft:tiny:default:style:abcdefgh1234' cannot be read here"):
        open_archive(folder, 7, "tiny")


@pytest.mark.parametrize(
    ("stored", "sent"),
    [("/srv/models/Tiny-135M", "tiny"), (".models/Tiny-135M", "tiny"), ("Org/Tiny-135M", "Org/Tiny-135M"), ("../x", "tiny")],
)
async def test_a_download_names_the_base_model_and_not_its_folder_on_the_server(folder: Path, stored: str, sent: str) -> None:
    (folder / FILES[0]).write_text(json.dumps({"base_model_name_or_path": stored, "r": 8}))
    (folder / FILES[2]).write_text(json.dumps({"base": stored, "base_name": "tiny", "note": "é"}))
    with tarfile.open(fileobj=io.BytesIO(b"".join(await read(open_archive(folder, 7, "tiny"))))) as archive:
        files = {member.name: archive.extractfile(member) for member in archive.getmembers()}
        config, manifest = (json.loads(file.read()) for file in (files[FILES[0]], files[FILES[2]]) if file)
    assert config == {"base_model_name_or_path": sent, "r": 8}
    assert manifest == {"base": sent, "base_name": "tiny", "note": "é"}
    assert json.loads((folder / FILES[0]).read_text())["base_model_name_or_path"] == stored
