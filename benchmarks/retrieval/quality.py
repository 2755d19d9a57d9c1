"""How good search is on sets with known answers: by meaning, by keywords, and by both, on both indexes.

python -m benchmarks.retrieval quality --data ../shared/data

Every document is one passage, so that the figures can be held against others'. Beside Tandem's own fusion stand two common ones over
the same two lists: reciprocal rank fusion (Cormack et al. 2009, k 60), and the mean of each list's scores scaled to [0, 1] by the
question's best and worst.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.retrieval.backends import BACKENDS, SPACE, TENANT, fill, opened
from benchmarks.retrieval.metrics import ndcg, recall
from benchmarks.retrieval.sets import JudgedSet, embedded, load
from benchmarks.tables import Steps, table
from services.retrieval.embedding.embedder import Embedder
from services.retrieval.index import Hit, Index, Query
from services.retrieval.index.bm25 import Bm25
from services.retrieval.search.fuse import FusedPoint, fuse
from services.retrieval.settings import RetrievalSettings
from shared.contracts.search import ConvexFusion, DistributionFusion

SETS = ("xquad-en", "scifact")
DEPTH = 100
Lists = tuple[list[Hit], list[Hit]]
Ranker = Callable[[list[Hit], list[Hit]], Sequence[Hit | FusedPoint]]


def ranked(hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits, best first."""
    return sorted(hits, key=lambda hit: (-hit.score, hit.id))


def rrf(nearest: list[Hit], matching: list[Hit], k: int = 60) -> list[Hit]:
    """Return both lists fused by reciprocal ranks."""
    scores: dict[str, float] = {}
    for hits in (nearest, matching):
        for rank, hit in enumerate(hits, start=1):
            scores[hit.id] = scores.get(hit.id, 0.0) + 1 / (k + rank)
    return ranked([Hit(id, score) for id, score in scores.items()])


def convex(nearest: list[Hit], matching: list[Hit]) -> list[Hit]:
    """Return both lists fused by the mean of their scores, each scaled by its list's best and worst."""
    scores: dict[str, float] = {}
    for hits in (nearest, matching):
        low, high = (min(hit.score for hit in hits), max(hit.score for hit in hits)) if hits else (0.0, 1.0)
        for hit in hits:
            scores[hit.id] = scores.get(hit.id, 0.0) + (hit.score - low) / ((high - low) or 1.0) / 2
    return ranked([Hit(id, score) for id, score in scores.items()])


RANKERS: dict[str, Ranker] = {
    "vector": lambda nearest, _: ranked(nearest),
    "keyword": lambda _, matching: ranked(matching),
    "hybrid": lambda nearest, matching: fuse(nearest, matching, "hybrid", ConvexFusion(), DEPTH),
    "hybrid, fusion dbsf": lambda nearest, matching: fuse(nearest, matching, "hybrid", DistributionFusion(type="dbsf"), DEPTH),
    "(RRF, k 60)": rrf,
    "(convex, scaled)": convex,
}


def main(data: Path, quick: bool = False) -> str:
    """Measure and return the tables; `quick` takes a few questions only."""
    settings, steps = RetrievalSettings(), Steps()
    embedder = Embedder(settings.model, settings.embedding_dtype, settings.embedding_batch_size)
    parts = []
    for name in SETS[:1] if quick else SETS:
        judged = load(data, name)
        steps.say(f"{name}: embedding {len(judged.documents)} documents, {len(judged.questions)} questions")
        questions = list(judged.questions)[: 50 if quick else None]
        vectors = embedded(list(judged.documents.values()), embedder, "passage")
        queries = embedded([judged.questions[question] for question in questions], embedder, "query").tolist()
        rows: list[list[object]] = []
        for backend in BACKENDS:
            steps.say(f"{name}: searching, {backend}")
            with opened(backend) as (index, _):
                bm25 = Bm25()
                places = fill(
                    index, list(judged.documents.values()), vectors, [bm25.encode_passage(text) for text in judged.documents.values()]
                )
                asked = [Query(vector, bm25.encode_query(judged.questions[id])) for id, vector in zip(questions, queries, strict=True)]
                rows += _judged(judged, questions, [_search(index, query) for query in asked], places, backend)
        head = ["index, ranking", "nDCG@10", "recall@10", "recall@100"]
        parts.append(table(f"{name}: {len(judged.documents)} documents, {len(questions)} questions, {embedder.name}", head, rows))
    embedder.close()
    return "\n\n".join(parts)


def _search(index: Index, query: Query) -> Lists:
    return index.search(SPACE, TENANT, query, None, DEPTH)


def _judged(
    judged: JudgedSet, questions: Sequence[str], found: Sequence[Lists], places: dict[str, int], backend: str
) -> list[list[object]]:
    names, rows = list(judged.documents), list[list[object]]()
    for ranker, rank in RANKERS.items():
        rankings = [[names[places[hit.id]] for hit in rank(*lists)] for lists in found]
        pairs = [(ranking, judged.relevant[question]) for ranking, question in zip(rankings, questions, strict=True)]
        means = [sum(measure(*pair, depth) for pair in pairs) / len(pairs) for measure, depth in ((ndcg, 10), (recall, 10), (recall, 100))]
        rows.append([f"{backend}, {ranker}", *(f"{mean:.4f}" for mean in means)])
    return rows
