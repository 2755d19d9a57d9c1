"""The front door over HTTP: files arrive whole or not at all, answers as text, refusals as our errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from services.training.front_door import FrontDoor, open_front_door_client
from shared.errors import AuthenticationFailed, NotFound, Unavailable
from tests.fake_front_door import Door, open_door
from tests.ports import free_port

QUESTION = [{"role": "user", "content": "Who?"}]


@pytest.fixture
def door() -> Iterator[Door]:
    with open_door(Door({"Who?": "Ada"})) as door:
        yield door


@contextmanager
def connected(url: str, key: str | None = None) -> Iterator[FrontDoor]:
    with open_front_door_client(url) as client:
        yield FrontDoor(client, key, "apollo")


def test_a_file_arrives_as_it_is_for_the_jobs_project(door: Door, tmp_path: Path) -> None:
    content = bytes(range(256)) * 1000
    file = door.put("data.jsonl", content, "fine-tune")
    with connected(door.url) as front_door:
        front_door.fetch(file["id"], tmp_path / "data.jsonl")
    assert (tmp_path / "data.jsonl").read_bytes() == content
    assert door.headers[-1]["x-tandem-project"] == "apollo"


def test_a_file_that_does_not_exist_leaves_nothing_behind(door: Door, tmp_path: Path) -> None:
    with connected(door.url) as front_door, pytest.raises(NotFound, match="no file 'file-9'"):
        front_door.fetch("file-9", tmp_path / "data.jsonl")
    assert list(tmp_path.iterdir()) == []


def test_a_transfer_that_breaks_off_leaves_no_file_under_its_name(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"the first half"
        raise httpx.ReadError("connection reset")

    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=pieces()))
    with pytest.raises(Unavailable, match="TANDEM_API_URL"):
        FrontDoor(httpx.Client(base_url="http://door", transport=transport), None, "apollo").fetch("file-1", tmp_path / "data.jsonl")
    assert not (tmp_path / "data.jsonl").exists()


def test_a_model_is_asked_for_its_most_likely_answer(door: Door) -> None:
    with connected(door.url) as front_door:
        assert front_door.ask("ft:a-model", QUESTION, 32) == "nobody knows"
    assert door.asked == [("Who?", "ft:a-model", False)]


def test_a_wrong_key_and_a_door_that_is_gone_are_told_apart(door: Door, tmp_path: Path) -> None:
    door.worker_key = "worker-key-1"
    with connected(door.url, "worker-key-1") as front_door:
        assert front_door.ask("ft:a-model", QUESTION, 32)
    with connected(door.url, "worker-key-2") as front_door, pytest.raises(AuthenticationFailed):
        front_door.ask("ft:a-model", QUESTION, 32)
    with connected(f"http://127.0.0.1:{free_port()}") as front_door, pytest.raises(Unavailable):
        front_door.fetch("file-1", tmp_path / "data.jsonl")


def test_an_answer_that_is_none_is_a_neighbour_out_of_order() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"choices": []}))
    with pytest.raises(Unavailable, match="no chat completion"):
        FrontDoor(httpx.Client(base_url="http://door", transport=transport), None, "apollo").ask("m", QUESTION, 32)
