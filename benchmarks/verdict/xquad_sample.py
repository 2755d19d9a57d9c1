"""Makes a sample for the main job from xquad-en: paragraphs as documents, a part of the questions to train on, the rest to compare with.

No paragraph of a training example is asked about, so a fine-tuned model has learned a style of answering and no fact that is asked.
"""

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.evaluation.datasets.grounded_form import ShownPassage, write_prompt

TRAINING_SHARE = 0.3  # of the paragraphs
GROUNDED_SHARE = 0.7  # of the examples, which have passages; the others are the bare question


@dataclass(frozen=True)
class Pair:
    """A question, its answers, and its paragraph's id."""

    question: str
    answers: list[str]
    paragraph: str


def make_sample(data: Path, folder: Path, questions: int, examples: int, seed: int) -> Path:
    """Write `documents/`, `train.jsonl` and `questions.jsonl` into `folder`, and return it.

    Raises:
        FileNotFoundError: if xquad-en is not in `data`.
    """
    source = data / "xquad-en"
    paragraphs = {row["_id"]: row["text"] for row in _read_lines(source / "corpus.jsonl")}
    pairs = _read_pairs(source)
    choose = random.Random(seed)
    order = choose.sample(sorted(paragraphs), len(paragraphs))
    trained = set(order[: round(TRAINING_SHARE * len(order))])
    training = choose.sample(known := [pair for pair in pairs if pair.paragraph in trained], min(examples, len(known)))
    asked = choose.sample(rest := [pair for pair in pairs if pair.paragraph not in trained], min(questions, len(rest)))
    _write_documents(folder / "documents", paragraphs)
    _write_lines(folder / "train.jsonl", [_make_example(pair, paragraphs, choose) for pair in training])
    _write_lines(folder / "questions.jsonl", [_make_question(pair) for pair in asked])
    return folder


def _read_pairs(source: Path) -> list[Pair]:
    questions = {row["_id"]: row["text"] for row in _read_lines(source / "queries.jsonl")}
    answers = json.loads((source / "answers.json").read_text(encoding="utf-8"))
    pairs = [Pair(questions[row["query-id"]], list(dict.fromkeys(row["answers"])), row["corpus-id"]) for row in answers]
    return list({pair.question: pair for pair in pairs}.values())  # five questions are there twice


def _make_example(pair: Pair, paragraphs: dict[str, str], choose: random.Random) -> dict[str, Any]:
    """Return a training example: the short answer to a question, mostly with two passages in which the answer stands."""
    prompt = pair.question
    if choose.random() < GROUNDED_SHARE:
        other = choose.choice([each for each in sorted(paragraphs) if each != pair.paragraph])
        shown = choose.sample([pair.paragraph, other], 2)
        prompt = write_prompt([ShownPassage("", paragraphs[each]) for each in shown], pair.question)
    return {"messages": [{"role": "user", "content": prompt}, {"role": "assistant", "content": pair.answers[0]}]}


def _make_question(pair: Pair) -> dict[str, Any]:
    kind = "number" if any(character.isdigit() for character in pair.answers[0]) else "words"
    contexts = [{"filename": _name(pair.paragraph)}]
    return {"question": pair.question, "answers": pair.answers, "contexts": contexts, "tags": [kind]}


def _name(paragraph: str) -> str:
    return f"{paragraph}.txt"


def _write_documents(folder: Path, paragraphs: dict[str, str]) -> None:
    folder.mkdir(parents=True)
    for name, text in paragraphs.items():
        (folder / _name(name)).write_text(text, encoding="utf-8")


def _read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _write_lines(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
