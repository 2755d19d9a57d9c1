"""How well sentences are told apart that a passage supports and that it does not, by words alone and by embeddings and words.

python -m benchmarks.attribution --data ../shared/data [--claims 120]

The sentences are SciFact's claims, the passages its abstracts: for each claim one that is about it, the most similar one that is not, and
one at random; and the first once more for a claim whose numbers were changed. Shares are of sentences that come out as supported; `area`
is that under the ROC curve: how often a supporting passage has the higher support.
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
from benchmarks.tables import Steps, table
from services.generation.answers.attribute import attribute
from services.generation.answers.similarity import compare
from services.retrieval.embedding.embedder import Embedder
from services.retrieval.embedding.vectors import Vectors
from services.retrieval.settings import RetrievalSettings
from services.retrieval.wiring import open_embedders
from shared.contracts.search import ChunkLocation, SearchHit, TextContent

POOL = 400  # abstracts, among which the most similar is looked for
NUMBER = re.compile(r"\d+")
KINDS = ("about it", "most similar", "at random", "numbers changed")


@dataclass(frozen=True)
class Pair:
    """A claim and a passage; `kind` says what the passage is to it."""

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
    asked = parser.parse_args()
    steps = Steps()
    embedder = open_embedders(RetrievalSettings()).default
    embedder.load()
    steps.say("choosing passages")
    pairs = _pairs(load(asked.data, "scifact"), asked.claims, embedder)
    rows = []
    for way, uses_embeddings in (("words", False), ("embeddings and words", True)):
        steps.say(way)
        began = time.perf_counter()
        supports = asyncio.run(_supports(pairs, LocalEmbedder(embedder) if uses_embeddings else None))
        rows.append([way, *_figures(pairs, supports), (time.perf_counter() - began) * 1000 / len(pairs)])
    head = ["supported, where the passage is", *KINDS, "area, most similar", "area, at random", "ms a sentence"]
    print(table(f"{asked.claims} claims, each with {len(KINDS) - 1} passages", head, rows))
    embedder.close()


def _pairs(judged: JudgedSet, count: int, embedder: Embedder) -> list[Pair]:
    chance = random.Random(0)
    claims = chance.sample(sorted(judged.questions), count)
    about = {claim: next(iter(judged.relevant[claim])) for claim in claims}
    pool = sorted({*chance.sample(sorted(judged.documents), POOL), *about.values()})
    vectors = embedder.embed_passages([judged.documents[document][:1000] for document in pool])
    queries = np.stack([embedder.embed_query(judged.questions[claim]) for claim in claims])
    pairs: list[Pair] = []
    for claim, order in zip(claims, np.argsort(-(queries @ vectors.T), axis=1), strict=True):
        others = [pool[place] for place in order if pool[place] not in judged.relevant[claim]]
        text = judged.questions[claim]
        shown = (about[claim], others[0], chance.choice(others))
        pairs += [Pair(kind, text, _hit(judged.documents[document])) for kind, document in zip(KINDS, shown, strict=False)]
        if NUMBER.search(text):
            changed = NUMBER.sub(lambda match: str(int(match.group()) + 7), text)
            pairs.append(Pair(KINDS[3], changed, _hit(judged.documents[about[claim]])))
    return pairs


def _hit(text: str) -> SearchHit:
    place = ChunkLocation(position=0, start=0, end=len(text))
    return SearchHit(file_id="file-a", filename="a", score=1, content=[TextContent(text=text)], chunk=place, vector_store_id="vs_a")


async def _supports(pairs: Sequence[Pair], embedder: LocalEmbedder | None) -> list[float]:
    """Return the support of each claim, which is a single sentence."""
    supports = []
    for pair in pairs:
        claim = pair.claim.replace(". ", ", ")
        similarities = await compare([claim], [pair.hit], embedder) if embedder else None
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
