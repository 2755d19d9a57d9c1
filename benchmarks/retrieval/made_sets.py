"""Sets of questions that are made from data which has none, by rules, so that everyone gets the same.

    chunking    the benchmark of chunking, cut by `auto`; a chunk is relevant if it has half of a reference, or consists of one by half
    headings    a heading of a document finds the passages of its section, which are stored without it
    sentences   a sentence finds the rest of its passage, from which it is taken out (the inverse cloze task of Lee et al. 2019)
    banking77   a customer's message finds five others of the same intent
    gsm8k       a problem finds its solution
    titles      a claim of scifact finds the titles of the abstracts that support or refute it
    answers     an answer of xquad-en, mostly a name, finds the only paragraph that contains it
    questions   a question of xquad-en finds other questions about the same paragraph

`headings` and `sentences` are made from the known Markdown of the files in `documents`. Passages that occur twice are left out, and so are
headings and sentences that occur in more than one place.
"""

import csv
import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from benchmarks.retrieval.chunking import Question, read
from benchmarks.retrieval.sets import JudgedSet, load
from services.retrieval.chunk import AUTO, Chunk, chunk
from services.retrieval.embedding.embedder import Embedder
from services.retrieval.parse import Document

HEADING = re.compile(r"^#+\s+(.+?)\s*$", re.MULTILINE)
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
CALCULATION = re.compile(r"<<.*?>>")
MARKDOWN = ("docling/*/groundtruth/*.md", "markitdown/expected_outputs/*.md")
KNOWN_MESSAGES, ASKED_MESSAGES = 5, 10  # of each intent
PROBLEMS, ASKED_PROBLEMS = 1500, 600
Maker: TypeAlias = Callable[[Path, Embedder], JudgedSet]


def make_chunking(data: Path, embedder: Embedder) -> JudgedSet:
    """Return the questions of the benchmark of chunking, for the chunks of `auto`."""
    texts, questions = read(data / "chunking")
    chunks = {f"{name} {each.position}": (name, each) for name, text in texts.items() for each in chunk(Document(text), AUTO, embedder)}
    found = {str(number): _find_relevant(question, chunks) for number, question in enumerate(questions)}
    relevant = {number: ids for number, ids in found.items() if ids}
    asked = {number: questions[int(number)].text for number in relevant}
    return JudgedSet("chunking", {id: each.in_context for id, (_, each) in chunks.items()}, asked, relevant)


def _find_relevant(question: Question, chunks: Mapping[str, tuple[str, Chunk]]) -> dict[str, int]:
    return {id: 1 for id, (name, each) in chunks.items() if name == question.document and _answers(question, each)}


def _answers(question: Question, part: Chunk) -> bool:
    """Return whether the chunk has half of a reference, or consists of one by half."""
    shared = [(min(end, part.end) - max(start, part.start), min(end - start, part.end - part.start)) for start, end in question.references]
    return any(2 * overlap >= size for overlap, size in shared)


def make_headings(data: Path, embedder: Embedder) -> JudgedSet:
    """Return headings as questions, and the passages of their sections."""
    sections = [section for text in _read_markdown(data) for section in _split_sections(text)]
    occurrences = Counter(heading for heading, _ in sections)
    documents, relevant = dict[str, str](), dict[str, dict[str, int]]()
    seen = set[str]()
    for heading, body in sections:
        ids = {}
        for text in (each.text for each in chunk(Document(body), AUTO, embedder)):
            if text not in seen:
                seen.add(text)
                ids[str(len(documents))] = 1
                documents[str(len(documents))] = text
        if ids and occurrences[heading] == 1 and len(re.findall(r"[^\W\d_]{3,}", heading)) >= 2:
            relevant[heading] = ids
    return JudgedSet("headings", documents, {heading: heading for heading in relevant}, relevant)


def _split_sections(text: str) -> Iterator[tuple[str, str]]:
    """Yield the headings with the text below each; the text before the first heading has none."""
    matches = list(HEADING.finditer(text))
    starts, ends = [0, *(each.end() for each in matches)], [*(each.start() for each in matches), len(text)]
    for heading, start, end in zip(["", *(each[1] for each in matches)], starts, ends, strict=True):
        if body := text[start:end].strip():
            yield heading, body


def make_sentences(data: Path, embedder: Embedder) -> JudgedSet:
    """Return one sentence of each passage that has three or more as a question, and the rest of the passage as its answer."""
    dice, everything = random.Random(7), "\n".join(_read_markdown(data))
    passages = [each.text for text in _read_markdown(data) for each in chunk(Document(text), AUTO, embedder)]
    documents, questions = dict[str, str](), dict[str, str]()
    for number, passage in enumerate(dict.fromkeys(passages)):
        sentences = SENTENCE_END.split(passage)
        possible = [each for each in sentences if 8 <= len(each.split()) <= 40 and "|" not in each and everything.count(each) == 1]
        documents[str(number)] = passage
        if len(sentences) >= 3 and possible:
            taken = dice.choice(possible)
            documents[str(number)] = " ".join(each for each in sentences if each != taken)
            questions[str(number)] = " ".join(taken.split())
    return JudgedSet("sentences", documents, questions, {number: {number: 1} for number in questions})


def _read_markdown(data: Path) -> list[str]:
    paths = sorted(path for pattern in MARKDOWN for path in (data / "documents").glob(pattern))
    return list(dict.fromkeys(path.read_text(encoding="utf-8", errors="replace") for path in paths))


def make_banking(data: Path, _: Embedder) -> JudgedSet:
    """Return messages as questions, and five others of each intent as documents."""
    by_intent: dict[str, list[str]] = {}
    with (data / "banking77" / "train.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            by_intent.setdefault(row["category"], []).append(row["text"])
    documents, questions, relevant = dict[str, str](), dict[str, str](), dict[str, dict[str, int]]()
    for intent, messages in sorted(by_intent.items()):
        known = {f"{intent} {number}": text for number, text in enumerate(messages[:KNOWN_MESSAGES])}
        asked = messages[KNOWN_MESSAGES : KNOWN_MESSAGES + ASKED_MESSAGES]
        documents |= known
        questions |= {f"{intent} {number}": text for number, text in enumerate(asked)}
        relevant |= {f"{intent} {number}": dict.fromkeys(known, 1) for number in range(len(asked))}
    return JudgedSet("banking77", documents, questions, relevant)


def make_gsm8k(data: Path, _: Embedder) -> JudgedSet:
    """Return problems as questions, and the solutions of more problems as documents."""
    with gzip.open(data / "gsm8k" / "train.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line, _ in zip(lines, range(PROBLEMS), strict=False)]
    documents = {str(number): CALCULATION.sub("", row["answer"]) for number, row in enumerate(rows)}
    questions = {str(number): row["question"] for number, row in enumerate(rows[:ASKED_PROBLEMS])}
    return JudgedSet("gsm8k", documents, questions, {number: {number: 1} for number in questions})


def make_titles(data: Path, _: Embedder) -> JudgedSet:
    """Return the claims of scifact as questions, and only the titles of the abstracts as documents."""
    judged = load(data, "scifact", ["title"])
    return JudgedSet("titles", judged.documents, judged.questions, judged.relevant)


def make_answers(data: Path, _: Embedder) -> JudgedSet:
    """Return the answers of xquad-en that have one to four words and occur in one paragraph only, with this paragraph."""
    paragraphs = load(data, "xquad-en").documents
    relevant: dict[str, dict[str, int]] = {}
    for row in json.loads((data / "xquad-en" / "answers.json").read_text(encoding="utf-8")):
        for answer in row["answers"]:
            found = [id for id, text in paragraphs.items() if answer.lower() in text.lower()]
            if found == [row["corpus-id"]] and len(answer.split()) <= 4 and re.search(r"[^\W\d_]{3,}", answer):
                relevant[answer] = {found[0]: 1}
    return JudgedSet("answers", paragraphs, {answer: answer for answer in relevant}, relevant)


def make_questions(data: Path, _: Embedder) -> JudgedSet:
    """Return half of xquad-en's questions about each paragraph as questions, and the other half as documents."""
    judged = load(data, "xquad-en")
    by_paragraph: dict[str, list[str]] = {}
    for id, paragraphs in judged.relevant.items():
        by_paragraph.setdefault(next(iter(paragraphs)), []).append(id)
    documents, questions, relevant = dict[str, str](), dict[str, str](), dict[str, dict[str, int]]()
    for ids in by_paragraph.values():
        known, asked = ids[: len(ids) // 2], ids[len(ids) // 2 :]
        documents |= {id: judged.questions[id] for id in known}
        if known:
            questions |= {id: judged.questions[id] for id in asked}
            relevant |= {id: dict.fromkeys(known, 1) for id in asked}
    return JudgedSet("questions", documents, questions, relevant)


MAKERS: dict[str, Maker] = {
    "chunking": make_chunking,
    "headings": make_headings,
    "sentences": make_sentences,
    "gsm8k": make_gsm8k,
    "banking77": make_banking,
    "titles": make_titles,
    "answers": make_answers,
    "questions": make_questions,
}
