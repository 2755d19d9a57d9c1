"""How good search is on data sets with known answers: by vector, by keyword, and hybrid, on both indexes.

python -m benchmarks.retrieval quality --data ../shared/data

Every document is one passage, so that the results can be compared with published ones. Tandem's own fusion is compared with two common
ones over the same two lists: reciprocal rank fusion (Cormack et al. 2009, k 60), and the mean of the scores of each list, scaled to [0, 1]
by the question's best and worst.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.retrieval.backends import BACKENDS, SPACE, TENANT, fill, open_backend
from benchmarks.retrieval.metrics import ndcg, recall
from benchmarks.retrieval.sets import JudgedSet, embed_cached, load
from benchmarks.tables import Progress, table
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


def sort_hits(hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits, best first."""
    return sorted(hits, key=lambda hit: (-hit.score, hit.id))


def rrf(nearest: list[Hit], matching: list[Hit], k: int = 60) -> list[Hit]:
    """Fuse both lists by reciprocal ranks."""
    scores: dict[str, float] = {}
    for hits in (nearest, matching):
        for rank, hit in enumerate(hits, start=1):
            scores[hit.id] = scores.get(hit.id, 0.0) + 1 / (k + rank)
    return sort_hits([Hit(id, score) for id, score in scores.items()])


def convex(nearest: list[Hit], matching: list[Hit]) -> list[Hit]:
    """Fuse both lists by the mean of their scores, each scaled by its list's best and worst."""
    scores: dict[str, float] = {}
    for hits in (nearest, matching):
        low, high = (min(hit.score for hit in hits), max(hit.score for hit in hits)) if hits else (0.0, 1.0)
        for hit in hits:
            scores[hit.id] = scores.get(hit.id, 0.0) + (hit.score - low) / ((high - low) or 1.0) / 2
    return sort_hits([Hit(id, score) for id, score in scores.items()])


RANKERS: dict[str, Ranker] = {
    "vector": lambda nearest, _: sort_hits(nearest),
    "keyword": lambda _, matching: sort_hits(matching),
    "hybrid": lambda nearest, matching: fuse(nearest, matching, "hybrid", ConvexFusion(), DEPTH),
    "hybrid, fusion dbsf": lambda nearest, matching: fuse(nearest, matching, "hybrid", DistributionFusion(type="dbsf"), DEPTH),
    "(RRF, k 60)": rrf,
    "(convex, scaled)": convex,
}


def main(data: Path, quick: bool = False) -> str:
    """Measure and return the tables; `quick` uses a few questions only."""
    settings, progress = RetrievalSettings(), Progress()
    embedder = Embedder(settings.model, settings.embedding_dtype, settings.embedding_batch_size)
    parts = []
    for name in SETS[:1] if quick else SETS:
        judged = load(data, name)
        progress.report(f"{name}: embedding {len(judged.documents)} documents, {len(judged.questions)} questions")
        questions = list(judged.questions)[: 50 if quick else None]
        vectors = embed_cached(list(judged.documents.values()), embedder, "passage")
        queries = embed_cached([judged.questions[question] for question in questions], embedder, "query").tolist()
        rows: list[list[object]] = []
        for backend in BACKENDS:
            progress.report(f"{name}: searching, {backend}")
            with open_backend(backend) as (index, _):
                bm25 = Bm25()
                positions = fill(
                    index, list(judged.documents.values()), vectors, [bm25.encode_passage(text) for text in judged.documents.values()]
                )
                search_queries = [
                    Query(vector, bm25.encode_query(judged.questions[id])) for id, vector in zip(questions, queries, strict=True)
                ]
                rows += _score(judged, questions, [_search(index, query) for query in search_queries], positions, backend)
        columns = ["index, ranking", "nDCG@10", "recall@10", "recall@100"]
        parts.append(table(f"{name}: {len(judged.documents)} documents, {len(questions)} questions, {embedder.name}", columns, rows))
    embedder.close()
    return "\n\n".join(parts)


def _search(index: Index, query: Query) -> Lists:
    return index.search(SPACE, TENANT, query, None, DEPTH)


def _score(
    judged: JudgedSet, questions: Sequence[str], results: Sequence[Lists], positions: dict[str, int], backend: str
) -> list[list[object]]:
    names, rows = list(judged.documents), list[list[object]]()
    for ranker, rank in RANKERS.items():
        rankings = [[names[positions[hit.id]] for hit in rank(*lists)] for lists in results]
        pairs = [(ranking, judged.relevant[question]) for ranking, question in zip(rankings, questions, strict=True)]
        means = [sum(measure(*pair, depth) for pair in pairs) / len(pairs) for measure, depth in ((ndcg, 10), (recall, 10), (recall, 100))]
        rows.append([f"{backend}, {ranker}", *(f"{mean:.4f}" for mean in means)])
    return rows
