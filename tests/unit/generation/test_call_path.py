"""How many files of the front door one call passes through: what a newcomer must read to follow it.

A file counts if one of its functions runs while the front door answers the call; data schemas (`contracts`) do not count. `waiting` are
those of them in which the call can wait (a coroutine or an asynchronous generator runs): its way from step to step. The others are
calculations that a step calls, such as filling a template. To print the files: `pytest -s tests/unit/generation/test_call_path.py`.
"""

import inspect
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import httpx
import pytest

from tests.fake_retrieval import FakeRetrieval, make_hit
from tests.unit.generation.conftest import FrontDoor

ROOT = Path(__file__).parents[3] / "services" / "generation"
QUESTION = "How many arms?"
MESSAGES = [{"role": "user", "content": QUESTION}]
STORES = {"vector_store_ids": ["vs_a"]}
SEARCH = {"type": "file_search", **STORES}

# The call, and the most files that it may pass through: all of them, and those in which it can wait.
CALLS: dict[str, tuple[str, dict[str, Any], int, int]] = {
    "a plain chat": ("/v1/chat/completions", {"messages": MESSAGES}, 7, 7),
    "a streamed chat": ("/v1/chat/completions", {"messages": MESSAGES, "stream": True}, 8, 7),
    "a chat with documents": ("/v1/chat/completions", {"messages": MESSAGES, "retrieval": STORES}, 14, 13),
    "a streamed response": ("/v1/responses", {"input": QUESTION, "stream": True}, 14, 9),
    "a streamed response with documents": ("/v1/responses", {"input": QUESTION, "stream": True, "tools": [SEARCH]}, 22, 14),
}


@dataclass
class CallPath:
    """The files whose functions ran, by their path in the service."""

    files: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)

    def add(self, frame: FrameType, event: str, _: Any) -> None:
        """Note a function that begins or continues; a profile function."""
        path = Path(frame.f_code.co_filename)
        if event != "call" or not path.is_relative_to(ROOT) or path.is_relative_to(ROOT / "contracts"):
            return
        name = str(path.relative_to(ROOT))
        self.files.add(name)
        if frame.f_code.co_flags & (inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR):
            self.waiting.add(name)


class Recorder:
    """Records the path of a call in every thread that starts while this is installed."""

    def __init__(self) -> None:
        self.path: CallPath | None = None

    def profile(self, frame: FrameType, event: str, argument: Any) -> None:
        """Pass an event on to the path of the call, if one is being recorded."""
        if self.path is not None:
            self.path.add(frame, event, argument)

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Profile the threads that start inside the block."""
        previous = threading.getprofile()
        threading.setprofile(self.profile)
        try:
            yield
        finally:
            threading.setprofile(previous)

    def record(self, call: Any) -> CallPath:
        """Return the path of `call`."""
        self.path = path = CallPath()
        try:
            call()
        finally:
            self.path = None
        return path


@pytest.fixture(scope="module")
def profiled(open_front_door: FrontDoor) -> Iterator[tuple[Recorder, str]]:
    """A front door whose threads are profiled, and whose periodic tasks do not run during the test."""
    recorder = Recorder()
    with recorder.installed(), open_front_door(sweep_seconds=3600, engine_check_seconds=3600, background_lease_seconds=3600) as url:
        yield recorder, url


@pytest.mark.parametrize("name", CALLS)
def test_a_call_passes_through_few_files(profiled: tuple[Recorder, str], retrieval: FakeRetrieval, name: str) -> None:
    recorder, url = profiled
    retrieval.add_store([make_hit("Arms: two.", 0.9), make_hit("It floats.", 0.5, position=1)])
    path, body, max_files, max_waiting = CALLS[name]

    def call() -> None:
        assert httpx.post(url + path, json={"model": "tiny", **body}, timeout=20).status_code == 200

    call()  # opens connections, and compiles templates
    # What the front door does when it starts may still be running during one of the calls.
    paths = [recorder.record(call) for _ in range(3)]
    passed = CallPath(set.intersection(*(each.files for each in paths)), set.intersection(*(each.waiting for each in paths)))
    listed = "\n".join(f"  {file}{' (waits)' if file in passed.waiting else ''}" for file in sorted(passed.files))
    sys.stdout.write(f"\n{name}: {len(passed.files)} files, {len(passed.waiting)} of them wait\n{listed}\n")
    assert len(passed.files) <= max_files
    assert len(passed.waiting) <= max_waiting
