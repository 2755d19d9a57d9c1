"""The memory that trainings take, beside the estimate of `POST /v1/fine_tuning/estimate`.

python -m benchmarks.training memory

Each training is a process of its own, as the worker's is, with
one thread, on random tokens, half of which are learned. The models have the sizes of published ones, and random weights, because memory
does not depend on their values. Of the default model, only the tokenizer is needed.
"""

import json
import os
import random
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.processes import ROOT
from benchmarks.tables import Progress, table
from services.training.planning.execution import Execution, write_execution
from services.training.planning.job_folder import JobFolder
from services.training.planning.plan import LoraShape, Plan, write_plan
from services.training.supervision.run_trainer import ALLOCATOR, ENVIRONMENT
from shared.contracts.fine_tuning import ALL_LINEAR
from shared.planning.memory import Computation, MethodName, TrainingMemory, estimate_memory
from shared.planning.micro_batch import USEFUL_TOKENS, find_largest_useful
from shared.planning.model_size import ModelSize, read_model_size
from shared.settings import JobSettings
from shared.workers.threads import THREADS

STEPS = 3
LEARNED = 0.5  # the share of an example's tokens that are learned
TOKENIZER = ("tokenizer.json", "tokenizer_config.json")
# The sizes in the models' published `config.json`: width, inner width, blocks, heads, heads of keys and values.
SIZES = ("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads")
SMOLLM = {"model_type": "llama", "vocab_size": 49_152, "tie_word_embeddings": True}
QWEN = {"vocab_size": 151_936, "tie_word_embeddings": True}
MODELS: dict[str, dict[str, Any]] = {
    "SmolLM2-135M": {**SMOLLM, **dict(zip(SIZES, (576, 1536, 30, 9, 3), strict=True))},
    "SmolLM2-360M": {**SMOLLM, **dict(zip(SIZES, (960, 2560, 32, 15, 5), strict=True))},
    "Qwen2.5-0.5B": {**QWEN, "model_type": "qwen2", **dict(zip(SIZES, (896, 4864, 24, 14, 2), strict=True))},
    "Qwen3-0.6B": {**QWEN, "model_type": "qwen3", "head_dim": 128, **dict(zip(SIZES, (1024, 3072, 28, 16, 8), strict=True))},
}


@dataclass(frozen=True)
class Case:
    """A training: its model, method and rank, the examples of a batch, and the tokens of each."""

    model: str
    method: MethodName
    rank: int
    batch_size: int
    length: int
    bf16: bool = True
    recompute: bool = False

    @property
    def micro_batch(self) -> int:
        """Examples that are computed at a time."""
        return find_largest_useful(self.batch_size, 1, self.length, USEFUL_TOKENS)

    @property
    def name(self) -> str:
        """What the table calls it."""
        method = f"LoRA of rank {self.rank}" if self.method == "lora" else "full"
        return ", ".join([self.model, method, "bf16" if self.bf16 else "fp32", *(["recomputed"] if self.recompute else [])])


CASES = (
    Case("SmolLM2-135M", "lora", 8, 4, 128),
    Case("SmolLM2-135M", "lora", 16, 2, 512),
    Case("SmolLM2-135M", "lora", 64, 1, 1536),
    Case("SmolLM2-135M", "lora", 16, 1, 512, recompute=True),
    Case("SmolLM2-135M", "lora", 16, 2, 256, bf16=False),
    Case("SmolLM2-135M", "full", 0, 2, 128),
    Case("SmolLM2-360M", "lora", 16, 1, 256),
    Case("SmolLM2-360M", "full", 0, 1, 128, bf16=False),
    Case("Qwen2.5-0.5B", "lora", 8, 1, 256),
    Case("Qwen3-0.6B", "lora", 16, 1, 256),
)


def main(quick: bool = False) -> str:
    """Measure every case, or the first; return the table."""
    progress, rows = Progress(), []
    with TemporaryDirectory() as folder:
        bases = {model: Path(folder) / model for model in MODELS}
        for case in CASES[:1] if quick else CASES:
            progress.report(case.name)
            base = bases[case.model]
            if not base.exists():
                _make_model(base, MODELS[case.model])
            expected = estimate(case, read_model_size(json.loads((base / "config.json").read_text())))
            rows.append(_row(case, expected, measure(case, base, Path(folder) / "work")))
            progress.report(" | ".join(str(cell) for cell in rows[-1]))
    head = ("training", "batch", "tokens each", "at a time", "estimate, GB", "measured, GB", "difference, %")
    return table("Peaks of the memory of trainings", head, rows)


def estimate(case: Case, size: ModelSize) -> TrainingMemory:
    """Return the estimate, from the model's configuration alone."""
    trainable = size.count_adapter_parameters(case.rank, ALL_LINEAR) if case.method == "lora" else size.parameters
    tokens, accumulates = case.micro_batch * case.length, case.micro_batch < case.batch_size
    computation = Computation(tokens, int(LEARNED * tokens), False, case.bf16, accumulates, case.recompute)
    return estimate_memory(size, case.method, trainable, computation)


def measure(case: Case, base: Path, work: Path) -> int:
    """Return the peak of a training's memory in bytes: the resident set of its process. `work` is the job's folder, deleted at the end."""
    work.mkdir()
    folder = JobFolder(work)
    _write_examples(case, folder)
    write_plan(_plan(case), folder)
    write_execution(Execution(case.micro_batch, case.recompute, case.bf16, 1, group=case.micro_batch), folder)
    peak = _run(case.method, str(work), str(base))
    shutil.rmtree(work)
    return peak


def _run(*arguments: str) -> int:
    """Run `benchmarks.training.memory_runs`; return the peak of its resident set in bytes. Exit if it fails."""
    command = [sys.executable, "-m", "benchmarks.training.memory_runs", *arguments]
    environment = {**THREADS, **ALLOCATOR, **os.environ, **ENVIRONMENT, "CUDA_VISIBLE_DEVICES": ""}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=sys.stderr)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed.")
    return usage.ru_maxrss * 1024


def _row(case: Case, expected: TrainingMemory, peak: int) -> tuple[object, ...]:
    difference = f"{100 * (expected.peak / peak - 1):+.0f}"
    sizes = case.batch_size, case.length, case.micro_batch * case.length
    return case.name, *sizes, f"{expected.peak / 1e9:.2f}", f"{peak / 1e9:.2f}", difference


def _make_model(folder: Path, config: dict[str, Any]) -> None:
    folder.mkdir()
    for name in TOKENIZER:
        shutil.copy(Path(JobSettings(base_model="").base_path) / name, folder)
    (folder / "config.json").write_text(json.dumps(config))
    _run("model", str(folder))


def _write_examples(case: Case, folder: JobFolder) -> None:
    rng = random.Random(0)
    learned = int(LEARNED * case.length)
    with folder.tokens("training").open("w") as file:
        for _ in range(STEPS * case.batch_size):
            ids = [rng.randrange(1000, 40_000) for _ in range(case.length)]
            file.write(json.dumps({"input_ids": ids, "labels": [-100] * (case.length - learned) + ids[-learned:]}) + "\n")


def _plan(case: Case) -> Plan:
    return Plan(
        epochs=1,
        batch_size=case.batch_size,
        learning_rate=1e-4,
        warmup_steps=0,
        steps_per_epoch=STEPS,
        shape=LoraShape(max(1, case.rank), 2.0 * case.rank, 0.0),
        seed=0,
        checkpoint_seconds=1e6,
        activation_bytes=1,
        max_length=case.length,
    )
