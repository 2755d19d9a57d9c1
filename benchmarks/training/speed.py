"""The speed, memory and result of LoRA training, beside TRL's.

python -m benchmarks.training speed [--data ../shared/data] [--rounds 5] [--quick]

In each round, every arm trains once, beginning with another one each time, and the speed of matrix products is measured once. So the
arms share whatever else the machine does. Tokens are those of the examples, without padding.
"""

import json
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.tables import Progress, table
from benchmarks.training.arms import ARMS, IDIOMATIC, TANDEM, TUNED, Measured, run_arm, run_script
from benchmarks.training.examples import BATCH_SIZE, Example, count_labels, count_tokens, read_examples, write_tokens
from benchmarks.training.operations import count_operations
from shared.planning.model_size import read_model_size
from shared.settings import JobSettings

STEPS, QUICK_STEPS = 8, 1
HELD_OUT, QUICK_HELD_OUT = 16, 2
HEAD = ("training", "tokens/s", "lowest", "highest", "of idiomatic bf16", "of the limit", "peak, GB", "loss", "whole process, s")


def main(data: Path, rounds: int, quick: bool = False) -> str:
    """Measure, and return the tables."""
    base, progress = Path(JobSettings(base_model="").base_path), Progress()
    num_trained, num_held_out = BATCH_SIZE * (QUICK_STEPS if quick else STEPS), QUICK_HELD_OUT if quick else HELD_OUT
    examples = read_examples(data, base, num_trained + num_held_out)
    trained, held_out = examples[:num_trained], examples[num_trained:]
    with TemporaryDirectory() as folder:
        runs, limits = _measure(trained, base, Path(folder), 1 if quick else rounds, progress)
        progress.report("the loss of the adapters on examples that were not trained")
        losses = _measure_losses(held_out, base, Path(folder), runs)
    limit = statistics.median(each["bf16"] for each in limits)
    operations = _count_operations(base, trained)
    rows = [_row(arm, runs, losses, count_tokens(trained), limit / operations) for arm in ARMS]
    return "\n\n".join([table(_describe(trained, len(limits)), HEAD, rows), _summarize(runs, losses, limits, operations)])


def _measure(
    examples: Sequence[Example], base: Path, folder: Path, rounds: int, progress: Progress
) -> tuple[dict[str, list[Measured]], list[dict[str, float]]]:
    """Return what each arm measured in each round, and the operations a second of matrix products in each round."""
    runs: dict[str, list[Measured]] = {arm: [] for arm in ARMS}
    limits = []
    for number in range(rounds):
        first = number % len(ARMS)
        for arm in [*ARMS[first:], *ARMS[:first]]:
            done = run_arm(arm, examples, base, folder / f"{number}-{ARMS.index(arm)}")
            runs[arm].append(done)
            speed = count_tokens(examples) / done.seconds
            progress.report(f"round {number + 1} of {rounds}, {arm}: {speed:.0f} tokens/s, {done.peak_bytes / 1e9:.2f} GB")
        limits.append(run_script("limit", base))
    return runs, limits


def _measure_losses(held_out: Sequence[Example], base: Path, folder: Path, runs: dict[str, list[Measured]]) -> dict[str, list[float]]:
    """Return the loss of each arm's adapters, and under the empty name that of the model without one."""
    tokens = folder / "held-out.jsonl"
    write_tokens(held_out, tokens)
    losses = run_script("held_out_loss", base, tokens, *[done.adapter for arm in ARMS for done in runs[arm]])
    found = {"": losses[:1]}
    for number, arm in enumerate(ARMS):
        count = len(runs[arm])
        found[arm] = losses[1 + number * count : 1 + (number + 1) * count]
    return found


def _count_operations(base: Path, examples: Sequence[Example]) -> float:
    size = read_model_size(json.loads((base / "config.json").read_text()))
    return count_operations(size, count_labels(examples) / count_tokens(examples))


def _row(arm: str, runs: dict[str, list[Measured]], losses: dict[str, list[float]], tokens: int, possible: float) -> list[object]:
    """Return an arm's row. `possible` is how many tokens a second the processor could do if it did nothing but matrix products."""
    speeds = [tokens / done.seconds for done in runs[arm]]
    ratios = [other.seconds / done.seconds for done, other in zip(runs[arm], runs[IDIOMATIC], strict=True)]
    return [
        arm,
        *[f"{choose(speeds):.0f}" for choose in (statistics.median, min, max)],
        f"{statistics.median(ratios):.2f}",
        f"{100 * statistics.median(speeds) / possible:.0f}%",
        f"{max(done.peak_bytes for done in runs[arm]) / 1e9:.2f}",
        f"{statistics.median(losses[arm]):.4f}",
        f"{statistics.median(done.process_seconds for done in runs[arm]):.0f}",
    ]


def _describe(examples: Sequence[Example], rounds: int) -> str:
    tokens, labels = count_tokens(examples), count_labels(examples)
    return f"{len(examples)} examples, {tokens:,} tokens, {labels:,} learned, {rounds} interleaved rounds: medians"


def _summarize(
    runs: dict[str, list[Measured]], losses: dict[str, list[float]], limits: Sequence[dict[str, float]], operations: float
) -> str:
    speeds = {name: statistics.median(each[name] for each in limits) / 1e9 for name in ("bf16", "fp32")}
    ratios = "; ".join(f"{_describe_ratios(other, runs)} of {other}" for other in (IDIOMATIC, TUNED))
    return (
        f"Speed of Tandem in the same round: {ratios}.\n"
        f"Matrix products: {speeds['bf16']:.0f} GFLOPS in bf16, {speeds['fp32']:.0f} in fp32; {operations / 1e9:.3f} GFLOP a token, "
        f"so at most {1e9 * speeds['bf16'] / operations:.0f} tokens/s.\n"
        f"Loss without an adapter: {losses[''][0]:.4f}."
    )


def _describe_ratios(other: str, runs: dict[str, list[Measured]]) -> str:
    ratios = [slow.seconds / done.seconds for done, slow in zip(runs[TANDEM], runs[other], strict=True)]
    numbers: list[Callable[[list[float]], float]] = [statistics.median, min, max]
    median, lowest, highest = (choose(ratios) for choose in numbers)
    return f"{median:.2f} times ({lowest:.2f} to {highest:.2f}) that"
