"""A reader that misbehaves as real ones do on hostile files, for the sandbox's child processes. The text of the file says how."""

import ctypes
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from services.retrieval.parse.document import Document


def misbehave(path: Path, filename: str) -> Document:
    """Do what the file says; return its text if it names no action."""
    text = path.read_text()
    if text in ACTIONS:
        ACTIONS[text]()
    if text == "flood text":
        return Document("x" * 3_000_000)
    if text == "look around":
        return Document(json.dumps(_environment()))
    if text.startswith("spawn "):
        _spawn(Path(text[6:]))
    return Document(text, note=filename)


def _crash() -> None:
    ctypes.string_at(0)


def _hoard() -> None:
    blocks = []
    while True:
        blocks.append(bytes(range(256)) * 40_000)


def _hoard_in_c() -> None:
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    while block := libc.malloc(ctypes.c_size_t(16 * 1024 * 1024)):
        ctypes.memset(block, 1, 16 * 1024 * 1024)
    libc.abort()


def _hang() -> None:
    threading.Event().wait()


def _quit() -> None:
    os._exit(7)


def _bug() -> None:
    raise KeyError("no such part")


def _flood() -> None:
    with Path(f"/tmp/tandem-flood-{os.getpid()}").open("wb") as file:
        Path(file.name).unlink()
        while True:
            file.write(bytes(16 * 1024 * 1024))


def _spawn(pids: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import threading; threading.Event().wait()"])
    (pids.parent / "pids.tmp").write_text(f"{os.getpid()} {child.pid}")
    (pids.parent / "pids.tmp").rename(pids)
    _hang()


def _environment() -> dict[str, list[str]]:
    links = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            links.append(str(descriptor.readlink()))
        except OSError:
            continue
    return {"modules": sorted(sys.modules), "environment": sorted(os.environ), "descriptors": links}


ACTIONS = {"crash": _crash, "hoard": _hoard, "hoard in C": _hoard_in_c, "hang": _hang, "quit": _quit, "bug": _bug, "flood": _flood}
