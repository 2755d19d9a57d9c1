"""Reads the stored chat completions of a project that match a filter, newest first, a few at a time, as stored responses are read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_

from services.evaluation.datasets.distillation.read_responses import Chosen, Key, Window
from shared.records.chat_completions import ChatCompletionMessage, StoredChatCompletion
from shared.records.database import Database
from shared.records.json_entries import has_entries
from shared.records.large_rows import count_bytes, split_by_size

LISTED_KEYS = 50_000
WINDOW = 100  # rows
NEWEST_FIRST = (StoredChatCompletion.created_at.desc(), StoredChatCompletion.id.desc())
OWN_MESSAGES = select(func.coalesce(func.sum(count_bytes(ChatCompletionMessage.content)), 0)).where(
    ChatCompletionMessage.completion_id == StoredChatCompletion.id
)
SIZE = (count_bytes(StoredChatCompletion.request, StoredChatCompletion.body) + OWN_MESSAGES.scalar_subquery()).label("size")


@dataclass(frozen=True)
class StoredChat:
    """A stored chat completion: the messages of its request, the other fields of that, the completion in `body`, and its metadata.

    It has no turn before it: its messages are the whole conversation. `size` is how many bytes all of it has.
    """

    id: str
    messages: Sequence[Mapping[str, Any]]
    request: Mapping[str, Any]
    body: Mapping[str, Any]
    metadata: Mapping[str, str] = field(default_factory=dict)
    size: int = 0
    previous_id: None = None


class CompletionReader:
    """The stored chat completions of one project that `chosen` selects."""

    def __init__(self, database: Database, project_id: str, chosen: Chosen) -> None:
        self._database = database
        self._conditions = [StoredChatCompletion.project_id == project_id, *_match(chosen, database.engine.dialect.name)]

    def count(self) -> int:
        """Return how many completions match."""
        with self._database.session() as session:
            return session.scalar(select(func.count()).where(*self._conditions)) or 0

    def read(self, after: Key | None = None) -> Iterator[Window[StoredChat]]:
        """Yield the windows, newest first; with `after`, those behind this completion."""
        last = after
        while keys := self._list_keys(last):
            for start in range(0, len(keys), WINDOW):
                window = [id for _, id in keys[start : start + WINDOW]]
                sizes = self._measure(window)
                for ids in split_by_size(window, sizes):
                    yield Window(self._read_window(ids, sizes), len(ids))
            last = keys[-1]

    def _measure(self, ids: Sequence[str]) -> dict[str, int]:
        """Return how many bytes each completion has."""
        sizes = select(StoredChatCompletion.id, SIZE).where(StoredChatCompletion.id.in_(ids))
        with self._database.session() as session:
            return {row.id: int(row.size) for row in session.execute(sizes)}

    def find(self, _: str) -> None:
        """Return nothing: no completion continues another one."""

    def _list_keys(self, last: Key | None) -> list[Key]:
        """Return when the next completions after `last` were created, and their ids."""
        columns = (StoredChatCompletion.created_at, StoredChatCompletion.id)
        behind = [] if last is None else [tuple_(*columns) < tuple_(*last)]
        rows = select(*columns).where(*self._conditions, *behind).order_by(*NEWEST_FIRST)
        with self._database.session() as session:
            return [(created_at, id) for created_at, id in session.execute(rows.limit(LISTED_KEYS))]

    def _read_window(self, ids: Sequence[str], sizes: Mapping[str, int]) -> list[StoredChat]:
        rows = select(StoredChatCompletion).where(StoredChatCompletion.id.in_(ids)).order_by(*NEWEST_FIRST)
        messages = select(ChatCompletionMessage).where(ChatCompletionMessage.completion_id.in_(ids)).order_by(ChatCompletionMessage.number)
        with self._database.session() as session:
            sent: dict[str, list[dict[str, Any]]] = {id: [] for id in ids}
            for message in session.scalars(messages):
                sent[message.completion_id].append(message.content)
            return [_to_chat(row, sent[row.id], sizes.get(row.id, 0)) for row in session.scalars(rows)]


def _to_chat(row: StoredChatCompletion, messages: Sequence[Mapping[str, Any]], size: int) -> StoredChat:
    return StoredChat(row.id, messages, row.request, row.body, row.metadata_ or {}, size)


def _match(chosen: Chosen, dialect: str) -> list[ColumnElement[bool]]:
    conditions = has_entries(StoredChatCompletion.metadata_, chosen.metadata, dialect)
    if chosen.model is not None:
        conditions.append(StoredChatCompletion.model == chosen.model)
    if chosen.created_after is not None:
        conditions.append(StoredChatCompletion.created_at >= chosen.created_after)
    if chosen.created_before is not None:
        conditions.append(StoredChatCompletion.created_at <= chosen.created_before)
    return conditions
