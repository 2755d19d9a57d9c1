"""Answers with documents: what they take beside plain ones, and how much of their prompts the engine had in its cache.

The engine keeps what it computed of a prompt, block by block, and takes it up again where another prompt begins with the same blocks.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.generation.stacks import Running, running
from benchmarks.tables import Steps, table
from deploy.local.mainjob import MainJob
from deploy.local.progress import silent

DOCUMENTS = Path(__file__).parents[2] / "deploy" / "local" / "sample" / "documents"
SAME = "overview.md"  # short enough that all of it is given with every question
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


def main(_: Sequence[int], quick: bool = False) -> str:
    """Measure and return the table; one caller asks."""
    steps, questions = Steps(), QUESTIONS[:2] if quick else QUESTIONS
    steps.say("starting the stack")
    with running() as stack:
        steps.say("indexing the handbook")
        rows = [_row(stack, way, options, questions, steps) for way, options in _ways(stack).items()]
    head = ["asked", "tokens in", "of them cached", "s p50"]
    return table(f"Answers of {TOKENS} tokens with and without documents, {len(questions)} questions, each asked once", head, rows)


def _ways(stack: Running) -> dict[str, dict[str, Any]]:
    job = MainJob(stack.client, lambda: None)
    with (DOCUMENTS / SAME).open("rb") as document:
        same = stack.client.files.create(file=document, purpose="assistants").id
    handbook = job.index("handbook", job.upload(DOCUMENTS, silent), silent)
    one = job.index("one document", [same], silent)
    return {
        "without documents": {},
        "the best 3 passages of the handbook": {"retrieval": {"vector_store_ids": [handbook], "max_num_results": 3}},
        "the same document with every question": {"retrieval": {"vector_store_ids": [one], "max_num_results": 50}},
    }


def _row(stack: Running, way: str, options: dict[str, Any], questions: Sequence[str], steps: Steps) -> list[object]:
    steps.say(way)
    before = _cached(stack)
    seconds = sorted(_ask(stack, question, options) for question in questions)
    tokens, cached = (now - then for now, then in zip(_cached(stack), before, strict=True))
    return [way, f"{tokens / len(questions):.0f}", f"{cached / tokens:.0%}", seconds[len(seconds) // 2]]


def _cached(stack: Running) -> tuple[float, float]:
    """Return how many tokens of prompts the engine looked for in its cache so far, and how many of them it had."""
    return stack.stack.engine_metric(QUERIES), stack.stack.engine_metric(HITS)


def _ask(stack: Running, question: str, options: dict[str, Any]) -> float:
    began = time.perf_counter()
    messages: Any = [{"role": "user", "content": question}]
    stack.client.chat.completions.create(
        model=stack.model, messages=messages, max_tokens=TOKENS, temperature=0, extra_body={"ignore_eos": True, **options}
    )
    return time.perf_counter() - began
