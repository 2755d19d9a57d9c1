"""What it costs to count word rarities over the searched stores only, and not over everything in the index.

python -m benchmarks.retrieval rarity --data ../shared/data

The embedded index gets 100,000 chunks: real texts with their keywords, and random vectors. One store has four fifths of them, or a
hundredth; twenty others share the rest. Searches of the same questions take turns: with the rarities of the store, and with those of
the whole index, which Edge always knows.
"""

import time
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import qdrant_edge

from benchmarks.retrieval.sets import load
from benchmarks.tables import Progress, table
from services.retrieval.chunk import Chunk
from services.retrieval.index import Point, Query, edge
from services.retrieval.index.bm25 import Bm25
from services.retrieval.index.edge import EdgeIndex
from services.retrieval.index.filters import search_scope, to_qdrant_filter
from services.retrieval.index.points import KEYWORDS, ChunkOwner, to_point

CHUNKS, DIMENSION, BATCH = 100_000, 384, 200
SHARES = (0.8, 0.01)
OTHERS = [f"vs_{number}" for number in range(20)]
SPACE, STORE, DEPTH = "bench", "vs_bench", 100
SEARCHES, WARMUPS = 300, 20


def main(data: Path, quick: bool = False) -> str:
    """Measure and return the table; `quick` uses a small index."""
    count, progress = 2_000 if quick else CHUNKS, Progress()
    abstracts = load(data, "scifact")
    questions = list(islice(cycle(abstracts.questions.values()), 40 if quick else SEARCHES))
    rows: list[list[object]] = []
    for share in SHARES:
        progress.report(f"{count} chunks, {share:.0%} of them in one store")
        with TemporaryDirectory() as folder:
            index = EdgeIndex(Path(folder) / "index")
            _fill(index, list(abstracts.documents.values()), count, share)
            rows.append([f"{share:.0%}", *_compare(index, questions)])
            index.close()
    columns = ["the store's share of the chunks", "counted over the index, p50 ms", "over the store, p50 ms", "the ratio"]
    return table(f"Hybrid search among {count:,} chunks, without the question's embedding", columns, rows)


def _fill(index: EdgeIndex, texts: Sequence[str], count: int, share: float) -> None:
    index.ensure_space(SPACE, DIMENSION)
    points = _points(texts, count, share)
    while batch := list(islice(points, BATCH)):
        index.upsert(SPACE, batch)
    index.optimize()


def _points(texts: Sequence[str], count: int, share: float) -> Iterator[Point]:
    bm25, dice, others = Bm25(), np.random.default_rng(7), cycle(OTHERS)
    passages = cycle([(text, bm25.encode_passage(text)) for text in texts])
    for position, (text, keywords) in enumerate(islice(passages, count)):
        store = STORE if dice.random() < share else next(others)
        chunk = Chunk(position, text, 0, len(text), None, [], None)
        owner = ChunkOwner(store, f"file-{position // 5}", f"vsf_{position // 5}")
        yield to_point(owner, chunk, dice.normal(size=DIMENSION).tolist(), keywords)


def _compare(index: EdgeIndex, questions: Sequence[str]) -> tuple[float, float, str]:
    """Return the median milliseconds with the rarities of the index, with those of the store, and their ratio."""
    bm25, dice = Bm25(), np.random.default_rng(11)
    queries = [Query(dice.normal(size=DIMENSION).tolist(), bm25.encode_query(question)) for question in questions]
    seconds: tuple[list[float], list[float]] = [], []
    for number, query in enumerate([*queries[:WARMUPS], *queries]):
        for place in (0, 1) if number % 2 else (1, 0):
            started = time.perf_counter()
            (_search_as_before, _search)[place](index, query)
            seconds[place].append(time.perf_counter() - started)
    everything, store = (1000 * median(each[WARMUPS:]) for each in seconds)
    return round(everything, 2), round(store, 2), f"{store / everything:.2f}"


def _search(index: EdgeIndex, query: Query) -> None:
    index.search(SPACE, STORE, query, None, DEPTH)


def _search_as_before(index: EdgeIndex, query: Query) -> None:
    index.search(SPACE, STORE, Query(query.vector), None, DEPTH)
    matching = to_qdrant_filter(qdrant_edge, search_scope(STORE, None))
    edge._find_nearest(index._shard(SPACE), KEYWORDS, edge._to_sparse(query), matching, DEPTH, None)
