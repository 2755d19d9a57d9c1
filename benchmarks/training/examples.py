"""The data of the benchmark: problems of gsm8k, as chats and as tokens, and the settings that all arms share.

Only the answer and its end token are learned, in every arm: the labels are made here, once.
"""

import gzip
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RANK, ALPHA = 16, 32
LEARNING_RATE = 2e-4
BATCH_SIZE = 4
SEED = 0
SYSTEM = "Solve the problem step by step."
IGNORED = -100  # the label of what is not learned


@dataclass(frozen=True)
class Example:
    """A chat, its tokens, and its labels: the token where it is learned, elsewhere -100."""

    messages: list[dict[str, str]]
    input_ids: list[int]
    labels: list[int]

    @property
    def tokens(self) -> dict[str, list[int]]:
        """What a trainer reads."""
        return {"input_ids": self.input_ids, "labels": self.labels}


def read_examples(data: Path, base: Path, count: int) -> list[Example]:
    """Return `count` examples from `data`/gsm8k, drawn with a fixed seed, with the tokens of the model in the folder `base`."""
    from transformers import AutoTokenizer

    with gzip.open(data / "gsm8k" / "train.jsonl.gz", "rt", encoding="utf-8") as file:
        problems = [json.loads(line) for line in file]
    tokenizer = AutoTokenizer.from_pretrained(base)
    return [_encode(problem, tokenizer) for problem in random.Random(SEED).sample(problems, count)]


def count_tokens(examples: Sequence[Example]) -> int:
    """Return the number of tokens, without padding."""
    return sum(len(example.input_ids) for example in examples)


def count_labels(examples: Sequence[Example]) -> int:
    """Return how many tokens are learned."""
    return sum(label != IGNORED for example in examples for label in example.labels)


def write_tokens(examples: Sequence[Example], path: Path) -> None:
    """Write the tokens and labels, one JSON object a line."""
    path.write_text("".join(json.dumps(example.tokens) + "\n" for example in examples))


def read_tokens(path: Path | str) -> list[dict[str, list[int]]]:
    """Return what `write_tokens` wrote."""
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


def write_chats(examples: Sequence[Example], path: Path) -> None:
    """Write the chats as a training file."""
    path.write_text("".join(json.dumps({"messages": example.messages}) + "\n" for example in examples))


def _encode(problem: dict[str, str], tokenizer: Any) -> Example:
    asked = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": problem["question"]}]
    messages = [*asked, {"role": "assistant", "content": problem["answer"]}]
    prompt = tokenizer.apply_chat_template(asked, add_generation_prompt=True, return_dict=True)["input_ids"]
    ids = tokenizer.apply_chat_template(messages, return_dict=True)["input_ids"]
    end = len(ids) - ids[::-1].index(tokenizer.eos_token_id)  # the template writes a line feed after the end token
    return Example(messages, ids, [ids[place] if len(prompt) <= place < end else IGNORED for place in range(len(ids))])
