"""Data sets for retrieval: documents, questions, and which documents answer which question."""

import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from services.retrieval.embedding.embedder import Embedder
from services.retrieval.embedding.vectors import Vectors

CACHE = Path(".tandem/bench")


@dataclass(frozen=True)
class JudgedSet:
    """Texts by id, questions by id, and for each question the score of every document that answers it."""

    name: str
    documents: dict[str, str]
    questions: dict[str, str]
    relevant: dict[str, dict[str, int]]


def load(data: Path, name: str, fields: Sequence[str] = ("title", "text")) -> JudgedSet:
    """Read a data set in BEIR's format from `data/name`; a document is its title and its text, or what `fields` names, as one passage."""
    folder = data / name
    corpus = next(path for path in (folder / "corpus.jsonl", folder / "corpus.jsonl.gz") if path.exists())
    documents = {row["_id"]: " ".join(row[field] for field in fields).strip() for row in _read_rows(corpus)}
    relevant: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.tsv").read_text().splitlines()[1:]:
        question, document, score = line.split("\t")
        if int(score) > 0 and document in documents:
            relevant.setdefault(question, {})[document] = int(score)
    questions = {row["_id"]: row["text"] for row in _read_rows(folder / "queries.jsonl") if row["_id"] in relevant}
    return JudgedSet(name, documents, questions, relevant)


def _read_rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def embed_cached(texts: list[str], embedder: Embedder, kind: str) -> Vectors:
    """Return the vectors of texts; `kind` is `passage` or `query`. They are cached on disk, so that the next run is quick."""
    CACHE.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256("\x00".join([embedder.space, kind, *texts]).encode()).hexdigest()[:24]
    path = CACHE / f"{name}.npy"
    if not path.exists():
        vectors = (
            embedder.embed_passages(texts) if kind == "passage" else np.array([embedder.embed_query(text) for text in texts], np.float32)
        )
        np.save(path, vectors)
    cached: Vectors = np.load(path)
    return cached
