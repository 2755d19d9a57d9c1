"""Notes about queries that are longer than an embedder's window. Keyword search has no such limit."""

from collections.abc import Sequence

from services.retrieval.search.candidates import EmbeddersBySpace, QueryEmbedder, SearchTarget
from shared.contracts.search import SearchRequest


def describe_truncated_queries(
    targets: Sequence[SearchTarget], queries: Sequence[str], request: SearchRequest, embedders: EmbeddersBySpace
) -> str | None:
    """Return a note for the caller about queries whose end an embedder does not read; None if all are read completely."""
    if request.search_mode == "keyword":
        return None
    used = [embedders.find_by_space(space) for space in dict.fromkeys(target.store.space for target in targets)]
    notes = [_note(number, query, embedder, request.search_mode == "hybrid") for embedder in used for number, query in enumerate(queries)]
    return " ".join(note for note in notes if note) or None


def _note(number: int, query: str, embedder: QueryEmbedder, has_keywords: bool) -> str | None:
    room = embedder.max_tokens(embedder.prompt("query"))
    # A token has at least one byte, so most queries need not be tokenized.
    if len(query.encode()) <= room:
        return None
    size = embedder.count_tokens([query])[0]
    if size <= room:
        return None
    keywords = "; its keywords come from the whole query" if has_keywords else ""
    return f"Query {number} (counted from 0) has {size} tokens, of which '{embedder.name}' reads the first {room}{keywords}."
