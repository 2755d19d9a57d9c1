"""The verdict on real data: xquad-en, five arms, the small default model, the whole stack with its engine.

The main job is the demo's: index the paragraphs, train an adapter on a part of the questions, compare on the rest.
"""

import os
import tempfile
import time
from pathlib import Path

from rich.console import Console

from benchmarks.tables import table
from benchmarks.verdict.xquad_sample import make_sample
from deploy.local import machine
from deploy.local.checks import check, take_folder
from deploy.local.demo import READY_SECONDS, connect, run_main_job
from deploy.local.mainjob import MainJob
from deploy.local.progress import step
from deploy.local.running import RunningStack
from deploy.local.settings import Settings, read
from shared.contracts.comparison_results import ComparisonResult
from shared.contracts.comparisons import Comparison

LINE_WIDTH = 110


def main(data: Path, questions: int, examples: int, seed: int) -> str:
    """Run the comparison and return its tables."""
    settings, console = read(), Console(width=LINE_WIDTH, stderr=True)
    started = time.monotonic()
    with take_folder(settings.data):
        check(settings, os.environ, machine.look())
    with tempfile.TemporaryDirectory() as folder:
        sample = make_sample(data, Path(folder), questions, examples, seed)
        comparison = _run(settings, console, sample)
    assert comparison.result is not None
    return describe(comparison.result, time.monotonic() - started)


def _run(settings: Settings, console: Console, sample: Path) -> Comparison:
    stack = RunningStack(os.environ, settings.data / "logs" / "bench-verdict.log")
    try:
        with step(console, "Starting the stack"):
            stack.wait_ready(READY_SECONDS)
        comparison, _ = run_main_job(MainJob(connect(settings), stack.check), settings, console, sample)
        return comparison
    finally:
        stack.stop()


def describe(result: ComparisonResult, seconds: float) -> str:
    """Return the result as Markdown: the verdict, the arms, the pairs, and the figures of the search."""
    kept = f"{result.questions} questions in {result.clusters} clusters; {result.left_out} left out; {seconds / 60:.0f} minutes in all."
    return "\n\n".join([result.verdict.text, kept, _table_arms(result), _table_pairs(result), _table_search(result)])


def _table_arms(result: ComparisonResult) -> str:
    head = ("arm", "exact match", "F1", "95% interval", "latency (s)", "under load (s)", "tokens in", "out")
    rows = [
        (
            arm.arm,
            arm.scores["exact_match"],
            arm.scores["f1"],
            "{:.2f} to {:.2f}".format(*arm.intervals["f1"]),
            arm.single_latency_p50 or 0.0,
            arm.latency_p50,
            round(arm.prompt_tokens),
            round(arm.completion_tokens),
        )
        for arm in result.arms
    ]
    return table("Arms", head, rows)


def _table_pairs(result: ComparisonResult) -> str:
    rows = [
        (f"{each.better} - {each.worse}", each.mean, f"{each.low:.3f} to {each.high:.3f}", "yes" if each.shown else "no")
        for each in result.differences
    ]
    return table("Differences of F1, with intervals that hold for all pairs together", ("pair", "mean", "interval", "shown"), rows)


def _table_search(result: ComparisonResult) -> str:
    head = ("arm", "recall", "nDCG", "MRR", "supported", "wrong: search", "wrong: reading")
    rows = [
        (arm.arm, found.recall, found.ndcg, found.mrr, found.supported, found.missed_by_search, found.missed_by_reading)
        for arm in result.arms
        if (found := arm.retrieval)
    ]
    return table("What the search found", head, rows)
