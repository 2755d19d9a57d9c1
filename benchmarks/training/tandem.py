"""Trains as a job does: the file is checked and encoded, a plan is made, and the training process runs by it.

What is left out: the database, the queue, and the publishing of the adapter.
"""

import threading
import time
from pathlib import Path
from typing import Any

from benchmarks.training.examples import BATCH_SIZE, LEARNING_RATE, RANK, SEED, Example, read_tokens, write_chats
from services.training.data.encode import open_encoder
from services.training.data.validate import validate_dataset
from services.training.planning.estimate import estimate
from services.training.planning.job_folder import JobFolder
from services.training.planning.plan import build_plan, write_plan
from services.training.supervision.run_trainer import Launch, run_trainer
from shared.contracts.fine_tuning import Method, TrainingSpec
from shared.planning.schedule import LEARNING_RATE_UNIT, choose_schedule
from shared.records.database import Database
from shared.records.jobs import Job
from shared.workers.job_context import LEASE_SECONDS, JobContext

MAX_LENGTH = 1024
CHECKPOINT_SECONDS = 3600.0


class BenchmarkContext(JobContext):
    """A job that nobody else can claim. Its events go nowhere."""

    def __init__(self) -> None:
        super().__init__(Database("sqlite://"), Job(cancel_requested=False, takeovers=0), "benchmark", threading.Event())

    @property
    def lease_deadline(self) -> float:
        """Until when the training process may run: it is renewed with each look."""
        return time.monotonic() // 1 + LEASE_SECONDS

    def add_event(self, message: str, *, level: str = "info", type: str = "message", data: dict[str, Any] | None = None) -> None:  # noqa: ARG002  as the job's
        """Fail if the training had to be restarted, since its time would not count."""
        if level == "warn":
            raise RuntimeError(message)

    def _set_takeovers(self, takeovers: int) -> None:
        """Count without a database."""
        self.job.takeovers = takeovers


def train(examples: list[Example], base: Path, folder: Path) -> dict[str, Any]:
    """Train on the examples; return the training process's metrics. The adapter is in `folder`/adapter.

    Raises:
        ValueError: if the tokens or labels are not those of the other arms.
    """
    job, source = JobFolder(folder), folder / "training.jsonl"
    write_chats(examples, source)
    method = Method.model_validate({"type": "supervised", "supervised": _OPTIONS})
    spec = TrainingSpec(model="base", training_file="file-1", validation_file=None, suffix=None, seed=SEED, method=method)
    dataset = validate_dataset(source, job.tokens("training"), open_encoder(base), MAX_LENGTH, param="training_file", minimum=1)
    if read_tokens(job.tokens("training")) != [example.tokens for example in examples]:
        raise ValueError("The tokens or labels are not those of the other arms.")
    schedule = choose_schedule(method.options.hyperparameters, len(examples))
    expected = estimate(schedule, dataset, method.options, base)
    plan = build_plan(
        spec, schedule, checkpoint_seconds=CHECKPOINT_SECONDS, activation_bytes=expected.activation_bytes, max_length=MAX_LENGTH
    )
    write_plan(plan, job)
    return run_trainer(Launch(), job, base, BenchmarkContext(), lambda _: None)


_OPTIONS = {
    "hyperparameters": {
        "n_epochs": 1,
        "batch_size": BATCH_SIZE,
        "learning_rate_multiplier": LEARNING_RATE / LEARNING_RATE_UNIT,
        "warmup_steps": 0,
    },
    "lora": {"rank": RANK},
}
