"""How well each chunking strategy works for questions whose answers' exact spans are known.

python -m benchmarks.retrieval.chunking --data ../shared/data

Each strategy is measured at several sizes with the same embedder and exact nearest neighbors. For a question's hits and its reference
spans, by characters:

    recall    = |hits n references| / |references|
    precision = |hits n references| / sum of |hit|
    IoU       = |hits n references| / (sum of |hit| + |references outside the hits|)

as in chunking_evaluation/evaluation_framework/base_evaluation.py of github.com/brandonstarxel/chunking_evaluation, over the best five.
Small chunks have the best precision and large ones the best recall. So the last column, which decides what `auto` is, gives every strategy
the same number of tokens: recall within the best BUDGET tokens, the last chunk being cut where they end.
"""

import argparse
import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np

from services.retrieval.chunk import Chunk, chunk, token_spans
from services.retrieval.contracts.chunking import Strategy, parse_strategy
from services.retrieval.embedding.embedder import Embedder
from services.retrieval.parse import Document
from services.retrieval.settings import RetrievalSettings

TOP, BUDGET = 5, 1000
SIZES = ((100, 0), (100, 25), (200, 0), (200, 50), (400, 0), (400, 100))
STRATEGIES = ("static", "sentence", "recursive", "markdown", "semantic", "parent_child")
PARENT_RATIO = 4  # the size of a parent as a multiple of its children's
Span: TypeAlias = tuple[int, int]
Spans: TypeAlias = dict[str, list[Span]]


@dataclass(frozen=True)
class Question:
    """A question, the document that answers it, and the spans of the answer."""

    text: str
    document: str
    references: list[Span]


@dataclass(frozen=True)
class Scores:
    """Means over the questions, each in [0, 1]; `budget_recall` is the recall within BUDGET tokens."""

    recall: float
    precision: float
    iou: float
    budget_recall: float


def main(data: Path) -> str:
    """Measure every strategy and return the table; `data` is the folder that contains `chunking/`."""
    documents, questions = read(data / "chunking")
    embedder = Embedder(RetrievalSettings().model, "auto", 32)
    queries = np.array([embedder.embed_query(question.text) for question in questions], np.float32)
    lines = [
        f"{len(questions)} questions, {len(documents)} documents, {embedder.name}; best {TOP} hits, and recall within {BUDGET} tokens",
        f"{'strategy':13}{'size/overlap':>13}{'chunks':>8}{'tokens':>8}{'recall':>8}{'precision':>10}{'IoU':>7}{'within':>8}",
    ]
    for name in STRATEGIES:
        for size, overlap in SIZES:
            lines.append(_measure(name, size, overlap, documents, questions, queries, embedder))
            print(lines[-1], flush=True)
    return "\n".join(lines)


def read(folder: Path) -> tuple[dict[str, str], list[Question]]:
    """Return the documents' texts by name, and the questions."""
    with (folder / "questions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    questions = [Question(row["question"], row["corpus_id"], _references(row["references"])) for row in rows]
    names = sorted({question.document for question in questions})
    return {name: (folder / f"{name}.md").read_text(encoding="utf-8") for name in names}, questions


def _references(field: str) -> list[Span]:
    return [(int(each["start_index"]), int(each["end_index"])) for each in json.loads(field)]


def make_strategy(name: str, size: int, overlap: int) -> Strategy:
    """Return a strategy of these sizes; a parent is PARENT_RATIO times as large as its children."""
    sizes = {"max_chunk_size_tokens": size, "chunk_overlap_tokens": overlap}
    if name == "parent_child":
        sizes["parent_max_chunk_size_tokens"] = size * PARENT_RATIO
    return parse_strategy({"type": name, name: sizes})


def _measure(
    name: str, size: int, overlap: int, documents: dict[str, str], questions: Sequence[Question], queries: "np.ndarray", embedder: Embedder
) -> str:
    strategy = make_strategy(name, size, overlap)
    chunks = [(document, each) for document, text in documents.items() for each in chunk(Document(text), strategy, embedder)]
    vectors = embedder.embed_passages([each.in_context for _, each in chunks])
    order = np.argsort(-(queries @ vectors.T), axis=1, kind="stable")
    tokens = {document: np.array(list(token_spans(text, embedder))) for document, text in documents.items()}
    hits = [list(_to_hits([chunks[i] for i in row])) for row in order]
    scores = mean([score(question, each, tokens) for question, each in zip(questions, hits, strict=True)])
    mean_size = np.mean([count(tokens[document], each.start, each.end) for document, each in chunks])
    figures = f"{scores.recall:8.3f}{scores.precision:10.3f}{scores.iou:7.3f}{scores.budget_recall:8.3f}"
    return f"{name:13}{f'{size}/{overlap}':>13}{len(chunks):8}{mean_size:8.0f}{figures}"


def _to_hits(ranked: Sequence[tuple[str, Chunk]]) -> Iterator[tuple[str, Span]]:
    """Yield the spans that a search would return, best first: for several children of a parent its span, once."""
    seen = set()
    for document, each in ranked:
        span = (each.parent.start, each.parent.end) if each.parent else (each.start, each.end)
        if (document, span) not in seen:
            seen.add((document, span))
            yield document, span


def score(question: Question, hits: Sequence[tuple[str, Span]], tokens: "dict[str, np.ndarray]") -> Scores:
    """Return the scores of one question's hits, best first."""
    expected = sum(end - start for start, end in question.references)
    best = hits[:TOP]
    found, size = overlap(question, best), sum(end - start for _, (start, end) in best)
    in_budget = overlap(question, list(within_budget(hits, tokens)))
    return Scores(found / expected, found / size, found / (size + expected - found), in_budget / expected)


def overlap(question: Question, hits: Sequence[tuple[str, Span]]) -> int:
    """Return how many characters of the references are in the hits."""
    spans = union([span for document, span in hits if document == question.document])
    pairs = [(start, end, first, last) for start, end in union(question.references) for first, last in spans]
    return sum(max(0, min(end, last) - max(start, first)) for start, end, first, last in pairs)


def union(spans: Sequence[Span]) -> list[Span]:
    """Return the union of the spans."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def within_budget(hits: Sequence[tuple[str, Span]], tokens: "dict[str, np.ndarray]") -> Iterator[tuple[str, Span]]:
    """Yield the hits that fit into BUDGET tokens together; the last one is cut."""
    remaining = BUDGET
    for document, (start, end) in hits:
        inside = tokens[document][(tokens[document][:, 0] >= start) & (tokens[document][:, 1] <= end)][:remaining]
        remaining -= len(inside)
        yield document, (start, int(inside[-1][1]))
        if not remaining:
            return


def count(tokens: "np.ndarray", start: int, end: int) -> int:
    """Return how many tokens are in a span."""
    return int(((tokens[:, 0] >= start) & (tokens[:, 1] <= end)).sum())


def mean(scores: Sequence[Scores]) -> Scores:
    """Return the means."""
    each = [(one.recall, one.precision, one.iou, one.budget_recall) for one in scores]
    return Scores(*(float(np.mean(column)) for column in zip(*each, strict=True)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measure the chunking strategies.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    main(parser.parse_args().data)
