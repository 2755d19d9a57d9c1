"""Stored chat completions, each of one project: added, found, listed, changed and deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, null, select, update
from sqlalchemy.orm import Session

from services.generation.contracts.metadata_filter import MetadataFilter
from shared.contracts.paging import PageRequest, Slice
from shared.errors import NotFound
from shared.records.chat_completions import ChatCompletionMessage, StoredChatCompletion
from shared.records.database import Database
from shared.records.json_entries import has_entries
from shared.records.pages import Listing, fetch_page

ORDER = (StoredChatCompletion.created_at, StoredChatCompletion.id)


@dataclass(frozen=True)
class CompletionFilter:
    """Which completions a list has: those of a model, and those that have or lack metadata."""

    model: str | None
    metadata: MetadataFilter


@dataclass(frozen=True)
class CompletionRequest:
    """What is stored of a request: its messages, its other fields, and the metadata of the completion."""

    messages: Sequence[Mapping[str, Any]]
    options: Mapping[str, Any]
    metadata: Mapping[str, str]


class ChatCompletionStore:
    """The stored chat completions of every project."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, project: str, request: CompletionRequest, body: Mapping[str, Any]) -> None:
        """Store a completion, which is `body`, with its request.

        Raises:
            DatabaseUnavailable: if the database does not respond.
        """
        row = StoredChatCompletion(id=body["id"], project_id=project, created_at=body["created"], model=request.options["model"])
        row.request, row.body = dict(request.options), dict(body)
        if request.metadata:
            row.metadata_ = dict(request.metadata)
        messages = [
            ChatCompletionMessage(completion_id=row.id, number=number, id=f"{row.id}-{number}", content=dict(message))
            for number, message in enumerate(request.messages)
        ]
        with self._database.session() as session:
            session.add(row)
            session.flush()
            session.add_all(messages)

    def find(self, project: str, id: str) -> StoredChatCompletion:
        """Return a completion. Raises NotFound if the project has no such completion."""
        with self._database.session() as session:
            return _find(session, project, id)

    def list_completions(self, project: str, page: PageRequest, wanted: CompletionFilter) -> Slice[StoredChatCompletion]:
        """Return the requested completions.

        Raises:
            InvalidRequest: if `after` or `before` names no completion of the list.
        """
        own = select(StoredChatCompletion).where(StoredChatCompletion.project_id == project)
        if wanted.model is not None:
            own = own.where(StoredChatCompletion.model == wanted.model)
        if wanted.metadata.is_null:
            own = own.where(StoredChatCompletion.metadata_.is_(null()))
        dialect = self._database.engine.dialect.name
        own = own.where(*has_entries(StoredChatCompletion.metadata_, wanted.metadata.entries, dialect))
        with self._database.session() as session:
            return fetch_page(session, Listing(own, StoredChatCompletion.id, ORDER), page)

    def list_messages(self, project: str, id: str, page: PageRequest) -> Slice[ChatCompletionMessage]:
        """Return the requested messages of a completion's request.

        Raises:
            NotFound: if the project has no such completion.
            InvalidRequest: if `after` or `before` names no message of it.
        """
        own = select(ChatCompletionMessage).where(ChatCompletionMessage.completion_id == id)
        with self._database.session() as session:
            _find(session, project, id)
            return fetch_page(session, Listing(own, ChatCompletionMessage.id, (ChatCompletionMessage.number,)), page)

    def update(self, project: str, id: str, metadata: Mapping[str, str] | None) -> StoredChatCompletion:
        """Replace the metadata of a completion, and return it. Raises NotFound if the project has no such completion."""
        own = update(StoredChatCompletion).where(StoredChatCompletion.id == id, StoredChatCompletion.project_id == project)
        with self._database.session() as session:
            changed: Any = session.execute(own.values(metadata_=dict(metadata) if metadata else null()))
            if not changed.rowcount:
                raise _not_found(id)
            return _find(session, project, id)

    def delete(self, project: str, id: str) -> None:
        """Delete a completion with its messages.

        Raises:
            NotFound: if the project has no such completion. Of several deletions at the same moment, one does not raise.
        """
        own = delete(StoredChatCompletion).where(StoredChatCompletion.id == id, StoredChatCompletion.project_id == project)
        with self._database.session() as session:
            deleted: Any = session.execute(own.execution_options(synchronize_session=False))
            if not deleted.rowcount:
                raise _not_found(id)


def _find(session: Session, project: str, id: str) -> StoredChatCompletion:
    row = session.get(StoredChatCompletion, id, populate_existing=True)
    if row is None or row.project_id != project:
        raise _not_found(id)
    return row


def _not_found(id: str) -> NotFound:
    return NotFound(f"There is no stored chat completion '{id}'.", param="completion_id")
