"""The front door as a process: how it starts, and that it stops on SIGTERM."""

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from tests.fake_engine import FakeEngine
from tests.integration.generation_service import running
from tests.ports import free_port
from tests.serving import DEADLINE, fetch, serving, wait_until

STOP_SECONDS = 8
CALL = {"model": "tiny", "messages": [{"role": "user", "content": "one"}], "stream": True}


def test_sigterm_ends_it_within_seconds_and_the_generations_with_it(tmp_path: Path) -> None:
    engine = FakeEngine(hangs=True)
    with serving(engine.app()) as engine_url, running(tmp_path, engine_url) as door:
        with httpx.stream("POST", f"{door.url}/v1/chat/completions", json=CALL) as response:
            stream = response.iter_bytes()
            assert next(stream)
            started = time.monotonic()
            door.process.send_signal(signal.SIGTERM)
            door.process.wait(STOP_SECONDS)
        assert time.monotonic() - started < STOP_SECONDS
        assert engine.aborted.wait(DEADLINE)


def test_it_starts_without_the_services_it_calls_and_again_after_a_kill(tmp_path: Path) -> None:
    dead = f"http://127.0.0.1:{free_port()}"
    for _ in range(2):
        with running(tmp_path, dead) as door:
            assert httpx.get(f"{door.url}/v1/models").json()["data"][0]["id"] == "tiny"
            door.process.kill()
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_a_response_whose_front_door_was_killed_is_taken_over(tmp_path: Path) -> None:
    engine = FakeEngine(hangs=True)
    leases = {"GENERATION_BACKGROUND_LEASE_SECONDS": "1"}
    asked = {"model": "tiny", "input": "one two", "background": True, "stream": True}
    with serving(engine.app()) as engine_url:
        with running(tmp_path, engine_url, **leases) as door, httpx.stream("POST", f"{door.url}/v1/responses", json=asked) as response:
            before = events_until(response.iter_lines(), "response.output_text.delta")
            door.process.kill()
        id = before[0]["response"]["id"]
        assert engine.aborted.wait(DEADLINE)
        engine.hangs = False
        with running(tmp_path, engine_url, **leases) as door:
            url = f"{door.url}/v1/responses/{id}"
            wait_until(lambda: json.loads(fetch(url)[1])["status"] == "completed")
            with httpx.stream("GET", url, params={"stream": True, "starting_after": before[-1]["sequence_number"]}) as response:
                after = events_until(response.iter_lines(), "response.completed")
            assert httpx.get(url).json()["output"][0]["content"][0]["text"] == "one two "
    assert after[0]["type"] == "response.created"
    numbers = [event["sequence_number"] for event in after]
    assert numbers == list(range(numbers[0], numbers[0] + len(after)))
    assert numbers[0] > before[-1]["sequence_number"]


def test_several_front_doors_share_what_is_in_the_background(tmp_path: Path) -> None:
    engine = FakeEngine(hangs=True)
    asked = {"model": "tiny", "input": "one two", "background": True}
    with (
        serving(engine.app()) as engine_url,
        running(tmp_path, engine_url, GENERATION_BACKGROUND_LEASE_SECONDS="1") as one,
        running(tmp_path, engine_url, GENERATION_BACKGROUND_LEASE_SECONDS="1") as other,
    ):
        id = httpx.post(f"{one.url}/v1/responses", json=asked).json()["id"]
        assert engine.started.wait(DEADLINE)
        wait_until(lambda: json.loads(fetch(f"{other.url}/v1/responses/{id}")[1])["status"] == "in_progress")
        assert httpx.post(f"{other.url}/v1/responses/{id}/cancel").json()["status"] == "cancelled"
        assert engine.aborted.wait(DEADLINE)
        assert httpx.get(f"{one.url}/v1/responses/{id}").json()["status"] == "cancelled"
    assert len(engine.bodies) == 1


def events_until(lines: Iterator[str], kind: str) -> list[dict[str, Any]]:
    """Return the events of a stream up to the first of a kind."""
    events: list[dict[str, Any]] = []
    while not events or events[-1]["type"] != kind:
        line = next(lines)
        if line.startswith("data: "):
            events.append(json.loads(line.removeprefix("data: ")))
    return events
