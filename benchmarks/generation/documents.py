"""Answers with documents: what each step takes, and how much of their prompts the engine had in its cache.

The engine keeps what it computed of a prompt, block by block, and takes it up again where another prompt begins with the same blocks:
passages stand before the question, so questions that find the same passages share them, if they stand in the same order.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.generation.stacks import Running, running
from benchmarks.tables import Steps, table
from deploy.local.mainjob import MainJob
from deploy.local.progress import silent

DOCUMENTS = Path(__file__).parents[2] / "deploy" / "local" / "sample" / "documents"
SAME = "calibration.md"  # short enough that all of it is given with every question
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
class Way:
    """A way of asking, and what came of it: seconds of each answer, tokens looked for in the cache and found there, traces."""

    title: str
    seconds: list[float]
    tokens: float
    cached: float
    traces: list[dict[str, Any]]

    def row(self) -> list[object]:
        """Return the row of the first table."""
        return [self.title, f"{self.tokens / len(self.seconds):.0f}", f"{self.cached / self.tokens:.0%}", f"{median(self.seconds):.2f}"]

    def step(self, name: str) -> str:
        """Return the median of a step, in milliseconds."""
        return f"{median(trace['timings_ms'].get(name, 0.0) for trace in self.traces):.1f}"


def main(_: Sequence[int], quick: bool = False) -> str:
    """Measure and return the tables; one caller asks."""
    steps, questions = Steps(), QUESTIONS[:2] if quick else QUESTIONS
    steps.say("starting the stack")
    with running() as stack:
        steps.say("indexing the handbook")
        ways = [_asked(stack, title, options, questions, steps) for title, options in _ways(stack).items()]
    head = ["asked", "tokens in", "of them cached", "s p50"]
    title = f"Answers of {TOKENS} tokens with and without documents, {len(questions)} questions, each asked once"
    return "\n\n".join([table(title, head, [way.row() for way in ways]), _steps([way for way in ways if way.traces])])


def _steps(ways: Sequence[Way]) -> str:
    names = dict.fromkeys(name for way in ways for trace in way.traces for name in trace["timings_ms"])
    rows = [[name, *(way.step(name) for way in ways)] for name in names]
    return table("The steps of the same answers, by their traces: ms, p50", ["step", *(way.title for way in ways)], rows)


def _ways(stack: Running) -> dict[str, dict[str, Any]]:
    job = MainJob(stack.client, lambda: None)
    with (DOCUMENTS / SAME).open("rb") as document:
        same = stack.client.files.create(file=document, purpose="assistants").id
    handbook = job.index("handbook", job.upload(DOCUMENTS, silent), silent)
    one = job.index("one document", [same], silent)
    return {
        "no documents": {},
        "3 of many passages": _with(handbook, max_num_results=3),
        "one document, by relevance": _with(one, max_num_results=50),
        "one document, in its order": _with(one, max_num_results=50, order="document"),
    }


def _with(store: str, **options: Any) -> dict[str, Any]:
    return {"retrieval": {"vector_store_ids": [store], **options}, "include": ["trace"]}


def _asked(stack: Running, title: str, options: dict[str, Any], questions: Sequence[str], steps: Steps) -> Way:
    steps.say(title)
    before, seconds, traces = _cached(stack), [], []
    for question in questions:
        began = time.perf_counter()
        trace = _trace(stack, question, options)
        seconds.append(time.perf_counter() - began)
        traces += [trace] if trace else []
    tokens, cached = (now - then for now, then in zip(_cached(stack), before, strict=True))
    return Way(title, seconds, tokens, cached, traces)


def _cached(stack: Running) -> tuple[float, float]:
    """Return how many tokens of prompts the engine looked for in its cache so far, and how many of them it had."""
    return stack.stack.engine_metric(QUERIES), stack.stack.engine_metric(HITS)


def _trace(stack: Running, question: str, options: dict[str, Any]) -> dict[str, Any] | None:
    """Ask; return the answer's trace, where there is one."""
    messages: Any = [{"role": "user", "content": question}]
    answer = stack.client.chat.completions.create(
        model=stack.model, messages=messages, max_tokens=TOKENS, temperature=0, extra_body={"ignore_eos": True, **options}
    )
    trace: dict[str, Any] | None = (answer.model_extra or {}).get("trace")
    return trace
