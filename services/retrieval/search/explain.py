"""Explains why a named file is, or is not, among the hits of a search."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from services.retrieval.catalog import attachments, files
from services.retrieval.catalog.records import CANCELLED, CANCELLING, COMPLETED, FAILED, Attachment
from services.retrieval.search.candidates import CandidateFinder, EncodedQueries, SearchTarget, are_comparable
from services.retrieval.search.hits import Candidate, ChunkHit
from shared.contracts.search import Explanation, ExplanationReason, SearchRequest
from shared.errors import NotFound
from shared.records.database import Database

DEPTH = 1000
"""How many candidates are searched for a file that is not among the hits."""

CLOSEST_FIRST: Sequence[ExplanationReason] = (
    "outranked", "below_threshold", "filtered_out", "no_match", "duplicate", "no_chunks", "in_progress", "cancelled", "failed",
)  # fmt: skip
"""If a file is in several of the stores, the explanation is for the one where it came closest to being a hit."""


@dataclass(frozen=True)
class ExecutedSearch:
    """A search and its hits."""

    targets: Sequence[SearchTarget]
    queries: Sequence[str]
    request: SearchRequest
    hits: Sequence[ChunkHit]


def explain(file_id: str, search: ExecutedSearch, finder: CandidateFinder, database: Database) -> Explanation:
    """Return the reason, as a code and in words, with rank and score of the file's best chunk if it has any."""
    for rank, hit in enumerate(search.hits, 1):
        if hit.file.file_id == file_id:
            explanation = Explanation(file_id=file_id, reason="found", message=f"The file is hit {rank}.", rank=rank, score=hit.score)
            return explanation.model_copy(update={"vector_store_id": hit.file.vector_store_id})
    attached = _find_attachments(file_id, search.targets, database)
    if not attached:
        return _explain_absence(file_id, search.targets, database)
    return min((_explain_in_store(target, attachment, search, finder) for target, attachment in attached), key=_closeness)


def _explain_in_store(target: SearchTarget, attachment: Attachment, search: ExecutedSearch, finder: CandidateFinder) -> Explanation:
    reason = _why_unsearchable(attachment)
    if reason:
        return Explanation(file_id=attachment.file_id, vector_store_id=target.store.id, reason=reason[0], message=reason[1])
    explanation = _explain_search(attachment.file_id, attachment.id, target, search, finder)
    return explanation.model_copy(update={"vector_store_id": target.store.id})


def _closeness(explanation: Explanation) -> tuple[int, int]:
    return CLOSEST_FIRST.index(explanation.reason), explanation.rank or DEPTH + 1


def _find_attachments(file_id: str, targets: Sequence[SearchTarget], database: Database) -> list[tuple[SearchTarget, Attachment]]:
    """Return the stores that the file is in, in their order, each with the file's record in it."""
    found = []
    with database.session() as session:
        for target in targets:
            with suppress(NotFound):
                found.append((target, attachments.find(session, target.store.id, file_id)))
    return found


def _explain_absence(file_id: str, targets: Sequence[SearchTarget], database: Database) -> Explanation:
    """Return the reason for a file that is in none of the stores, or does not exist."""
    try:
        with database.session() as session:
            files.find(session, targets[0].store.project_id, file_id)
    except NotFound as error:
        return Explanation(file_id=file_id, reason="no_such_file", message=f"{error.message} `GET /v1/files` lists the existing files.")
    stores = ", ".join(f"'{each.store.id}'" for each in targets)
    return Explanation(file_id=file_id, reason="not_in_store", message=f"The file is not in {stores}. Attach it first.")


def _why_unsearchable(attachment: Attachment) -> tuple[ExplanationReason, str] | None:
    if attachment.status == FAILED:
        return "failed", f"The file could not be indexed: {(attachment.error or {}).get('message', 'the reason is unknown')}"
    if attachment.status in (CANCELLED, CANCELLING):
        return "cancelled", "Indexing of the file was cancelled. Attach it again."
    if attachment.status != COMPLETED:
        return "in_progress", f"The file is not indexed yet: {attachment.stage}, {attachment.percent:g} %."
    if attachment.duplicate_of:
        return "duplicate", f"The file has the same content as '{attachment.duplicate_of}', which is found instead."
    if not attachment.chunk_count:
        return "no_chunks", "The file has no text that could be found."
    return None


def _explain_search(file_id: str, attachment_id: str, target: SearchTarget, search: ExecutedSearch, finder: CandidateFinder) -> Explanation:
    queries = finder.encode([target.store], search.queries, search.request)
    unfiltered = search.request.model_copy(update={"filters": None})
    if not _find_points(attachment_id, target, queries, unfiltered, finder):
        message = "No chunk of the file contains a word of the query. `search_mode` 'vector' or 'hybrid' finds chunks by meaning."
        return Explanation(file_id=file_id, reason="no_match", message=message)
    points = _find_points(attachment_id, target, queries, search.request, finder)
    if not points:
        return Explanation(file_id=file_id, reason="filtered_out", message="The file's attributes do not match `filters`.")
    everywhere = finder.encode([each.store for each in search.targets], search.queries, search.request)
    candidates = finder.find(search.targets, everywhere, search.request, DEPTH)
    best = next((each for each in candidates if each.id in points), None)
    return _explain_candidate(file_id, best, search) if best else _explain_beyond_depth(file_id, max(points.values()), search)


def _find_points(
    attachment_id: str, target: SearchTarget, queries: EncodedQueries, request: SearchRequest, finder: CandidateFinder
) -> dict[str, float]:
    """Return the points of this file that match, each with its best score among the file's points alone."""
    scores: dict[str, float] = {}
    for query in queries.values():
        for point in finder.search_store(replace(target, excluded=()), query, request, DEPTH, attachment_id):
            scores[point.id] = max(point.score, scores.get(point.id, 0.0))
    return scores


def _explain_beyond_depth(file_id: str, score: float, search: ExecutedSearch) -> Explanation:
    request = search.request
    # Only a convex score does not depend on the other hits; it holds here too, unless ranks have replaced it.
    is_independent = request.search_mode != "hybrid" or request.effective_fusion.type == "convex"
    return Explanation(
        file_id=file_id,
        reason="outranked",
        message=f"None of the file's chunks is among the best {DEPTH}.",
        score=score if is_independent and are_comparable(search.targets, request) else None,
    )


def _explain_candidate(file_id: str, best: Candidate, search: ExecutedSearch) -> Explanation:
    request, threshold = search.request, search.request.ranking_options.score_threshold
    details: dict[str, Any] = {"file_id": file_id, "rank": best.rank, "score": best.fused.score}
    if request.uses_reranker:
        problem = "others scored higher after reranking, or it ranked too low to be reranked (`top_k`)"
        return Explanation(reason="outranked", message=f"Its best chunk is candidate {best.rank}: {problem}.", **details)
    if best.fused.score < threshold:
        message = f"Its best chunk has the score {best.fused.score:.4f}, below `score_threshold` {threshold:g}."
        return Explanation(reason="below_threshold", message=message, **details)
    message = f"Its best chunk is candidate {best.rank}, and `max_num_results` is {request.max_num_results}."
    return Explanation(reason="outranked", message=message, **details)
