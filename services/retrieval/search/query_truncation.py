"""What of a query an embedder does not read: what lies beyond its window. Keywords have no window."""

from collections.abc import Sequence

from services.retrieval.search.candidates import EmbedsQuery, Spaces, Target
from shared.contracts.search import SearchRequest


def unread(targets: Sequence[Target], queries: Sequence[str], request: SearchRequest, spaces: Spaces) -> str | None:
    """Return a note for the caller about the queries that are longer than the window of a store's embedder; None where all are read."""
    if request.search_mode == "keyword":
        return None
    embedders = [spaces.of_space(space) for space in dict.fromkeys(target.store.space for target in targets)]
    notes = [
        _note(number, query, embedder, request.search_mode == "hybrid") for embedder in embedders for number, query in enumerate(queries)
    ]
    return " ".join(note for note in notes if note) or None


def _note(number: int, query: str, embedder: EmbedsQuery, has_keywords: bool) -> str | None:
    room = embedder.room(embedder.prompt("query"))
    # No token is shorter than a byte, so most queries need not be counted.
    if len(query.encode()) <= room:
        return None
    size = embedder.sizes([query])[0]
    if size <= room:
        return None
    keywords = "; its keywords are taken from all of it" if has_keywords else ""
    return f"Query {number} (counted from 0) has {size} tokens, of which '{embedder.name}' reads the first {room}{keywords}."
