"""The front door as a process of its own: how it starts, and that it ends when it is told to."""

import signal
import time
from pathlib import Path

import httpx

from tests.fakes import DEADLINE, FakeEngine, free_port, serving
from tests.integration.generation_service import running

STOP_SECONDS = 8
CALL = {"model": "tiny", "messages": [{"role": "user", "content": "one"}], "stream": True}


def test_sigterm_ends_it_within_seconds_and_the_generations_with_it(tmp_path: Path) -> None:
    engine = FakeEngine(hold=True)
    with serving(engine.app()) as engine_url, running(tmp_path, engine_url) as door:
        with httpx.stream("POST", f"{door.url}/v1/chat/completions", json=CALL) as response:
            stream = response.iter_bytes()
            assert next(stream)
            started = time.monotonic()
            door.process.send_signal(signal.SIGTERM)
            door.process.wait(STOP_SECONDS)
        assert time.monotonic() - started < STOP_SECONDS
        assert engine.aborted.wait(DEADLINE)


def test_it_starts_without_any_neighbour_and_goes_on_after_a_kill(tmp_path: Path) -> None:
    dead = f"http://127.0.0.1:{free_port()}"
    for _ in range(2):
        with running(tmp_path, dead) as door:
            assert httpx.get(f"{door.url}/v1/models").json()["data"][0]["id"] == "tiny"
            door.process.kill()
    assert "Traceback" not in (tmp_path / "log").read_text()
