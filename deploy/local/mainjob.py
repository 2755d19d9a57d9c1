"""The main job through the API, as in a user's own script: documents, a fine-tuned model, a comparison, its report.

Uses the stock `openai` SDK. OpenAI has no comparisons, so these use the client's plain `get` and `post`.
"""

import time
from collections.abc import Callable
from pathlib import Path

import httpx
from openai import OpenAI
from openai.types import FileChunkingStrategyParam
from openai.types.fine_tuning import FineTuningJob
from openai.types.fine_tuning.job_create_params import Method

from deploy.local.progress import Update
from shared.contracts.comparisons import Comparison

POLL_SECONDS = 0.5
# Sized for two cores without bfloat16, where every token of a prompt costs 5 to 10 ms: one epoch, one small chunk, short answers.
CHUNKING: FileChunkingStrategyParam = {"type": "static", "static": {"max_chunk_size_tokens": 80, "chunk_overlap_tokens": 16}}
RETRIEVAL = {"max_num_results": 2, "max_context_tokens": 320}
METHOD: Method = {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 1}}}
MAX_TOKENS = 16


class JobFailed(Exception):
    """A step of the main job failed; the message has the service's error."""


class MainJob:
    """The steps. `check` is called while a step waits; it raises an exception if the stack has stopped."""

    def __init__(self, client: OpenAI, check: Callable[[], None]) -> None:
        self._client = client
        self._check = check

    def upload(self, folder: Path, update: Update) -> list[str]:
        """Upload every document in a folder; return the ids of the files."""
        paths = sorted(path for path in folder.iterdir() if path.is_file())
        ids = []
        for number, path in enumerate(paths, start=1):
            ids.append(self._client.files.create(file=path, purpose="assistants").id)
            update(number / len(paths), f"{number} of {len(paths)} documents")
        return ids

    def index(self, name: str, file_ids: list[str], update: Update) -> str:
        """Create a vector store with these files and wait until all of them can be searched; return its id."""
        store = self._client.vector_stores.create(name=name, file_ids=file_ids, chunking_strategy=CHUNKING)
        while store.file_counts.in_progress:
            update(1 - store.file_counts.in_progress / store.file_counts.total, f"{store.file_counts.completed} of {len(file_ids)} indexed")
            self._wait()
            store = self._client.vector_stores.retrieve(store.id)
        for file in self._client.vector_stores.files.list(store.id, filter="failed"):
            raise JobFailed(f"{file.id} could not be indexed: {file.last_error.message if file.last_error else 'no reason given'}")
        return store.id

    def fine_tune(self, model: str, training: Path, suffix: str, update: Update) -> str:
        """Train an adapter for `model`; return the name of the fine-tuned model."""
        file = self._client.files.create(file=training, purpose="fine-tune")
        job = self._client.fine_tuning.jobs.create(model=model, training_file=file.id, suffix=suffix, method=METHOD)
        while job.status not in ("succeeded", "failed", "cancelled"):
            update(*self._training_progress(job))
            self._wait()
            job = self._client.fine_tuning.jobs.retrieve(job.id)
        if job.status != "succeeded" or not job.fine_tuned_model:
            raise JobFailed(f"{job.id} {job.status}: {job.error.message if job.error else 'no reason given'}")
        return job.fine_tuned_model

    def compare(self, model: str, store_id: str, questions: Path, update: Update) -> Comparison:
        """Compare the arms on the questions; return the comparison with its result."""
        file = self._client.files.create(file=questions, purpose="evals")
        inputs = {"questions_file": file.id, "model": model, "vector_store_ids": [store_id]}
        body = {**inputs, "max_tokens": MAX_TOKENS, "retrieval": RETRIEVAL}
        comparison = _read(self._client.post("/comparisons", cast_to=httpx.Response, body=body))
        while comparison.status in ("queued", "running"):
            update(comparison.percent / 100, comparison.stage)
            self._wait()
            comparison = _read(self._client.get(f"/comparisons/{comparison.id}", cast_to=httpx.Response))
        if comparison.status != "succeeded" or comparison.result is None:
            raise JobFailed(f"{comparison.id} {comparison.status}: {comparison.error.message if comparison.error else 'no reason given'}")
        return comparison

    def save_report(self, comparison: Comparison, folder: Path) -> list[Path]:
        """Download the report in both formats into `folder`; return their paths."""
        assert comparison.result is not None
        folder.mkdir(parents=True, exist_ok=True)
        formats = {"html": comparison.result.report_html, "json": comparison.result.report_json}
        paths = []
        for ending, file_id in formats.items():
            paths.append(folder / f"{comparison.id}.{ending}")
            paths[-1].write_bytes(self._client.files.content(file_id).read())
        return paths

    def _training_progress(self, job: FineTuningJob) -> tuple[float, str]:
        """Return the part of the training that is done (0 to 1), and a note with its latest step and loss."""
        done = float((job.model_extra or {}).get("percent", 0)) / 100
        for event in self._client.fine_tuning.jobs.list_events(job.id, limit=5).data:
            if event.type == "metrics" and isinstance(event.data, dict):
                return done, "step {step} of {total_steps}, loss {train_loss:.3f}".format(**event.data)
        return done, str((job.model_extra or {}).get("stage", job.status))

    def _wait(self) -> None:
        self._check()
        time.sleep(POLL_SECONDS)


def _read(response: httpx.Response) -> Comparison:
    return Comparison.model_validate_json(response.content)
