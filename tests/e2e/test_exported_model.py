"""An adapter from elsewhere is imported and served; exported with its base, it is a model of its own that the engine loads."""

import asyncio
import io
import itertools
import json
import subprocess
import tarfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
import psutil
import pytest
from safetensors.numpy import save

from services.generation.serving.engine import Engine
from tests.e2e.stack import READY_SECONDS, Stack, until
from tests.ports import free_port
from tests.serving import fetch
from tests.unit.generation.serving.imports.archives import make_config, make_files, pack

RANK = 4
TEXT = "A buoy measures the water off the coast, and sends what it has measured to the station every hour."


def make_adapter(base: Path) -> bytes:
    """Return an archive with random weights for the queries of every layer, large enough to change what the model says."""
    config = json.loads((base / "config.json").read_text())
    random = np.random.default_rng(0)
    width = config["hidden_size"]
    weights = {}
    for layer in range(config["num_hidden_layers"]):
        name = f"base_model.model.model.layers.{layer}.self_attn.q_proj"
        weights[f"{name}.lora_A.weight"] = random.normal(0, 0.1, (RANK, width)).astype(np.float32)
        weights[f"{name}.lora_B.weight"] = random.normal(0, 0.1, (width, RANK)).astype(np.float32)
    return pack(make_files(make_config(r=RANK, lora_alpha=2 * RANK), save(weights)))


@contextmanager
def engine_of(folder: Path, stack: Stack) -> Iterator[str]:
    """Start another engine with the model in `folder`, as the stack has started its own; yield its URL."""
    running = psutil.Process(stack.pid("engine"))
    port = str(free_port())
    own = {"--port": port, "--model": str(folder), "--served-model-name": "merged"}
    before = running.cmdline()
    command = [own.get(before[place - 1], argument) for place, argument in enumerate(before)]
    with (folder.parent / "engine.log").open("wb") as log:
        process = subprocess.Popen(command, env=running.environ(), stdout=log, stderr=log)
        try:
            until(lambda: process.poll() is None and answers(f"http://127.0.0.1:{port}/health"), READY_SECONDS)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            process.wait(60)


def answers(url: str) -> bool:
    try:
        return fetch(url)[0] == 200
    except OSError:
        return False


def log_probabilities(url: str, model: str) -> Sequence[float]:
    """Return the log probability of each token of the text after the first. `url` is an engine's: the front door refuses this."""
    body = {"model": model, "prompt": TEXT, "max_tokens": 1, "echo": True, "logprobs": 0, "temperature": 0}
    reply = httpx.post(f"{url}/completions", json=body, timeout=300)
    assert reply.status_code == 200, reply.text
    found: list[float] = reply.json()["choices"][0]["logprobs"]["token_logprobs"][1:-1]
    return found


@contextmanager
def generating(stack: Stack, model: str, number: int) -> Iterator[None]:
    """Keep the engine busy with so many answers at a time, each to another prompt. None may fail."""
    stopped = threading.Event()

    def generate(worker: int) -> None:
        for turn in itertools.count():
            if stopped.is_set():
                return
            prompt = f"{worker} {turn} {TEXT}"
            body = {"model": model, "prompt": prompt, "max_tokens": 32, "ignore_eos": True}
            httpx.post(f"{stack.base_url}/completions", json=body, timeout=120).raise_for_status()

    with ThreadPoolExecutor(number) as pool:
        workers = [pool.submit(generate, worker) for worker in range(number)]
        try:
            until(lambda: stack.engine_metric("vllm:num_requests_running") >= number, 60)
            yield
        finally:
            stopped.set()
    for worker in workers:
        worker.result()


async def score(engine: str, model: str, tokens: list[int]) -> float:
    """Return the mean log probability of all tokens but the first, as the check of an adapter asks for it."""
    client = Engine("The engine", engine, 120)
    try:
        return await client.score(model, tokens, list(range(1, len(tokens))))
    finally:
        await client.close()


@pytest.fixture(scope="module")
def imported(stack: Stack, base: str) -> str:
    """Import the adapter, and return its name."""
    (folder,) = (path for path in (stack.data / "models").iterdir() if path.name.lower() == base)
    files = {"file": ("adapter.tar", make_adapter(folder))}
    response = httpx.post(f"{stack.base_url}/models/import", files=files, data={"model": base}, timeout=300)
    assert response.status_code == 200, response.text
    return str(response.json()["id"])


def test_the_check_of_an_adapter_beside_other_requests_ends_no_engine(stack: Stack, imported: str, base: str) -> None:
    engine = f"http://127.0.0.1:{stack.environment['TANDEM_ENGINE_PORT']}"
    expected = {model: np.mean(log_probabilities(f"{engine}/v1", model)) for model in (imported, base)}
    tokens = httpx.post(f"{engine}/tokenize", json={"model": base, "prompt": TEXT}, timeout=60).json()["tokens"]
    before = stack.pid("engine")
    with generating(stack, base, 4):
        measured = {model: asyncio.run(score(engine, model, tokens)) for model in (imported, base)}
    assert stack.pid("engine") == before
    assert measured == pytest.approx(expected, abs=0.1)
    assert abs(expected[imported] - expected[base]) > 0.2


def test_an_imported_adapter_that_is_exported_is_a_model_that_the_engine_loads_and_that_says_the_same(
    stack: Stack, http: httpx.Client, base: str, imported: str, tmp_path: Path
) -> None:
    archive = http.post(f"/models/{imported}/export", json={"merge": True, "dtype": "bfloat16"})
    assert archive.status_code == 200, archive.text
    with tarfile.open(fileobj=io.BytesIO(archive.content)) as tar:
        tar.extractall(tmp_path / "merged", filter="data")
    merged = next((tmp_path / "merged").rglob("config.json")).parent
    engine = f"http://127.0.0.1:{stack.environment['TANDEM_ENGINE_PORT']}/v1"
    adapted, plain = (np.array(log_probabilities(engine, each)) for each in (imported, base))
    with engine_of(merged, stack) as url:
        alone = np.array(log_probabilities(url, "merged"))
    assert np.abs(adapted - plain).mean() > 0.5
    assert np.abs(alone - adapted).mean() < 0.1 * np.abs(adapted - plain).mean()
