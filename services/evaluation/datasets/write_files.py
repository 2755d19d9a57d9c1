"""Writes the items of a dataset as JSON lines: examples to train on, and questions to compare with."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.evaluation.datasets.grounded_form import write_prompt
from services.evaluation.datasets.raft import GroundedItem
from services.evaluation.datasets.synthesis.filters import measure_difficulty
from services.evaluation.datasets.synthesis.make_question import Item
from services.evaluation.datasets.synthesis.words import find_evidence
from shared.contracts.datasets import Difficulty


def write_examples(items: Sequence[Item], instructions: str | None) -> bytes:
    """Return training examples without passages."""
    return _write(_make_example(item.proposal.question, item.proposal.answer, instructions) for item in items)


def write_grounded_examples(items: Sequence[GroundedItem], instructions: str | None) -> bytes:
    """Return training examples with passages."""
    return _write(_make_example(_write_prompt(each), each.answer, instructions) for each in items)


def _write_prompt(each: GroundedItem) -> str:
    question = each.item.proposal.question
    return write_prompt(each.passages, question) if each.passages else question


def write_questions(items: Sequence[Item], clusters: Mapping[str, str]) -> bytes:
    """Return questions with their answers and where these stand; `clusters` has the name of each file's group of documents."""
    return _write(_make_question(number, item, clusters[item.request.passage.file_id]) for number, item in enumerate(items, start=1))


def difficulty_of(item: Item) -> Difficulty:
    """Return how far the question's words are from the sentence with the answer."""
    return measure_difficulty(item.proposal.question, _evidence(item))


def _evidence(item: Item) -> str:
    return find_evidence(item.request.passage.text, item.proposal.question, item.proposal.answer)


def _make_example(prompt: str, answer: str, instructions: str | None) -> dict[str, Any]:
    system = [{"role": "system", "content": instructions}] if instructions else []
    return {"messages": [*system, {"role": "user", "content": prompt}, {"role": "assistant", "content": answer}]}


def _make_question(number: int, item: Item, cluster: str) -> dict[str, Any]:
    return {
        "id": f"q{number}",
        "question": item.proposal.question,
        "answers": [item.proposal.answer],
        "contexts": [{"file_id": item.request.passage.file_id, "text": _evidence(item)}],
        "tags": [item.kind, difficulty_of(item)],
        "cluster": cluster,
    }


def _write(lines: Iterable[Mapping[str, Any]]) -> bytes:
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
