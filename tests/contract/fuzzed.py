"""Both services with fakes behind them, served over loopback with an API key, as the fuzzer meets them.

What the fuzzer looks for exists: in the document that it reads, the ids in the examples are those of objects that were created.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from openai import OpenAI
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from services.generation.app import create_app as create_front_door
from services.generation.contracts.chat.completions import ChatCompletionCreate, CompletionCreate
from services.generation.settings import GenerationSettings
from services.retrieval.app import create_app as create_retrieval
from services.retrieval.settings import RetrievalSettings
from shared.settings import JobSettings
from shared.web.auth import open_authenticator
from tests.fake_engine import FakeEngine, error_response
from tests.retrieval_harness import RetrievalHarness
from tests.serving import serving

KEY = "fuzzer-key"
MODEL = "smollm2-135m-instruct"
EMBEDDER = "words"
PROJECT = "default"
HOOKS = "https://hooks.invalid/"  # a name that no one can have (RFC 2606)
LINE = b'{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}\n'
QUESTION = b'{"question": "How much water does the pump deliver?", "answers": ["40 liters"]}\n'


class StrictEngine(FakeEngine):
    """A fake engine that refuses what it cannot read, as vLLM does."""

    async def _generate(self, request: Request) -> Response:
        model = CompletionCreate if request.url.path == "/v1/completions" else ChatCompletionCreate
        try:
            model.model_validate(json.loads(await request.body()))
            return await super()._generate(request)
        except (ValidationError, KeyError, IndexError, TypeError, AttributeError) as error:
            return error_response(400, "BadRequestError", f"The engine cannot read this: {error}")


@contextmanager
def serving_retrieval(folder: Path) -> Iterator[str]:
    """Serve retrieval with an index and embedders in plain Python, and a worker that indexes; yield its URL."""
    harness = RetrievalHarness(folder)
    harness.authenticator = open_authenticator(harness.database, {KEY: PROJECT}, None)
    try:
        with serving(create_retrieval(RetrievalSettings(), harness.parts())) as url:
            yield url
    finally:
        harness.close()


@contextmanager
def serving_front_door(folder: Path) -> Iterator[str]:
    """Serve the front door between a fake engine and that retrieval service; yield its URL."""
    common: Any = {"data": folder, "base_name": MODEL, "broker_url": "memory://", "keys": f"{PROJECT}:{KEY}", "worker_key": "a-worker-key"}
    settings = JobSettings(**common)
    _write_base_model(Path(settings.base_path))
    with serving(StrictEngine(model=MODEL).app()) as engine, serving_retrieval(folder) as retrieval:
        app = create_front_door(GenerationSettings(common=settings, engine_url=engine, retrieval_url=retrieval))
        with serving(app) as url:
            yield url


def _write_base_model(folder: Path) -> None:
    """Write the configuration of the base model, without which nothing can be estimated."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text('{"model_type": "llama", "hidden_size": 64, "vocab_size": 500, "num_hidden_layers": 2}')


def create_documents(url: str, examples: dict[str, Any]) -> dict[str, str]:
    """Create a file, a store and a batch; return the ids in the examples and what to put in their place."""
    with OpenAI(base_url=f"{url}/v1", api_key=KEY) as client:
        file = client.files.create(file=("pump.md", b"# Pump\n\nIt delivers 40 liters."), purpose="assistants")
        store = client.vector_stores.create(name="Handbooks")
        batch = client.vector_stores.file_batches.create_and_poll(store.id, file_ids=[file.id])
        body: Any = {"embedding_model": "letters"}
        moved: Any = client.post(f"/vector_stores/{store.id}/reembed", body=body, cast_to=object)
    made = {"FileObject": file.id, "VectorStore": store.id, "FileBatch": batch.id, "Reembedding": moved["id"]}
    return {"all-MiniLM-L6-v2": EMBEDDER, **{examples[name]["id"]: id for name, id in made.items() if name in examples}}


def create_jobs(url: str, examples: dict[str, Any]) -> dict[str, str]:
    """Create jobs of every kind, an eval and a response; return what to put in place of the ids in the examples."""
    with OpenAI(base_url=f"{url}/v1", api_key=KEY) as client:
        training = client.files.create(file=("train.jsonl", LINE * 10), purpose="fine-tune").id
        questions = client.files.create(file=("questions.jsonl", QUESTION), purpose="evals").id
        store = client.vector_stores.create(name="Handbooks").id
        job = client.fine_tuning.jobs.create(model=MODEL, training_file=training)
        response = client.responses.create(model=MODEL, input="How much?")
        chat = client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": "How much?"}], store=True)
        asked: Any = {"questions_file": questions, "model": MODEL, "vector_store_ids": [store]}
        comparison: Any = client.post("/comparisons", body=asked, cast_to=object)
        wanted: Any = {"vector_store_ids": [store]}
        dataset: Any = client.post("/datasets", body=wanted, cast_to=object)
        tickets: Any = client.post("/evals", body=examples["EvalCreate"], cast_to=object)
        run: Any = client.post(f"/evals/{tickets['id']}/runs", body=examples["RunCreate"], cast_to=object)
        hooks = client.webhooks.create(name="Hooks", url=HOOKS, event_types=["fine_tuning.job.succeeded"])
    made = {"FineTuningJob": job.id, "Response": response.id, "Comparison": comparison["id"], "Dataset": dataset["id"]}
    made |= {"StoredCompletion": chat.id, "WebhookEndpoint": hooks.id, "Eval": tickets["id"], "Run": run["id"]}
    files = {examples["FineTuningJobCreate"]["training_file"]: training, examples["ComparisonCreate"]["questions_file"]: questions}
    stores = {examples["ComparisonCreate"]["vector_store_ids"][0]: store, examples["ComparisonCreate"]["model"]: MODEL}
    return {**files, **stores, **{examples[name]["id"]: id for name, id in made.items()}}
