"""Runs the main job on the sample documents, from indexing to the verdict. Starts the stack first and stops it at the end.

    python -m deploy.local.demo
    python -m deploy.local.demo --sample my-folder

A sample is a folder with `documents/`, `train.jsonl` and `questions.jsonl`.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import openai
from openai import OpenAI
from rich.console import Console
from rich.table import Table

from deploy.local import machine
from deploy.local.checks import NotReady, check, take_folder
from deploy.local.environment import derive_addresses
from deploy.local.mainjob import JobFailed, MainJob
from deploy.local.progress import Update, silent, step
from deploy.local.running import RunningStack, StackEnded
from deploy.local.settings import Settings, read
from shared.contracts.comparisons import Comparison

SAMPLE = Path(__file__).parent / "sample"
READY_SECONDS = 420
PROCESSES = 6
LINE_WIDTH = 110  # if the output is not a terminal
# The demo must end within five minutes, so it measures the latency without load, and how often answers change, with few questions.
SHORT = {"EVALUATION_SINGLE_QUESTIONS": "4", "EVALUATION_REPEATED_QUESTIONS": "4"}
ARMS = {"base": "base", "prompted": "prompted", "rag": "RAG", "fine_tuned": "fine-tuned", "both": "both"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo. Return 0 if it succeeded, 1 if it failed, 130 after Ctrl-C."""
    parser = argparse.ArgumentParser(
        description="Index documents, fine-tune a model, compare five ways of answering, and print the verdict."
    )
    parser.add_argument("--sample", type=Path, default=SAMPLE, help="folder with documents/, train.jsonl and questions.jsonl")
    sample = parser.parse_args(arguments).sample
    settings = read()
    console = Console()
    if not console.is_terminal:
        console = Console(width=LINE_WIDTH)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with take_folder(settings.data):
            check(settings, os.environ, machine.look())
        return demonstrate(settings, console, sample)
    except (NotReady, StackEnded, JobFailed) as problem:
        return fail(console, str(problem), settings)
    except KeyboardInterrupt:
        console.print("Stopped.")
        return 130


def demonstrate(settings: Settings, console: Console, sample: Path) -> int:
    """Start the stack, run the main job, show the result, stop the stack."""
    started = time.monotonic()
    readiness = Readiness()
    stack = RunningStack({**SHORT, **os.environ}, settings.data / "logs" / "demo.log", readiness.read_line)
    try:
        with step(console, "Starting the stack") as update:
            readiness.update = update
            update(0, "the engine takes longest")
            stack.wait_ready(READY_SECONDS)
        comparison, paths = run_main_job(MainJob(connect(settings), stack.check), settings, console, sample)
    except (JobFailed, openai.APIError) as problem:
        stack.check()  # a stack that has ended is the cause
        prefix = "An API call failed: " if isinstance(problem, openai.APIError) else ""
        raise JobFailed("\n".join([f"{prefix}{problem}", *stack.restarts])) from problem
    finally:
        stack.stop()
    show(console, comparison)
    for path in paths:
        console.print(f"Report: {path}", soft_wrap=True, highlight=False)
    console.print(
        f"The whole demo took {time.monotonic() - started:.0f} s. The stack is stopped; `make up` starts it again.", highlight=False
    )
    return 0


def run_main_job(job: MainJob, settings: Settings, console: Console, sample: Path) -> tuple[Comparison, list[Path]]:
    """Index, fine-tune and compare. Return the comparison and the paths of its report."""
    with step(console, "Uploading documents") as update:
        files = job.upload(sample / "documents", update)
    with step(console, "Indexing") as update:
        store = job.index("Sample handbook", files, update)
    with step(console, "Fine-tuning") as update:
        model = job.fine_tune(settings.jobs.served_name, sample / "train.jsonl", "house-style", update)
    with step(console, "Comparing five arms") as update:
        comparison = job.compare(model, store, sample / "questions.jsonl", update)
    return comparison, job.save_report(comparison, settings.data / "reports")


def connect(settings: Settings) -> OpenAI:
    """Return the SDK's client for the front door. It sends the first of TANDEM_KEYS, if that is set."""
    key = next(iter(settings.jobs.key_projects()), "none-needed")
    return OpenAI(base_url=f"{derive_addresses(settings)['TANDEM_API_URL']}/v1", api_key=key, timeout=120)


class Readiness:
    """Reads the output of the stack and moves the bar each time a process is ready."""

    def __init__(self) -> None:
        self.update: Update = silent
        self._ready = 0

    def read_line(self, line: str) -> None:
        """Read one line of the stack's output."""
        _, _, text = line.partition("| ")
        name, _, rest = text.partition(" ")
        if rest.startswith("ready") and " after " in rest:
            self._ready += 1
            self.update(min(1.0, self._ready / PROCESSES), f"{name} ready")


def show(console: Console, comparison: Comparison) -> None:
    """Print the table of the arms, and the verdict."""
    result = comparison.result
    assert result is not None
    table = Table(title=f"{result.questions} held-out questions, {comparison.base_model}", title_justify="left")
    for heading in ("arm", "exact match", "F1 (95% interval)", "latency (s)", "under load (s)", "tokens in", "out"):
        table.add_column(heading, justify="left" if heading == "arm" else "right", no_wrap=True)
    for arm in result.arms:
        low, high = arm.intervals["f1"]
        table.add_row(
            ARMS.get(arm.arm, arm.arm),
            f"{arm.scores['exact_match']:.2f}",
            f"{arm.scores['f1']:.2f} ({low:.2f} to {high:.2f})",
            "" if arm.single_latency_p50 is None else f"{arm.single_latency_p50:.2f}",
            f"{arm.latency_p50:.2f}",
            f"{arm.prompt_tokens:.0f}",
            f"{arm.completion_tokens:.0f}",
        )
    console.print()
    console.print(table)
    console.print(f"\nVerdict: {result.verdict.text}", highlight=False, markup=False)
    for warning in result.verdict.warnings:
        console.print(f"Note: {warning}", highlight=False, markup=False)
    console.print()


def fail(console: Console, problem: str, settings: Settings) -> int:
    """Print why the demo failed and where the logs are. Return the exit code."""
    console.print(f"\nThe demo failed. {problem}", style="red", highlight=False, markup=False, soft_wrap=True)
    console.print(f"The logs of all processes are in {settings.data / 'logs'}.", soft_wrap=True, highlight=False)
    return 1


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
