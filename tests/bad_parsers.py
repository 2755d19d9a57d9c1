"""Readers that misbehave as real ones do on hostile files, to be run in the parser's process; a file's text says which way."""

import ctypes
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from services.retrieval.parse.document import Document


def misbehave(path: Path, filename: str) -> Document:
    """Do what the file says; return its text where it says nothing known."""
    text = path.read_text()
    act = {"crash": _crash, "hoard": _hoard, "hoard in C": _hoard_in_c, "hang": _hang, "quit": _quit, "bug": _bug, "flood": _flood}.get(
        text
    )
    if act is not None:
        act()
    if text == "flood text":
        return Document("x" * 3_000_000)
    if text == "look around":
        return Document(json.dumps(_surroundings()))
    if text.startswith("spawn "):
        _spawn(Path(text[6:]))
    return Document(text, note=filename)


def _crash() -> None:
    ctypes.string_at(0)


def _hoard() -> None:
    kept = []
    while True:
        kept.append(bytes(range(256)) * 40_000)


def _hoard_in_c() -> None:
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    while place := libc.malloc(ctypes.c_size_t(16 * 1024 * 1024)):
        ctypes.memset(place, 1, 16 * 1024 * 1024)
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


def _spawn(told: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    (told.parent / "pids.tmp").write_text(f"{os.getpid()} {child.pid}")
    (told.parent / "pids.tmp").rename(told)
    _hang()


def _surroundings() -> dict[str, list[str]]:
    links = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            links.append(str(descriptor.readlink()))
        except OSError:
            continue
    return {"modules": sorted(sys.modules), "environment": sorted(os.environ), "descriptors": links}
