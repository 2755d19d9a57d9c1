"""Answers with documents: the time of each step, and how much of their prompts is in the engine's cache.

The engine caches what it computed for a prompt, block by block, and reuses it for prompts that begin with the same blocks. Passages come
before the question, so questions that find the same passages in the same order share them.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.generation.stacks import Stack, run_stack
from benchmarks.tables import Progress, table
from deploy.local.mainjob import MainJob
from deploy.local.progress import silent

DOCUMENTS = Path(__file__).parents[2] / "deploy" / "local" / "sample" / "documents"
ONE_DOCUMENT = "calibration.md"  # short enough to be sent as a whole with every question
TOKENS = 8
QUESTIONS = (
    "Under which code name was the Tarnwick 6 developed?",
    "How many arms does the frame have?",
    "What colour is the seal of the battery?",
    "How deep may the buoy be moored?",
    "How long does a charge last in winter?",
    "Who may service the sensor head?",
    "What does a spare wiper cost?",
    "How often is a value sent ashore?",
)
QUERIES, HITS = "vllm:prefix_cache_queries_total", "vllm:prefix_cache_hits_total"


@dataclass(frozen=True)
class Variant:
    """A way to answer the questions, and its results: seconds of each answer, prompt tokens, how many were cached, and traces."""

    title: str
    seconds: list[float]
    tokens: float
    cached: float
    traces: list[dict[str, Any]]

    def row(self) -> list[object]:
        """Return the row of the first table."""
        return [self.title, f"{self.tokens / len(self.seconds):.0f}", f"{self.cached / self.tokens:.0%}", f"{median(self.seconds):.2f}"]

    def step_ms(self, name: str) -> str:
        """Return the median time of a step, in milliseconds."""
        return f"{median(trace['timings_ms'].get(name, 0.0) for trace in self.traces):.1f}"


def main(_: Sequence[int], quick: bool = False) -> str:
    """Measure with one client and return the tables."""
    progress, questions = Progress(), QUESTIONS[:2] if quick else QUESTIONS
    progress.report("starting the stack")
    with run_stack() as stack:
        progress.report("indexing the handbook")
        variants = [_measure(stack, title, options, questions, progress) for title, options in _variants(stack).items()]
    columns = ["variant", "prompt tokens", "of them cached", "s p50"]
    title = f"Answers of {TOKENS} tokens with and without documents, {len(questions)} questions, each asked once"
    return "\n\n".join(
        [table(title, columns, [variant.row() for variant in variants]), _steps_table([each for each in variants if each.traces])]
    )


def _steps_table(variants: Sequence[Variant]) -> str:
    names = dict.fromkeys(name for variant in variants for trace in variant.traces for name in trace["timings_ms"])
    rows = [[name, *(variant.step_ms(name) for variant in variants)] for name in names]
    return table("The steps of the same answers, by their traces: ms, p50", ["step", *(variant.title for variant in variants)], rows)


def _variants(stack: Stack) -> dict[str, dict[str, Any]]:
    job = MainJob(stack.client, lambda: None)
    with (DOCUMENTS / ONE_DOCUMENT).open("rb") as document:
        document_id = stack.client.files.create(file=document, purpose="assistants").id
    handbook = job.index("handbook", job.upload(DOCUMENTS, silent), silent)
    one = job.index("one document", [document_id], silent)
    return {
        "no documents": {},
        "3 of many passages": _retrieval_options(handbook, max_num_results=3),
        "one document, by relevance": _retrieval_options(one, max_num_results=50),
        "one document, in its order": _retrieval_options(one, max_num_results=50, order="document"),
    }


def _retrieval_options(store: str, **options: Any) -> dict[str, Any]:
    return {"retrieval": {"vector_store_ids": [store], **options}, "include": ["trace"]}


def _measure(stack: Stack, title: str, options: dict[str, Any], questions: Sequence[str], progress: Progress) -> Variant:
    progress.report(title)
    before, seconds, traces = _cached_tokens(stack), [], []
    for question in questions:
        started = time.perf_counter()
        trace = _answer(stack, question, options)
        seconds.append(time.perf_counter() - started)
        traces += [trace] if trace else []
    tokens, cached = (after - earlier for after, earlier in zip(_cached_tokens(stack), before, strict=True))
    return Variant(title, seconds, tokens, cached, traces)


def _cached_tokens(stack: Stack) -> tuple[float, float]:
    """Return how many prompt tokens the engine has looked up in its cache so far, and how many of them it had."""
    return stack.engine_metric(QUERIES), stack.engine_metric(HITS)


def _answer(stack: Stack, question: str, options: dict[str, Any]) -> dict[str, Any] | None:
    """Let the model answer a question; return the trace of the answer, if there is one."""
    messages: Any = [{"role": "user", "content": question}]
    completion = stack.client.chat.completions.create(
        model=stack.model, messages=messages, max_tokens=TOKENS, temperature=0, extra_body={"ignore_eos": True, **options}
    )
    trace: dict[str, Any] | None = (completion.model_extra or {}).get("trace")
    return trace
