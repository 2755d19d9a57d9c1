"""An adapter from elsewhere is imported and served; exported with its base, it is a model of its own that the engine loads."""

import io
import json
import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
import psutil
from safetensors.numpy import save

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
    """Return the log probability of each token of the text after the first."""
    body = {"model": model, "prompt": TEXT, "max_tokens": 1, "echo": True, "logprobs": 0, "temperature": 0}
    reply = httpx.post(f"{url}/completions", json=body, timeout=300)
    assert reply.status_code == 200, reply.text
    found: list[float] = reply.json()["choices"][0]["logprobs"]["token_logprobs"][1:-1]
    return found


def test_an_imported_adapter_that_is_exported_is_a_model_that_the_engine_loads_and_that_says_the_same(
    stack: Stack, http: httpx.Client, base: str, tmp_path: Path
) -> None:
    (folder,) = (path for path in (stack.data / "models").iterdir() if path.name.lower() == base)
    imported = http.post("/models/import", files={"file": ("adapter.tar", make_adapter(folder))}, data={"model": base})
    assert imported.status_code == 200, imported.text
    model = imported.json()["id"]
    archive = http.post(f"/models/{model}/export", json={"merge": True, "dtype": "bfloat16"})
    assert archive.status_code == 200, archive.text
    with tarfile.open(fileobj=io.BytesIO(archive.content)) as tar:
        tar.extractall(tmp_path / "merged", filter="data")
    merged = next((tmp_path / "merged").rglob("config.json")).parent
    adapted, plain = (np.array(log_probabilities(stack.base_url, each)) for each in (model, base))
    with engine_of(merged, stack) as url:
        alone = np.array(log_probabilities(url, "merged"))
    assert np.abs(adapted - plain).mean() > 0.5
    assert np.abs(alone - adapted).mean() < 0.1 * np.abs(adapted - plain).mean()
