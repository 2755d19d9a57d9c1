"""How good search is on sets with known answers: by vector, by keyword, and hybrid, with paired differences.

python -m benchmarks.retrieval quality --data ../shared/data

Documents of public sets are one passage each, so that the results can be compared with published ones; `made_sets.py` makes the other sets.
Tandem's fusion is compared with three others over the same two lists: with the keyword score s / (s + 10) of a BM25 sum s, by reciprocal
ranks (Cormack et al. 2009, k 60), and by the mean of the scores of each list, scaled to [0, 1] by the question's best and worst. Keyword
search is compared with the package bm25s, with English stop words and stemming.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import snowballstemmer

from benchmarks.retrieval.backends import BACKENDS, SPACE, TENANT, fill, open_backend
from benchmarks.retrieval.made_sets import MAKERS
from benchmarks.retrieval.metrics import ndcg, paired_difference, recall
from benchmarks.retrieval.sets import JudgedSet, embed_cached, load
from benchmarks.tables import Progress, table
from services.retrieval.embedding.embedder import Embedder
from services.retrieval.index import Hit, Query
from services.retrieval.index.bm25 import Bm25
from services.retrieval.search.fuse import FusedPoint, full_match, fuse, keyword_exponent
from services.retrieval.settings import RetrievalSettings
from shared.contracts.search import ConvexFusion, DistributionFusion

PUBLIC_SETS = ("xquad-en", "scifact")
DEPTH = 100
QUICK_QUESTIONS = 50
COMPARED = {"hybrid": ("vector", "keyword", "(s / (s + 10))"), "keyword": ("(bm25s)",)}
MEASURES = {"nDCG@10": (ndcg, 10), "recall@10": (recall, 10), "recall@100": (recall, 100)}


@dataclass(frozen=True)
class Lists:
    """What the index finds for a question, by vector and by keyword, with the question's `full_match` and the set's `keyword_exponent`."""

    nearest: list[Hit]
    matching: list[Hit]
    full: float
    exponent: float


Ranker = Callable[[Lists], Sequence[Hit | FusedPoint]]
Scores = dict[str, dict[str, list[float]]]


def sort_hits(scores: dict[str, float]) -> list[Hit]:
    """Return the hits, best first."""
    return sorted((Hit(id, score) for id, score in scores.items()), key=lambda hit: (-hit.score, hit.id))


def fuse_hybrid(lists: Lists, fusion: ConvexFusion | DistributionFusion) -> Sequence[FusedPoint]:
    """Fuse both lists as the service does."""
    return fuse(lists.nearest, lists.matching, "hybrid", fusion, lists.full, lists.exponent)


def fuse_saturated(lists: Lists) -> list[Hit]:
    """Fuse both lists by the mean of the cosine and s / (s + 10); a hit that is missing from a full list counts as the last there."""
    keyword = {hit.id: hit.score / (hit.score + 10) for hit in lists.matching}
    vector = {hit.id: hit.score for hit in lists.nearest}
    floors = [min(scores.values()) if len(scores) == DEPTH else 0.0 for scores in (vector, keyword)]
    return sort_hits({id: vector.get(id, floors[0]) + keyword.get(id, floors[1]) for id in vector | keyword})


def fuse_ranks(lists: Lists, k: int = 60) -> list[Hit]:
    """Fuse both lists by reciprocal ranks."""
    scores: dict[str, float] = {}
    for hits in (lists.nearest, lists.matching):
        for rank, hit in enumerate(hits, start=1):
            scores[hit.id] = scores.get(hit.id, 0.0) + 1 / (k + rank)
    return sort_hits(scores)


def fuse_scaled(lists: Lists) -> list[Hit]:
    """Fuse both lists by the mean of their scores, each scaled by its list's best and worst."""
    scores: dict[str, float] = {}
    for hits in (lists.nearest, lists.matching):
        low, high = (min(hit.score for hit in hits), max(hit.score for hit in hits)) if hits else (0.0, 1.0)
        for hit in hits:
            scores[hit.id] = scores.get(hit.id, 0.0) + (hit.score - low) / ((high - low) or 1.0) / 2
    return sort_hits(scores)


RANKERS: dict[str, Ranker] = {
    "vector": lambda lists: sort_hits({hit.id: hit.score for hit in lists.nearest}),
    "keyword": lambda lists: sort_hits({hit.id: hit.score for hit in lists.matching}),
    "hybrid": lambda lists: fuse_hybrid(lists, ConvexFusion()),
    "hybrid, fusion dbsf": lambda lists: fuse_hybrid(lists, DistributionFusion(type="dbsf")),
    "(s / (s + 10))": fuse_saturated,
    "(RRF, k 60)": fuse_ranks,
    "(convex, scaled)": fuse_scaled,
}
ON_SERVER = ("vector", "keyword", "hybrid")


def main(data: Path, quick: bool = False) -> str:
    """Measure and return the tables; `quick` uses one set and a few questions only."""
    settings, progress = RetrievalSettings(), Progress()
    embedder = Embedder(settings.model, settings.embedding_dtype, settings.embedding_batch_size)
    parts, differences = list[str](), list[list[object]]()
    for name in PUBLIC_SETS[:1] if quick else (*PUBLIC_SETS, *MAKERS):
        judged = MAKERS[name](data, embedder) if name in MAKERS else load(data, name)
        judged = _first_questions(judged, QUICK_QUESTIONS) if quick else judged
        scores = _measure(judged, embedder, progress)
        title = f"{name}: {len(judged.documents)} documents, {len(judged.questions)} questions, {embedder.name}"
        parts.append(table(title, ["index, ranking", *MEASURES], _rows(scores)))
        differences += _compare(name, scores)
    embedder.close()
    columns = ["set: difference", *(f"{measure} [95%]" for measure in list(MEASURES)[:2])]
    return "\n\n".join([*parts, table("Paired differences, with 95% intervals", columns, differences)])


def _first_questions(judged: JudgedSet, count: int) -> JudgedSet:
    return JudgedSet(judged.name, judged.documents, dict(list(judged.questions.items())[:count]), judged.relevant)


def _measure(judged: JudgedSet, embedder: Embedder, progress: Progress) -> Scores:
    """Return the value of every measure for every question, by ranking."""
    progress.report(f"{judged.name}: embedding {len(judged.documents)} documents, {len(judged.questions)} questions")
    vectors = embed_cached(list(judged.documents.values()), embedder, "passage")
    queries = embed_cached(list(judged.questions.values()), embedder, "query").tolist()
    bm25, scores = Bm25(), Scores()
    exponent = keyword_exponent(fmean(len(text.encode()) for text in judged.documents.values()))
    passages = [bm25.encode_passage(text) for text in judged.documents.values()]
    asked = [Query(vector, bm25.encode_query(text)) for text, vector in zip(judged.questions.values(), queries, strict=True)]
    for backend in BACKENDS:
        progress.report(f"{judged.name}: searching, {backend}")
        with open_backend(backend) as (index, _):
            positions = fill(index, list(judged.documents.values()), vectors, passages)
            found = [
                Lists(*index.search(SPACE, TENANT, query, None, DEPTH), full_match(query.keywords, len(positions)), exponent)
                for query in asked
            ]
        names = list(judged.documents)
        for ranker in RANKERS if backend == "edge" else ON_SERVER:
            rankings = [[names[positions[hit.id]] for hit in RANKERS[ranker](lists)] for lists in found]
            scores[f"{backend}, {ranker}"] = _score(judged, rankings)
    scores["edge, (bm25s)"] = _score(judged, _rank_by_bm25s(judged))
    return scores


def _score(judged: JudgedSet, rankings: Sequence[Sequence[str]]) -> dict[str, list[float]]:
    pairs = [(ranking, judged.relevant[question]) for ranking, question in zip(rankings, judged.questions, strict=True)]
    return {name: [measure(*pair, depth) for pair in pairs] for name, (measure, depth) in MEASURES.items()}


def _rank_by_bm25s(judged: JudgedSet) -> list[list[str]]:
    import bm25s

    names, stem = list(judged.documents), snowballstemmer.stemmer("english").stemWords
    options = {"stopwords": "en", "stemmer": stem, "show_progress": False}
    model = bm25s.BM25()
    model.index(bm25s.tokenize(list(judged.documents.values()), **options), show_progress=False)
    questions = bm25s.tokenize(list(judged.questions.values()), **options)
    found, scores = model.retrieve(questions, k=min(DEPTH, len(names)), show_progress=False)
    return [[names[i] for i, score in zip(*row, strict=True) if score > 0] for row in zip(found, scores, strict=True)]


def _rows(scores: Scores) -> list[list[object]]:
    return [[name, *(f"{sum(values) / len(values):.4f}" for values in by_measure.values())] for name, by_measure in scores.items()]


def _compare(name: str, scores: Scores) -> list[list[object]]:
    """Return the rows of paired differences of a set, for both measures at 10."""
    rows: list[list[object]] = []
    for ranking, others in COMPARED.items():
        for other in others:
            one, two = scores[f"edge, {ranking}"], scores[f"edge, {other}"]
            differences = (paired_difference(one[measure], two[measure]) for measure in list(MEASURES)[:2])
            rows.append([f"{name}: {ranking} - {other}", *(_format(*each) for each in differences)])
    return rows


def _format(mean: float, low: float, high: float) -> str:
    return f"{mean:+.4f} [{low:+.4f}, {high:+.4f}]"
