"""The front door as a process of its own: how it starts, and that it ends when it is told to."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.fakes import DEADLINE, FakeEngine, free_port, serving, wait_until

STOP_SECONDS = 8
CALL = {"model": "tiny", "messages": [{"role": "user", "content": "one"}], "stream": True}


@contextmanager
def running(data: Path, engine_url: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    port = free_port()
    settings = {
        "TANDEM_DATA": str(data),
        "TANDEM_BASE_NAME": "tiny",
        "TANDEM_BROKER_URL": f"redis://127.0.0.1:{free_port()}/0",
        "GENERATION_ENGINE_URL": engine_url,
        "GENERATION_PORT": str(port),
    }
    command = [sys.executable, "-m", "services.generation.app"]
    with (data / "log").open("w") as log:
        process = subprocess.Popen(command, env={**os.environ, **settings}, stdout=log, stderr=subprocess.STDOUT, text=True)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: process.poll() is not None or is_live(url), 30)
        yield process, url
    finally:
        process.kill()
        process.wait()


def is_live(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/live").is_success
    except httpx.TransportError:
        return False


def test_sigterm_ends_it_within_seconds_and_the_generations_with_it(tmp_path: Path) -> None:
    engine = FakeEngine(hold=True)
    with serving(engine.app()) as engine_url, running(tmp_path, engine_url) as (process, url):
        with httpx.stream("POST", f"{url}/v1/chat/completions", json=CALL) as response:
            stream = response.iter_bytes()
            assert next(stream)
            started = time.monotonic()
            process.send_signal(signal.SIGTERM)
            process.wait(STOP_SECONDS)
        assert time.monotonic() - started < STOP_SECONDS
        assert engine.aborted.wait(DEADLINE)


def test_it_starts_without_any_neighbour_and_goes_on_after_a_kill(tmp_path: Path) -> None:
    dead = f"http://127.0.0.1:{free_port()}"
    for _ in range(2):
        with running(tmp_path, dead) as (process, url):
            assert httpx.get(f"{url}/v1/models").json()["data"][0]["id"] == "tiny"
            process.kill()
    assert "Traceback" not in (tmp_path / "log").read_text()
