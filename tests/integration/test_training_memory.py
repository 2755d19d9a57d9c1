"""The memory that trainings take, with the default model, against the estimate that a job's event has."""

import contextlib
import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.training.data.validate import Dataset
from services.training.planning.estimate import estimate
from services.training.planning.execution import read_execution
from services.training.planning.hardware import has_gpu
from services.training.planning.job_folder import JobFolder
from services.training.planning.plan import LoraShape, write_plan
from services.training.supervision.run_trainer import ALLOCATOR, COMMAND, ENVIRONMENT, ROOT
from services.training.trainer.fence import format_deadline
from services.training.trainer.messages import parse_message
from shared.contracts.fine_tuning import SupervisedMethod
from shared.workers.threads import THREADS
from tests.unit.training.cases import MODEL, make_plan, make_schedule

NUM_STEPS = 3
SECONDS = 400.0

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not MODEL.is_dir(), reason="the default model is not prepared"),
    pytest.mark.skipif(has_gpu(), reason="the estimate is of a training without a GPU"),
]


@contextlib.contextmanager
def run_process(folder: JobFolder) -> Iterator["subprocess.Popen[str]"]:
    environment = {**THREADS, **ALLOCATOR, **os.environ, **ENVIRONMENT}
    process = subprocess.Popen(
        [*COMMAND, str(folder.path), str(MODEL)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def train_in_process(folder: JobFolder) -> dict[str, Any]:
    """Train by the plan in the folder, in a process of its own, and return the metrics."""
    with run_process(folder) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(format_deadline(time.monotonic() + SECONDS))
        process.stdin.flush()
        messages = [message for line in process.stdout if (message := parse_message(line))]
    assert messages[-1].kind == "trained", messages[-1]
    return messages[-1].fields


@pytest.mark.parametrize(
    ("rank", "batch_size", "lengths", "num_labels"),
    [(8, 8, [96, 112, 128], 16), (16, 2, [512], 256), (64, 1, [256], 128)],
    ids=["many short examples", "two long examples", "an adapter of a high rank"],
)
def test_the_peak_of_a_training_is_near_the_estimate(
    tmp_path: Path, rank: int, batch_size: int, lengths: list[int], num_labels: int
) -> None:
    rng, folder = random.Random(0), JobFolder(tmp_path)
    lengths = lengths * (NUM_STEPS * batch_size // len(lengths))
    examples = [[rng.randrange(1000, 40_000) for _ in range(length)] for length in lengths]
    lines = [json.dumps({"input_ids": ids, "labels": [-100] * (len(ids) - num_labels) + ids[-num_labels:]}) for ids in examples]
    folder.tokens("training").write_text("\n".join(lines))
    dataset = Dataset(
        sha256="0", lengths=lengths, num_labels=num_labels * len(lengths), truncated_lines=[], skipped_lines=[], num_without_end=0
    )
    settings = {"epochs": 1, "batch_size": batch_size, "steps_per_epoch": NUM_STEPS, "warmup_steps": 0}
    expected = estimate(make_schedule(**settings), dataset, SupervisedMethod.model_validate({"lora": {"rank": rank}}), MODEL)
    write_plan(make_plan(**settings, shape=LoraShape(rank, 2.0 * rank, 0.0), activation_bytes=expected.activation_bytes), folder)
    peak = train_in_process(folder)["peak_memory_bytes"]
    execution = read_execution(folder)
    assert execution
    assert execution.micro_batch == batch_size  # so the peak is of as many tokens as are useful at a time
    assert peak == pytest.approx(expected.memory_bytes, rel=0.15)
