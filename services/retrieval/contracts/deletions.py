"""Responses to deletions of content that can be searched."""

from pydantic import BaseModel

from shared.contracts.wire import DeleteResponse


class DeletedChunks(BaseModel):
    """What a deletion deleted from vector stores: `files`, each counted once per store, and `chunks`, as counted in the index.

    No search that starts after the response returns any of it. `note` says where and why the index still has points to delete, or that
    a file with the same content keeps the chunks.
    """

    files: int
    chunks: int
    note: str | None = None


class ContentDeleteResponse(DeleteResponse):
    """Response to deleting a file or a vector store. Extension: `removed`."""

    removed: DeletedChunks
