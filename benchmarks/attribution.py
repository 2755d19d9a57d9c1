"""How well attribution distinguishes sentences that a passage supports from others, by words alone and by embeddings and words.

python -m benchmarks.attribution --data ../shared/data [--claims 120]

The sentences are SciFact's claims and the passages its abstracts: for each claim one that is about it, the most similar one that is not,
and a random one; and the first again for the claim with other numbers. The shares are of sentences that are rated as supported. `area` is
that under the ROC curve: how often a supporting passage has the higher support.
"""

import argparse
import asyncio
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.retrieval.sets import JudgedSet, load
from benchmarks.tables import Progress, table
from services.generation.answers.attribute import attribute, compute_similarities
from services.retrieval.embedding.embedder import Embedder
from services.retrieval.embedding.vectors import Vectors
from services.retrieval.settings import RetrievalSettings
from services.retrieval.wiring import open_embedders
from shared.contracts.search import ChunkLocation, SearchHit, TextContent

POOL_SIZE = 400  # abstracts that the most similar one is chosen from
NUMBER = re.compile(r"\d+")
KINDS = ("about it", "most similar", "random", "numbers changed")


@dataclass(frozen=True)
class Pair:
    """A claim and a passage; `kind` is the relation between them."""

    kind: str
    claim: str
    hit: SearchHit


class LocalEmbedder:
    """Embeds like a vector store, in this process."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    async def embed(self, store_id: str, texts: Sequence[str]) -> list[list[float]]:  # noqa: ARG002  there is one store
        """Return the vectors of texts."""
        return [
            [float(part) for part in vector] for vector in self._embedder.embed_texts(list(texts), self._embedder.count_tokens(list(texts)))
        ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--claims", type=int, default=120)
    options = parser.parse_args()
    progress = Progress()
    embedder = open_embedders(RetrievalSettings()).default
    embedder.load()
    progress.report("choosing passages")
    pairs = _make_pairs(load(options.data, "scifact"), options.claims, embedder)
    rows = []
    for method, uses_embeddings in (("words", False), ("embeddings and words", True)):
        progress.report(method)
        started = time.perf_counter()
        supports = asyncio.run(_measure_support(pairs, LocalEmbedder(embedder) if uses_embeddings else None))
        rows.append([method, *_figures(pairs, supports), (time.perf_counter() - started) * 1000 / len(pairs)])
    columns = ["supported, if the passage is", *KINDS, "area, most similar", "area, random", "ms a sentence"]
    print(table(f"{options.claims} claims, each with {len(KINDS) - 1} passages", columns, rows))
    embedder.close()


def _make_pairs(judged: JudgedSet, count: int, embedder: Embedder) -> list[Pair]:
    dice = random.Random(0)
    claims = dice.sample(sorted(judged.questions), count)
    about = {claim: next(iter(judged.relevant[claim])) for claim in claims}
    pool = sorted({*dice.sample(sorted(judged.documents), POOL_SIZE), *about.values()})
    vectors = embedder.embed_passages([judged.documents[document][:1000] for document in pool])
    queries = np.stack([embedder.embed_query(judged.questions[claim]) for claim in claims])
    pairs: list[Pair] = []
    for claim, order in zip(claims, np.argsort(-(queries @ vectors.T), axis=1), strict=True):
        others = [pool[position] for position in order if pool[position] not in judged.relevant[claim]]
        text = judged.questions[claim]
        passages = (about[claim], others[0], dice.choice(others))
        pairs += [Pair(kind, text, _hit(judged.documents[document])) for kind, document in zip(KINDS, passages, strict=False)]
        if NUMBER.search(text):
            changed = NUMBER.sub(lambda match: str(int(match.group()) + 7), text)
            pairs.append(Pair(KINDS[3], changed, _hit(judged.documents[about[claim]])))
    return pairs


def _hit(text: str) -> SearchHit:
    location = ChunkLocation(position=0, start=0, end=len(text))
    return SearchHit(file_id="file-a", filename="a", score=1, content=[TextContent(text=text)], chunk=location, vector_store_id="vs_a")


async def _measure_support(pairs: Sequence[Pair], embedder: LocalEmbedder | None) -> list[float]:
    """Return the support of each claim, which is a single sentence."""
    supports = []
    for pair in pairs:
        claim = pair.claim.replace(". ", ", ")
        similarities = await compute_similarities([claim], [pair.hit], embedder) if embedder else None
        supports.append(attribute(claim, [pair.hit], similarities)[0].support)
    return supports


def _figures(pairs: Sequence[Pair], supports: Sequence[float]) -> list[float]:
    by_kind = {
        kind: np.array([support for pair, support in zip(pairs, supports, strict=True) if pair.kind == kind], np.float32) for kind in KINDS
    }
    shares = [float((by_kind[kind] >= 0.5).mean()) for kind in KINDS]
    return [*shares, *(_area(by_kind[KINDS[0]], by_kind[kind]) for kind in KINDS[1:3])]


def _area(higher: Vectors, lower: Vectors) -> float:
    difference = higher[:, None] - lower[None]
    return float((difference > 0).mean() + (difference == 0).mean() / 2)


if __name__ == "__main__":
    main()
