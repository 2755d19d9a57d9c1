"""A training file is read in whatever format it was trained, so that leaks are found in it and an arm can show its examples."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest

from services.evaluation.arms.examples import choose_examples
from services.evaluation.inputs.fetch import TrainingFile, fetch_training_file
from services.evaluation.questions.leaks import Leak, find_leaks
from shared.datasets import Question

FACTS = {f"Which shelf has\npart {number}, please?": f"Shelf {number}" for number in range(12)}


class OneFile:
    """An API with a single file."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    async def read_file(self, file_id: str) -> bytes:
        return self._content

    async def call(self, method: str, path: str, *, body: Any = None, params: Mapping[str, Any] | None = None) -> Any:
        raise AssertionError("no other call is needed")


def fetch(content: str) -> TrainingFile | None:
    return asyncio.run(fetch_training_file(OneFile(content.encode()), "file-t", 0))


def lines(*rows: Any) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


CHATS = lines(*({"messages": [{"role": "user", "content": q}, {"role": "assistant", "content": a}]} for q, a in FACTS.items()))
OTHERS = {
    "csv": "\ufeffprompt,completion\r\n" + "".join(f'"{question}",{answer}\r\n' for question, answer in FACTS.items()),
    "prompt_completion": lines(*({"prompt": q, "completion": a} for q, a in FACTS.items())),
    "list": json.dumps([{"instruction": q, "output": a} for q, a in FACTS.items()], indent=2),
    "list_on_one_line": json.dumps([{"instruction": q, "output": a} for q, a in FACTS.items()]),
    "alpaca": lines(*({"instruction": q, "input": "", "output": a} for q, a in FACTS.items())),
    "sharegpt": lines(*({"conversations": [{"from": "human", "value": q}, {"from": "gpt", "value": a}]} for q, a in FACTS.items())),
}


@pytest.mark.parametrize("content", OTHERS.values(), ids=list(OTHERS))
def test_a_converted_file_has_the_examples_of_its_chats(content: str) -> None:
    chats, converted = fetch(CHATS), fetch(content)
    assert chats is not None
    assert converted is not None
    assert converted.examples == chats.examples
    assert choose_examples(converted.examples, 3, 7) == choose_examples(chats.examples, 3, 7)


def test_a_leak_is_found_in_the_row_of_a_csv_file_by_its_first_line() -> None:
    found = fetch(OTHERS["csv"])
    assert found is not None
    question = Question(question="Which shelf has part 7, please?", answers=["Shelf 7"])
    assert find_leaks([question], found.examples, found.lines) == [Leak(0, 16, 1.0)]


def test_a_file_that_mixes_formats_is_not_used() -> None:
    assert fetch(CHATS + OTHERS["alpaca"]) is None
