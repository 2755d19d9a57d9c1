"""How well the leak guard distinguishes a changed question of the training file from another question, and how long it takes.

python -m benchmarks.leaks --data ../shared/data

The questions are those of xquad-en. A question is asked with a small change, and the training file has it as it was, with its answer in a
sentence. What must not be called a leak: another question about the same paragraph with another answer, and the same question about
something else (a name of it is replaced), with another answer, or with an answer that a third of the file has. The columns are shares of
pairs: by the similarity of the texts alone, and by the whole rule.
"""

import argparse
import itertools
import json
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.tables import Progress, table
from services.evaluation.questions.leaks import find_leaks
from services.evaluation.questions.near_duplicates import agree, ask_the_same, compute_similarity, read
from services.evaluation.questions.words import normalize
from shared.datasets import Example, Question

THRESHOLDS = (0.5, 0.6, 0.7, 0.8)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SMALL = {"a", "an", "the", "of", "in", "on", "at", "to", "for", "by", "with", "from", "did", "do", "does", "was", "were", "is", "are"}
OTHER_WORDS = {
    "did": "does", "was": "is", "were": "are", "is": "was", "are": "were", "many": "much", "what": "which", "which": "what",
    "who": "which person", "where": "in what place", "when": "at what time", "called": "named", "began": "started", "type": "kind",
    "kind": "type", "number": "amount",
}  # fmt: skip
NAME = re.compile(r"(?<=\w )[A-Z]\w{2,}")


@dataclass(frozen=True)
class Asked:
    """A question of the set, its answer and the paragraph it is about."""

    text: str
    answer: str
    paragraph: str


@dataclass(frozen=True)
class Pair:
    """A question and an example with an answer; `is_rare` says whether other examples have that answer, too."""

    question: str
    accepted: str
    example: str
    answer: str
    is_rare: bool = True


Edit = Callable[[str, random.Random], str]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--examples", type=int, default=50_000, help="how many examples the speed is measured with")
    options = parser.parse_args()
    progress = Progress()
    asked = load(options.data / "xquad-en")
    progress.report("comparing pairs")
    rows = [[name, len(pairs), *measure(pairs)] for name, pairs in make_pairs(asked)]
    head = ["pairs", "number", *(f"alone {each}" for each in THRESHOLDS), *(f"rule {each}" for each in THRESHOLDS)]
    print(table("Share of pairs that are called leaks", head, rows))
    progress.report("finding leaks")
    print(f"\n{describe_halves(asked)}")
    print(f"\n{describe_speed(asked, options.examples)}")


def load(folder: Path) -> list[Asked]:
    """Read the questions of a data set in xquad-en's format."""
    texts = {row["_id"]: row["text"].strip() for row in map(json.loads, (folder / "queries.jsonl").read_text().splitlines())}
    return [
        Asked(texts[row["query-id"]], row["answers"][0], row["corpus-id"])
        for row in json.loads((folder / "answers.json").read_text())
        if row["query-id"] in texts
    ]


def make_pairs(asked: Sequence[Asked]) -> Iterator[tuple[str, list[Pair]]]:
    """Yield each kind of pairs with its name."""
    chance = random.Random(1)
    for name, edit in EDITS.items():
        yield name, [Pair(edit(each.text, chance), each.answer, each.text, f"It is {each.answer}.") for each in asked]
    others = [(a, b) for a, b in itertools.combinations(asked, 2) if a.paragraph == b.paragraph and are_different(a, b)]
    yield "same paragraph, another answer", [Pair(a.text, a.answer, b.text, b.answer) for a, b in others]
    renamed = [(each, replace_name(each.text, asked, chance)) for each in asked if NAME.search(each.text)]
    strangers = chance.choices(asked, k=len(renamed))
    yield "another name, another answer", [Pair(a.text, a.answer, text, b.answer) for (a, text), b in zip(renamed, strangers, strict=True)]
    yield "another name, a common answer", [Pair(a.text, "Yes", text, "Yes", is_rare=False) for a, text in renamed]


def are_different(first: Asked, second: Asked) -> bool:
    """Return whether two questions differ in their words and in their answers."""
    return normalize(first.text) != normalize(second.text) and normalize(first.answer) != normalize(second.answer)


def measure(pairs: Sequence[Pair]) -> list[float]:
    """Return the shares of pairs that are called leaks, by the similarity alone and by the whole rule, for each threshold."""
    similarities = [compute_similarity(read(pair.question), read(pair.example)) for pair in pairs]
    follows = [follows_rule(pair) for pair in pairs]
    alone = [sum(each >= threshold for each in similarities) / len(pairs) for threshold in THRESHOLDS]
    ruled = [
        sum(each >= threshold and rule for each, rule in zip(similarities, follows, strict=True)) / len(pairs) for threshold in THRESHOLDS
    ]
    return [*alone, *ruled]


def follows_rule(pair: Pair) -> bool:
    """Return whether a pair of similar texts is a leak."""
    question, example = read(pair.question), read(pair.example)
    if question.words == example.words:
        return True
    return agree(read(pair.answer), [read(pair.accepted)]) and ask_the_same(question, example, answer_is_rare=pair.is_rare)


def describe_halves(asked: Sequence[Asked]) -> str:
    """Train on a random half of the questions, search it for the other half, and list what is called a leak."""
    chance = random.Random(5)
    mixed = chance.sample(list(asked), len(asked))
    trained, others = mixed[: len(asked) // 2], mixed[len(asked) // 2 :]
    examples = [make_example(f"<passages>\n[1] …\n</passages>\n\nQuestion: {each.text}", each.answer) for each in trained]
    leaks = find_leaks([Question(question=each.text, answers=[each.answer]) for each in others], examples)
    rows = [[others[leak.question].text, trained[leak.line - 1].text, leak.similarity] for leak in leaks]
    title = f"{len(leaks)} of {len(others)} questions are called leaks of {len(trained)} others of the set"
    return table(title, ["question", "example", "similarity"], rows)


def describe_speed(asked: Sequence[Asked], count: int) -> str:
    """Search many examples with passages for many questions, of which every tenth is in them with a wrong letter; say how it went."""
    chance = random.Random(2)
    words = sorted({word for each in asked for word in each.text.split() if word.isalpha()})
    texts = [" ".join(chance.sample(words, 9)) for _ in range(count)]
    examples = [make_example(f"<passages>\n[1] {chance.choice(asked).text}\n</passages>\n\nQuestion: {text}", text) for text in texts]
    leaked = chance.sample(range(count), count // 100)
    questions = [Question(question=misspell(texts[number], chance), answers=[texts[number]]) for number in leaked]
    questions += [Question(question=" ".join(chance.sample(words, 9)), answers=["x"]) for _ in range(9 * len(leaked))]
    started = time.monotonic()
    found = find_leaks(questions, examples)
    seconds = time.monotonic() - started
    return (
        f"{len(questions)} questions and {count} examples with passages: {seconds:.0f} s; {len(found)} leaks found, "
        f"{sum(leak.question < len(leaked) for leak in found)} of {len(leaked)} that are there."
    )


def make_example(prompt: str, answer: str) -> Example:
    """Return a training example."""
    return Example.model_validate({"messages": [{"role": "user", "content": prompt}, {"role": "assistant", "content": answer}]})


def misspell(text: str, chance: random.Random) -> str:
    """Return `text` with a letter left out, added, replaced, or swapped with the next one."""
    at, letter = chance.randrange(1, len(text) - 1), chance.choice(LETTERS)
    start, end = text[:at], text[at:]
    return chance.choice([start + end[1:], start + letter + end, start + letter + end[1:], start + end[1] + end[0] + end[2:]])


def change_case(text: str, chance: random.Random) -> str:
    """Return `text` with other capitals, spaces or signs."""
    return chance.choice([text.upper(), text.lower(), text.rstrip("?"), text.replace(" ", "  ") + " ?", f"“{text}”"])


def add_start(text: str, chance: random.Random) -> str:
    """Return `text` with words before it."""
    start = chance.choice(["Please tell me:", "Can you tell me,", "According to the text,", "Q:", "In this article,"])
    return f"{start} {text[0].lower()}{text[1:]}"


def add_end(text: str, chance: random.Random) -> str:
    """Return `text` with words after it."""
    return text.rstrip("?. ") + chance.choice([", exactly?", " please?", " according to the passage?", " again?"])


def leave_out(text: str, chance: random.Random) -> str:
    """Return `text` without one of its small words."""
    words = text.split()
    small = [position for position, word in enumerate(words) if word.lower() in SMALL]
    gone = chance.choice(small) if small else None
    return " ".join(word for position, word in enumerate(words) if position != gone)


def replace_word(text: str, chance: random.Random) -> str:
    """Return `text` with another word of the same sense."""
    words = text.split()
    known = [position for position, word in enumerate(words) if word.lower() in OTHER_WORDS]
    if known:
        at = chance.choice(known)
        words[at] = OTHER_WORDS[words[at].lower()]
    return " ".join(words)


def reorder(text: str, chance: random.Random) -> str:
    """Return `text` with its end before its start."""
    words = text.rstrip("?").split()
    at = chance.randrange(1, len(words))
    return " ".join([*words[at:], *words[:at]]) + "?"


def replace_name(text: str, asked: Sequence[Asked], chance: random.Random) -> str:
    """Return `text` with a name of another question in place of one of its own."""
    own = chance.choice(NAME.findall(text))
    names = [name for each in chance.sample(list(asked), 200) for name in NAME.findall(each.text) if name not in text]
    return text.replace(own, chance.choice(names))


EDITS: dict[str, Edit] = {
    "capitals, signs": change_case,
    "1 wrong letter": misspell,
    "2 wrong letters": lambda text, chance: misspell(misspell(text, chance), chance),
    "small word left out": leave_out,
    "words before": add_start,
    "words after": add_end,
    "another word": replace_word,
    "another order": reorder,
    "another word, words after": lambda text, chance: add_end(replace_word(text, chance), chance),
}

if __name__ == "__main__":
    main()
