"""The process that runs embedding models: what callers see if it is killed or a model fails, and that it ends with the service."""

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
from services.retrieval.embedding.model_client import ModelClient
from services.retrieval.embedding.model_messages import EmbedTexts, LoadModel, ModelNotLoaded
from shared.errors import Unavailable
from shared.workers.child_calls import CallFailed
from tests.integration.tiny_models import make_embedder
from tests.serving import wait_until

SECONDS = 300.0
pytestmark = pytest.mark.timeout(900)  # the cores may be busy with other work
SERVICE = """
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
    wait_until(lambda: embedder.client.pid != pid, SECONDS)  # a new one may run already


def read_pid(service: "subprocess.Popen[str]") -> int:
    assert service.stdout is not None
    for line in service.stdout:
        if line.strip().isdigit():
            return int(line)
    raise AssertionError("the service ended")


def is_alive(pid: int) -> bool:
    """Return whether a process runs. One that has ended stays a zombie if its parent is gone and process 1 is no init."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def is_embedding(embedder: Embedder) -> bool:
    """Return whether the process runs and works on texts."""
    return embedder.client.pid is not None and any(isinstance(call.action, EmbedTexts) for call in embedder.client.pending)


def test_a_killed_process_is_started_again_by_the_next_call(embedder: Embedder) -> None:
    before = embedder.embed_query("seal")
    kill(embedder)
    assert embedder.embed_query("seal") == pytest.approx(before)


def test_a_call_is_repeated_once_if_the_process_is_killed(embedder: Embedder) -> None:
    results: list[object] = []

    def embed() -> None:
        try:
            results.append(embedder.embed_passages(["word " * 50] * 600).shape)
        except Unavailable as error:
            results.append(str(error))

    embedder.load()
    for kills in (1, 2):
        caller = threading.Thread(target=embed)
        caller.start()
        for _ in range(kills):
            wait_until(lambda: is_embedding(embedder), SECONDS)
            kill(embedder)
        caller.join(SECONDS)
    assert results == [(600, embedder.dimension), "The process that runs the embedding models ended. Try again."]
    assert len(embedder.embed_query("seal")) == embedder.dimension


def test_a_question_is_embedded_although_the_process_is_killed_after_it_was_sent(embedder: Embedder) -> None:
    vector = embedder.embed_query("seal")
    pid = embedder.client.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    wait = embedder.start_query("seal")
    os.kill(pid, signal.SIGKILL)
    assert wait() == pytest.approx(vector)
    assert wait() == pytest.approx(vector)


def test_after_closing_calls_are_refused_and_no_process_runs(embedder: Embedder) -> None:
    embedder.load()
    pid = embedder.client.pid
    assert pid is not None
    embedder.close()
    embedder.close()
    assert not psutil.pid_exists(pid)
    with pytest.raises(Unavailable, match="stopping"):
        embedder.embed_query("seal")


def test_the_process_ends_when_the_service_is_killed(folder: str) -> None:
    command = [sys.executable, "-c", SERVICE, folder]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as service:
        pid = read_pid(service)
        assert is_alive(pid)
        service.kill()
    wait_until(lambda: not is_alive(pid), SECONDS)


def test_the_process_ignores_the_signals_that_stop_the_service(embedder: Embedder) -> None:
    embedder.load()
    pid = embedder.client.pid
    assert pid is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(pid, number)
    embedder.embed_query("seal")
    assert embedder.client.pid == pid


def test_a_model_that_is_not_loaded_or_cannot_be_loaded_is_reported(tmp_path: Path) -> None:
    client = ModelClient()
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(ModelNotLoaded):
        client.call("none", EmbedTexts(["text"], [1], None, False))
    with pytest.raises(CallFailed, match="Error"):
        client.call("broken", LoadModel(str(tmp_path), "auto", 8))
    client.close()


def test_two_models_share_a_process(folder: str, tmp_path: Path) -> None:
    client = ModelClient()
    first, second = Embedder(folder, "float32", 8, "a", client), Embedder(make_embedder(tmp_path, width=16), "float32", 8, "b", client)
    assert (len(first.embed_query("seal")), len(second.embed_query("seal"))) == (first.dimension, 16)
    assert first.client.pid == second.client.pid
    second.unload()
    assert len(first.embed_query("seal")) == first.dimension
    client.close()


def test_a_waiting_call_is_done_even_if_its_model_is_unloaded(embedder: Embedder) -> None:
    shapes: list[object] = []
    embedder.load()
    caller = threading.Thread(target=lambda: shapes.append(embedder.embed_passages(["word " * 50] * 3_000).shape))
    caller.start()
    wait_until(lambda: is_embedding(embedder), SECONDS)
    embedder.unload()
    caller.join(SECONDS)
    assert shapes == [(3_000, embedder.dimension)]


def test_unloading_a_model_whose_process_was_killed_is_no_error(embedder: Embedder) -> None:
    embedder.load()
    kill(embedder)
    embedder.unload()
    assert not embedder.is_loaded
