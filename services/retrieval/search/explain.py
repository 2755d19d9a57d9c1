"""Why a named file is, or is not, among the hits of a search."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from services.retrieval.catalog import attachments, files
from services.retrieval.catalog.records import CANCELLED, CANCELLING, COMPLETED, FAILED, Attachment
from services.retrieval.index import Query
from services.retrieval.search.candidates import Gatherer, Target, have_one_scale
from services.retrieval.search.hits import Candidate, Found
from shared.contracts.search import Explanation, Reason, SearchRequest
from shared.errors import NotFound
from shared.records.database import Database

DEPTH = 1000
"""How far the ranks of a file that is not among the hits are looked for."""

NEAREST: Sequence[Reason] = (
    "outranked", "below_threshold", "filtered_out", "no_match", "duplicate", "no_chunks", "in_progress", "cancelled", "failed",
)  # fmt: skip
"""Of a file in several of the stores, the reason that is nearest to being found is told."""


@dataclass(frozen=True)
class Asked:
    """A search that was made: where, for what, and what it showed."""

    targets: Sequence[Target]
    queries: Sequence[str]
    request: SearchRequest
    hits: Sequence[Found]


def explain(file_id: str, asked: Asked, gatherer: Gatherer, database: Database) -> Explanation:
    """Return the reason, in words and as a code, with rank and score of the file's best chunk where it has any."""
    for rank, hit in enumerate(asked.hits, 1):
        if hit.filed.file_id == file_id:
            found = Explanation(file_id=file_id, reason="found", message=f"The file is hit {rank}.", rank=rank, score=hit.score)
            return found.model_copy(update={"vector_store_id": hit.filed.vector_store_id})
    filed = _filed(file_id, asked.targets, database)
    if not filed:
        return _nowhere(file_id, asked.targets, database)
    return min((_in_store(target, attachment, asked, gatherer) for target, attachment in filed), key=_distance)


def _in_store(target: Target, attachment: Attachment, asked: Asked, gatherer: Gatherer) -> Explanation:
    reason = _unsearchable(attachment)
    if reason:
        return Explanation(file_id=attachment.file_id, vector_store_id=target.store.id, reason=reason[0], message=reason[1])
    placed = _place(attachment.file_id, attachment.id, target, asked, gatherer)
    return placed.model_copy(update={"vector_store_id": target.store.id})


def _distance(explanation: Explanation) -> tuple[int, int]:
    return NEAREST.index(explanation.reason), explanation.rank or DEPTH + 1


def _filed(file_id: str, targets: Sequence[Target], database: Database) -> list[tuple[Target, Attachment]]:
    """Return the stores that the file is in, in their order, with what is known of it there."""
    found = []
    with database.session() as session:
        for target in targets:
            with suppress(NotFound):
                found.append((target, attachments.find(session, target.store.id, file_id)))
    return found


def _nowhere(file_id: str, targets: Sequence[Target], database: Database) -> Explanation:
    """Return the reason for a file that is in none of the stores, or is none."""
    try:
        with database.session() as session:
            files.find(session, targets[0].store.project_id, file_id)
    except NotFound as error:
        return Explanation(file_id=file_id, reason="no_such_file", message=f"{error.message} `GET /v1/files` lists those there are.")
    stores = ", ".join(f"'{each.store.id}'" for each in targets)
    return Explanation(file_id=file_id, reason="not_in_store", message=f"The file is not in {stores}; attach it first.")


def _unsearchable(attachment: Attachment) -> tuple[Reason, str] | None:
    if attachment.status == FAILED:
        return "failed", f"The file could not be indexed: {(attachment.error or {}).get('message', 'no reason is known')}"
    if attachment.status in (CANCELLED, CANCELLING):
        return "cancelled", "Indexing the file was cancelled; attach it again."
    if attachment.status != COMPLETED:
        return "in_progress", f"The file is not indexed yet: {attachment.stage}, {attachment.percent:g} %."
    if attachment.duplicate_of:
        return "duplicate", f"The file has the content of '{attachment.duplicate_of}', which is found in its place."
    if not attachment.chunk_count:
        return "no_chunks", "The file has no text that could be found."
    return None


def _place(file_id: str, attachment_id: str, target: Target, asked: Asked, gatherer: Gatherer) -> Explanation:
    questions = gatherer.understand([target.store], asked.queries, asked.request)
    open_request = asked.request.model_copy(update={"filters": None})
    if not _chunks(attachment_id, target, questions, open_request, gatherer):
        message = "No chunk of the file has a word of the query in it; `search_mode` 'vector' or 'hybrid' finds by meaning."
        return Explanation(file_id=file_id, reason="no_match", message=message)
    mine = _chunks(attachment_id, target, questions, asked.request, gatherer)
    if not mine:
        return Explanation(file_id=file_id, reason="filtered_out", message="The file's attributes do not pass `filters`.")
    candidates = gatherer.gather(asked.targets, asked.queries, asked.request, DEPTH)
    best = next((each for each in candidates if each.id in mine), None)
    return _ranked(file_id, best, max(mine.values()), asked)


def _chunks(
    attachment_id: str, target: Target, questions: Mapping[tuple[str, str], Query], request: SearchRequest, gatherer: Gatherer
) -> dict[str, float]:
    """Return the points of the file alone that are found, with their best scores among themselves."""
    scores: dict[str, float] = {}
    for question in questions.values():
        for ranked in gatherer.rank(replace(target, without=()), question, request, DEPTH, attachment_id):
            scores[ranked.id] = max(ranked.score, scores.get(ranked.id, 0.0))
    return scores


def _ranked(file_id: str, best: Candidate | None, alone: float, asked: Asked) -> Explanation:
    request, threshold = asked.request, asked.request.ranking_options.score_threshold
    if best is None:
        # Only the convex score does not depend on the other hits; it is right here too, unless ranks have taken its place.
        is_own = request.search_mode != "hybrid" or request.fused_by.type == "convex"
        score = alone if is_own and have_one_scale(asked.targets, request) else None
        message = f"None of the file's chunks is among the best {DEPTH}."
        return Explanation(file_id=file_id, reason="outranked", message=message, score=score)
    where: dict[str, Any] = {"file_id": file_id, "rank": best.rank, "score": best.ranked.score}
    if request.uses_reranker:
        message = (
            f"Its best chunk is candidate {best.rank}: others were better after reranking, or it was too far down to be reranked (`top_k`)."
        )
        return Explanation(reason="outranked", message=message, **where)
    if best.ranked.score < threshold:
        message = f"Its best chunk has the score {best.ranked.score:.4f}, below `score_threshold` {threshold:g}."
        return Explanation(reason="below_threshold", message=message, **where)
    message = f"Its best chunk is candidate {best.rank}, and `max_num_results` is {request.max_num_results}."
    return Explanation(reason="outranked", message=message, **where)
