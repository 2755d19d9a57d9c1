"""Measures the speed of a training in a few steps, in the training process, with a job's default options.

The tokens are random, because the time of a step does not depend on what they say. Nothing is published: the folder is deleted at the end.
"""

import json
import random
from pathlib import Path

from services.training.data.base_model import find_base_model
from services.training.data.validate import Dataset
from services.training.planning.estimate import Estimate, estimate, read_size
from services.training.planning.gpu_memory import estimate_gpu_memory
from services.training.planning.hardware import find_trainable, has_gpu
from services.training.planning.job_folder import JobFolder
from services.training.planning.plan import Plan, build_plan, write_plan
from services.training.supervision.interruptible import run_in_thread
from services.training.supervision.run_trainer import Launch, run_trainer
from shared.contracts.fine_tuning import Hyperparameters, Method, SupervisedMethod, TrainingSpec
from shared.errors import TandemError
from shared.planning.schedule import MAX_AUTO_BATCH, choose_schedule
from shared.workers.job_context import JobContext
from shared.workers.scratch import open_scratch

WARM_UP_STEPS, MEASURED_STEPS = 1, 2
STEPS = WARM_UP_STEPS + MEASURED_STEPS
TOKENS = 256  # of an example; half of them are learned
BATCH_SIZE = 4  # without a GPU
PARTS = 2  # of a batch without a GPU: in a file, the longest example allows fewer tokens at a time than most examples have
IGNORED = -100
SEED = 0
NO_CHECKPOINT = 1e9  # seconds


def measure_speed(base: str, launch: Launch, context: JobContext) -> float:
    """Return the tokens per second of a LoRA training of `base`, a directory or a Hugging Face id, with the default options.

    Raises:
        JobInterrupted: if the context says that it must end; the training process is gone then.
        TandemError: if the speed could not be measured; the message says why.
    """
    model = run_in_thread(lambda: find_base_model(base), context)
    with open_scratch("calibration") as path:
        folder = JobFolder(path)
        batch_size = MAX_AUTO_BATCH if has_gpu() else BATCH_SIZE
        plan = _prepare(folder, model, batch_size, launch)
        run_trainer(launch, folder, model, context, lambda _: None)
        return round(batch_size * TOKENS * MEASURED_STEPS / _read_seconds(folder, plan), 1)


def _prepare(folder: JobFolder, base: Path, batch_size: int, launch: Launch) -> Plan:
    """Write the examples and the plan to the folder; return the plan."""
    lengths = [TOKENS] * (batch_size * STEPS)
    dataset = Dataset("", lengths, len(lengths) * TOKENS // 2, [], [], 0)
    requested = Hyperparameters(n_epochs=1, batch_size=batch_size, gradient_accumulation_steps=1 if has_gpu() else PARTS)
    method = Method(supervised=SupervisedMethod(hyperparameters=requested))
    spec = TrainingSpec(model="base", training_file="none", validation_file=None, suffix=None, seed=SEED, method=method)
    schedule = choose_schedule(requested, len(lengths))
    expected = estimate(schedule, dataset, method.options, base)
    plan = build_plan(spec, schedule, checkpoint_seconds=NO_CHECKPOINT, activation_bytes=expected.activation_bytes, max_length=TOKENS)
    _check_memory(expected, estimate_gpu_memory(plan, dataset, base, folder), launch)
    write_plan(plan, folder)
    _write_examples(folder.tokens("training"), len(lengths), read_size(base).vocabulary)
    return plan


def _check_memory(expected: Estimate, least_on_gpu: int, launch: Launch) -> None:
    """Raise TandemError if memory could run out: a calibration must not cost other processes on the device theirs."""
    needed = least_on_gpu if has_gpu() else expected.memory_bytes
    free = find_trainable(launch.parallelism.processes, sharded=launch.parallelism.sharded).free_bytes
    if free < needed:
        raise TandemError(f"{STEPS} steps need {needed / 1e9:.1f} GB of memory, and {free / 1e9:.1f} GB is free.", code="out_of_memory")


def _write_examples(path: Path, count: int, vocabulary: int) -> None:
    tokens = random.Random(SEED)  # noqa: S311  nothing is secret
    with path.open("w") as file:
        for _ in range(count):
            ids = [tokens.randrange(vocabulary) for _ in range(TOKENS)]
            learned = TOKENS // 2
            file.write(json.dumps({"input_ids": ids, "labels": [IGNORED] * (TOKENS - learned) + ids[-learned:]}) + "\n")


def _read_seconds(folder: JobFolder, plan: Plan) -> float:
    """Return how long the measured steps took, by the times that the training process wrote at their ends. A restart repeats steps."""
    steps = [json.loads(line) for line in folder.steps.read_text().splitlines() if line]
    ends = {each["step"]: each["time"] for each in steps}
    return max(float(ends[plan.total_steps] - ends[WARM_UP_STEPS]), 0.001)  # times have milliseconds
