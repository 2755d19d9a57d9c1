"""Of an archive, only an adapter's two files are ever written, and no archive can make that take memory or go elsewhere."""

import io
import tarfile
import tracemalloc
from pathlib import Path

import pytest

from services.generation.serving.imports.unpack import MAX_MEMBERS, unpack
from shared.errors import InvalidRequest, TooLarge
from tests.unit.generation.serving.imports.archives import compress, make_files, make_weights, pack

MAX_BYTES = 10**6


def open_archive(archive: bytes, folder: Path, max_bytes: int = MAX_BYTES) -> list[str]:
    folder.mkdir()
    unpack(io.BytesIO(archive), folder, max_bytes)
    return sorted(path.name for path in folder.iterdir())


def refuse(archive: bytes, folder: Path) -> str:
    with pytest.raises(InvalidRequest) as raised:
        open_archive(archive, folder)
    assert (raised.value.param, raised.value.code) == ("file", "invalid_archive")
    return raised.value.message


def special(name: str, type: bytes, linkname: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = type, linkname
    return member


@pytest.mark.parametrize("folder", ["", "./", "adapter/", "./modèle 文/", "x" * 200 + "/"])
@pytest.mark.parametrize("format", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_an_adapter_is_unpacked_from_the_root_or_one_folder(tmp_path: Path, folder: str, format: int) -> None:
    files = make_files(folder=folder)
    for number, archive in enumerate((pack(files, format=format), compress(pack(files, format=format)))):
        assert open_archive(archive, tmp_path / str(number)) == ["adapter_config.json", "adapter_model.safetensors"]
        assert (tmp_path / str(number) / "adapter_model.safetensors").read_bytes() == make_weights()


def test_other_files_of_a_peft_directory_are_not_written(tmp_path: Path) -> None:
    others = {
        "a/README.md": b"# card",
        "a/tokenizer.json": b"{}",
        "a/training_args.bin": b"\x80\x04",
        "a/manifest.json": b"{}",
        "a/._x": b"",
    }
    archive = pack({**others, **make_files(folder="a/")}, special("a", tarfile.DIRTYPE))
    assert open_archive(archive, tmp_path / "new") == ["adapter_config.json", "adapter_model.safetensors"]


@pytest.mark.parametrize("name", ["../adapter_config.json", "/etc/adapter_config.json", "a/../../x", "/tmp/x"])
def test_a_path_outside_of_the_root_is_refused(tmp_path: Path, name: str) -> None:
    assert "not below its root" in refuse(pack({name: b"{}", **make_files()}), tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


@pytest.mark.parametrize("type", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.CONTTYPE])
@pytest.mark.parametrize("name", ["adapter_model.safetensors", "README.md"])
def test_links_and_devices_are_refused(tmp_path: Path, type: bytes, name: str) -> None:
    assert "a link, a device or a sparse file" in refuse(pack(make_files(), special(name, type, "/etc/passwd")), tmp_path / "new")


def test_sparse_files_are_refused(tmp_path: Path) -> None:
    sparse = special("adapter_model.safetensors", tarfile.REGTYPE)
    sparse.pax_headers = {"GNU.sparse.map": "0,1", "GNU.sparse.size": "99999999999999"}
    assert "sparse" in refuse(pack({}, sparse), tmp_path / "new")


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "has no 'adapter_config.json'"),
        ({"adapter_config.json": b"{}"}, "has no 'adapter_model.safetensors'"),
        ({"adapter_config.json": b"{}", "adapter_model.bin": b"\x80"}, "Pickled weights are never loaded"),
        ({**make_files(), "a/adapter_config.json": b"{}"}, "more than once"),
        (make_files(folder="a/b/"), "in a folder of a folder"),
        ({"a/adapter_config.json": b"{}", "adapter_model.safetensors": b""}, "in the same folder"),
        (make_files(config=bytes(1024 * 1024 + 1)), "may have 1048576 bytes"),
        ({f"{number}": b"" for number in range(MAX_MEMBERS + 1)}, "more than 1000 files"),
    ],
)
def test_an_archive_that_is_no_adapter_says_why(tmp_path: Path, files: dict[str, bytes], words: str) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    with pytest.raises(InvalidRequest, match=words):
        unpack(io.BytesIO(pack(files)), folder, 10**8)


@pytest.mark.parametrize(
    "archive",
    [b"", b"PK\x03\x04", b"\x1f\x8b", b"\x1f\x8bgarbage" * 9, bytes(2000), b"x" * 5000, compress(b"x" * 5000)],
    ids=["empty", "zip", "two bytes of gzip", "broken gzip", "zeros", "text", "text in gzip"],
)
def test_a_file_that_is_no_archive_is_refused(tmp_path: Path, archive: bytes) -> None:
    assert refuse(archive, tmp_path / "new")


@pytest.mark.parametrize("cut", [100, 700, 1100, 1700])
@pytest.mark.parametrize("compressed", [False, True])
def test_an_archive_that_ends_early_is_refused(tmp_path: Path, cut: int, compressed: bool) -> None:
    archive = pack(make_files())
    assert refuse(compress(archive)[: cut // 5] if compressed else archive[:cut], tmp_path / "new")


@pytest.mark.parametrize("size", [-512, -1024, -(10**12), 10**15])
def test_a_size_that_leads_backward_or_beyond_the_end_is_refused(tmp_path: Path, size: int) -> None:
    member = special("README.md", tarfile.REGTYPE)
    member.size = size
    with pytest.raises((InvalidRequest, TooLarge)):
        open_archive(member.tobuf(tarfile.GNU_FORMAT) + pack(make_files()), tmp_path / "new")


@pytest.mark.parametrize("name", ["README.md", "adapter_model.safetensors"])
def test_a_compressed_bomb_ends_at_the_limit(tmp_path: Path, name: str) -> None:
    bomb = compress(pack({name: bytes(3 * MAX_BYTES)}))
    with pytest.raises(TooLarge, match=f"more than {MAX_BYTES} bytes"):
        open_archive(bomb, tmp_path / "new")
    assert sum(path.stat().st_size for path in (tmp_path / "new").iterdir()) <= MAX_BYTES


@pytest.mark.parametrize("type", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_a_header_as_long_as_the_archive_takes_no_memory(tmp_path: Path, type: bytes) -> None:
    member = special("x", type)
    member.size = 40 * 1024 * 1024
    bomb = compress(member.tobuf(tarfile.GNU_FORMAT) + bytes(member.size))
    (tmp_path / "new").mkdir()
    tracemalloc.start()
    try:
        with pytest.raises(InvalidRequest, match="header in it is too long"):
            unpack(io.BytesIO(bomb), tmp_path / "new", 10**9)
        assert tracemalloc.get_traced_memory()[1] < 4 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_headers_for_headers_are_refused(tmp_path: Path) -> None:
    member = special("x", tarfile.XGLTYPE)
    assert refuse(member.tobuf(tarfile.USTAR_FORMAT) * 1900 + pack(make_files()), tmp_path / "new")
