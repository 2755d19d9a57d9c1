"""The process that runs embedding models: what its callers see when it is killed, when it ends with the service, when a model fails."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from services.retrieval.embedding.embedder import Embedder
from services.retrieval.embedding.model_client import ModelClient, ModelError, ModelNotLoaded
from services.retrieval.embedding.model_messages import EmbedTexts, LoadModel
from shared.errors import Unavailable
from tests.integration.tiny_models import make_embedder
from tests.serving import wait_until

SECONDS = 60.0
OWNER = """
import sys
from services.retrieval.embedding.embedder import Embedder
embedder = Embedder(sys.argv[1], "float32", 8)
embedder.load()
print(embedder.client.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return make_embedder(tmp_path_factory.mktemp("model"))


@pytest.fixture
def embedder(folder: str) -> Iterator[Embedder]:
    opened = Embedder(folder, "float32", 8)
    yield opened
    opened.close()


def kill(embedder: Embedder) -> None:
    pid = embedder.client.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: embedder.client.pid != pid, SECONDS)  # another one may run by then


def pid_said(owner: "subprocess.Popen[str]") -> int:
    assert owner.stdout is not None
    for line in owner.stdout:
        if line.strip().isdigit():
            return int(line)
    raise AssertionError("the owner ended")


def is_alive(pid: int) -> bool:
    """Tell whether a process runs. One that has ended stays as a zombie if its parent is gone and process 1 is no init."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def asked(embedder: Embedder) -> list[object]:
    """Return what the process is working on."""
    return [call.action for call, _ in list(embedder.client._pending.values())]


def test_a_killed_process_is_started_again_by_the_next_call(embedder: Embedder) -> None:
    before = embedder.embed_query("seal")
    kill(embedder)
    assert embedder.embed_query("seal") == pytest.approx(before)


def test_a_call_under_way_when_the_process_is_killed_is_made_once_more(embedder: Embedder) -> None:
    ends: list[object] = []

    def embed() -> None:
        try:
            ends.append(embedder.embed_passages(["word " * 50] * 2_000).shape)
        except Unavailable as error:
            ends.append(str(error))

    embedder.load()
    for kills in (1, 2):
        caller = threading.Thread(target=embed)
        caller.start()
        for _ in range(kills):
            wait_until(lambda: embedder.client.pid is not None and any(isinstance(each, EmbedTexts) for each in asked(embedder)), SECONDS)
            kill(embedder)
        caller.join(SECONDS)
    assert ends == [(2_000, embedder.dimension), "The process that runs the models ended. Try again."]
    assert len(embedder.embed_query("seal")) == embedder.dimension


def test_after_it_was_closed_calls_are_refused_and_nothing_runs(embedder: Embedder) -> None:
    embedder.load()
    pid = embedder.client.pid
    assert pid is not None
    embedder.close()
    embedder.close()
    assert not psutil.pid_exists(pid)
    with pytest.raises(Unavailable, match="stopping"):
        embedder.embed_query("seal")


def test_it_ends_when_the_service_is_killed(folder: str) -> None:
    command = [sys.executable, "-c", OWNER, folder]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as owner:
        pid = pid_said(owner)
        assert is_alive(pid)
        owner.kill()
    wait_until(lambda: not is_alive(pid), SECONDS)


def test_the_signals_that_end_the_service_do_not_end_it_before(embedder: Embedder) -> None:
    embedder.load()
    pid = embedder.client.pid
    assert pid is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(pid, number)
    embedder.embed_query("seal")
    assert embedder.client.pid == pid


def test_a_model_that_cannot_be_loaded_or_is_not_there_is_said(tmp_path: Path) -> None:
    process = ModelClient()
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(ModelNotLoaded):
        process.call("none", EmbedTexts(["text"], [1], None, False))
    with pytest.raises(ModelError, match="Error"):
        process.call("broken", LoadModel(str(tmp_path), "auto", 8))
    process.close()


def test_two_models_share_a_process(folder: str, tmp_path: Path) -> None:
    process = ModelClient()
    first, second = Embedder(folder, "float32", 8, "a", process), Embedder(make_embedder(tmp_path, width=16), "float32", 8, "b", process)
    assert (len(first.embed_query("seal")), len(second.embed_query("seal"))) == (first.dimension, 16)
    assert first.client.pid == second.client.pid
    second.unload()
    assert len(first.embed_query("seal")) == first.dimension
    process.close()


def test_a_call_that_waits_while_its_model_makes_room_for_another_is_done_all_the_same(embedder: Embedder) -> None:
    shapes: list[object] = []
    embedder.load()
    caller = threading.Thread(target=lambda: shapes.append(embedder.embed_passages(["word " * 50] * 3_000).shape))
    caller.start()
    wait_until(lambda: any(isinstance(each, EmbedTexts) for each in asked(embedder)), SECONDS)
    embedder.unload()
    caller.join(SECONDS)
    assert shapes == [(3_000, embedder.dimension)]


def test_letting_go_of_a_model_whose_process_was_killed_is_no_error(embedder: Embedder) -> None:
    embedder.load()
    kill(embedder)
    embedder.unload()
    assert not embedder.is_loaded
