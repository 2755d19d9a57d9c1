"""Stored chat completions as rows. `item.input` has the messages that the model got, `item.output_text` its answer."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select, tuple_

from services.evaluation.evals.rows.filters import AnswerFilter
from services.evaluation.evals.rows.row import Row
from services.evaluation.evals.sampling.shapes import read_shape
from shared.records.chat_completions import ChatCompletionMessage, StoredChatCompletion
from shared.records.database import Database
from shared.records.json_entries import has_entries

LISTED_KEYS = 50_000
WINDOW = 20  # completions that are in memory at the same time
SAMPLING = ("temperature", "top_p", "seed", "max_completion_tokens")
NEWEST_FIRST = (StoredChatCompletion.created_at.desc(), StoredChatCompletion.id.desc())

Key = tuple[int, str]
"""When a completion was created, and its id."""


class CompletionReader:
    """The stored chat completions of one project that `chosen` selects."""

    def __init__(self, database: Database, project_id: str, chosen: AnswerFilter) -> None:
        self._database = database
        self._conditions = [StoredChatCompletion.project_id == project_id, *_match(chosen, database.engine.dialect.name)]

    def read(self, after: Key | None) -> Iterator[Row]:
        """Yield the rows behind `after`, newest first."""
        while keys := self._list_keys(after):
            for start in range(0, len(keys), WINDOW):
                yield from self._read_window([id for _, id in keys[start : start + WINDOW]])
            after = keys[-1]

    def _list_keys(self, after: Key | None) -> list[Key]:
        created = tuple_(StoredChatCompletion.created_at, StoredChatCompletion.id)
        behind = [] if after is None else [created < tuple_(*after)]
        keys = select(StoredChatCompletion.created_at, StoredChatCompletion.id).where(*self._conditions, *behind)
        with self._database.session() as session:
            return [(created_at, id) for created_at, id in session.execute(keys.order_by(*NEWEST_FIRST).limit(LISTED_KEYS))]

    def _read_window(self, ids: Sequence[str]) -> list[Row]:
        rows = select(StoredChatCompletion).where(StoredChatCompletion.id.in_(ids)).order_by(*NEWEST_FIRST)
        messages = select(ChatCompletionMessage).where(ChatCompletionMessage.completion_id.in_(ids)).order_by(ChatCompletionMessage.number)
        with self._database.session() as session:
            found = list(session.scalars(rows))
            sent: dict[str, list[Any]] = {row.id: [] for row in found}
            for message in session.scalars(messages):
                sent.get(message.completion_id, []).append(message.content)
        return [_to_row(row, sent[row.id]) for row in found]


def _match(chosen: AnswerFilter, dialect: str) -> list[ColumnElement[bool]]:
    conditions = has_entries(StoredChatCompletion.metadata_, chosen.metadata, dialect)
    if chosen.model is not None:
        conditions.append(StoredChatCompletion.model == chosen.model)
    if chosen.created_after is not None:
        conditions.append(StoredChatCompletion.created_at >= chosen.created_after)
    return [*conditions, StoredChatCompletion.created_at <= chosen.created_before]


def _to_row(row: StoredChatCompletion, messages: list[Any]) -> Row:
    shape = read_shape(row.body)
    item = {
        "id": row.id,
        "created_at": row.created_at,
        "model": row.model,
        "metadata": row.metadata_ or {},
        "instructions": next((message.get("content") for message in messages if message.get("role") in ("system", "developer")), None),
        "input": messages,
        "output": shape["output"],
        "output_text": shape["output_text"],
        "tools": row.request.get("tools") or [],
    }
    sampling: dict[str, Any] = {name: row.request[name] for name in SAMPLING if name in row.request}
    return Row(item, {**row.body, "input": messages, **sampling}, 0)
