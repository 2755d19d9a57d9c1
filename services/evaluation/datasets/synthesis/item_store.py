"""Stores the items of one dataset in the database, so that if its worker dies, another one continues from there."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from shared.records.database import Database
from shared.records.evaluation.dataset_items import DatasetItem


@dataclass(frozen=True)
class StoredItem:
    """What is known of a requested question. `state` is `proposed`, `unknown` (not known without its passage), `kept`, or a fault."""

    state: str
    content: dict[str, Any]


class ItemStore:
    """The stored items of the dataset `job_id`."""

    def __init__(self, database: Database, job_id: str) -> None:
        self._database = database
        self._job_id = job_id

    def read(self) -> dict[str, StoredItem]:
        """Return the items stored so far, by key."""
        with self._database.session() as session:
            rows = session.scalars(select(DatasetItem).where(DatasetItem.job_id == self._job_id))
            return {row.key: StoredItem(row.state, row.content) for row in rows}

    def save(self, key: str, item: StoredItem) -> None:
        """Store an item, in place of an earlier state."""
        with self._database.session() as session:
            session.merge(DatasetItem(job_id=self._job_id, key=key, state=item.state, content=item.content))
