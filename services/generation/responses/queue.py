"""Responses in the background, as records: queued, taken under a lease, their events, ended. Any number of front doors share them.

The row is the truth. Every write of whoever works on a response first renews its lease, so what it does after losing it changes nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from services.generation.responses.items import Item
from services.generation.responses.store import find
from shared.contracts.responses import Response, ResponseCreate
from shared.errors import InvalidRequest, TooManyRequests
from shared.ids import new_id
from shared.records import leases
from shared.records.database import Database
from shared.records.responses import UNFINISHED, ResponseEvent, StoredResponse

MOST_WAITING = 1000  # of one project
CANCELLED = {"type": "error", "code": "cancelled", "message": "The response was cancelled.", "param": None}


@dataclass(frozen=True)
class Claimed:
    """A response that is worked on here. `first` is the number of its next event; `takeovers` counts who died over it."""

    id: str
    project_id: str
    asked: ResponseCreate
    response: Response
    items: list[Item]
    first: int
    takeovers: int


class Backlog:
    """The responses that go on in the background, of every project. `lease_seconds` is how long one is held without a sign of life."""

    def __init__(self, database: Database, lease_seconds: float) -> None:
        self.lease_seconds = lease_seconds
        self._database = database
        self._owner = new_id("door_")

    def add(self, project: str, response: Response, asked: ResponseCreate, items: Sequence[Item]) -> None:
        """Store a response that waits.

        Raises:
            TooManyRequests: the project has `MOST_WAITING` that have not ended.
        """
        about = {"id": response.id, "project_id": project, "previous_id": response.previous_response_id, "created_at": response.created_at}
        request = asked.model_dump(mode="json", exclude_unset=True)
        body = response.model_dump(mode="json")
        with self._database.session() as session:
            waiting = select(func.count()).where(StoredResponse.project_id == project, StoredResponse.status.in_(UNFINISHED))
            if (session.scalar(waiting) or 0) >= MOST_WAITING:
                raise TooManyRequests(f"{MOST_WAITING} responses in the background have not ended yet. Cancel some, or wait.")
            session.add(StoredResponse(**about, status=response.status, input=list(items), body=body, request=request))

    def claim(self, most: int) -> list[Claimed]:
        """Take up to `most` responses that nobody works on, the oldest first; one whose front door died begins anew."""
        with self._database.session() as session:
            free = select(StoredResponse).where(StoredResponse.status.in_(UNFINISHED), leases.is_free(StoredResponse))
            rows = session.scalars(free.order_by(StoredResponse.created_at, StoredResponse.id).limit(most)).all()
        return [claimed for row in rows if (claimed := self._take(row))]

    def renew(self, ids: Collection[str]) -> set[str]:
        """Renew the leases of `ids`; return those that are still held."""
        with self._database.session() as session:
            return {id for id in sorted(ids) if self._held(session, id)}

    def record(self, id: str, events: Sequence[dict[str, Any]]) -> bool:
        """Store events; False where the response is not held any more."""
        with self._database.session() as session:
            held = self._held(session, id)
            if held:
                session.add_all(_event(id, event) for event in events)
        return held

    def end(self, response: Response, events: Sequence[dict[str, Any]]) -> None:
        """Store how a response ended, with its last events, unless it is not held any more."""
        with self._database.session() as session:
            values = {"status": response.status, "body": response.model_dump(mode="json")}
            if leases.release(session, StoredResponse, *_open(response.id), owner=self._owner, **values):
                session.add_all(_event(response.id, event) for event in events)

    def put_back(self, id: str) -> None:
        """Let whoever claims it next begin it anew, unless it is not held any more."""
        with self._database.session() as session:
            leases.release(session, StoredResponse, *_open(id), owner=self._owner, status="queued")

    def cancel(self, project: str, id: str) -> StoredResponse:
        """Cancel a response, whoever works on it; one that has ended stays as it is.

        Raises:
            NotFound: the project has no such response.
            InvalidRequest: it does not go on in the background.
        """
        with self._database.session() as session:
            row = find(session, project, id)
            if row.request is None:
                raise InvalidRequest("Cannot cancel a synchronous response: only one created with 'background' goes on without its caller.")
            values = {"status": "cancelled", "lease_owner": None, "lease_expires_at": None}
            ended: Any = session.execute(_unsynchronized(update(StoredResponse).where(*_open(id)).values(**values)))
            if ended.rowcount and row.request.get("stream"):
                session.add(_event(id, {**CANCELLED, "sequence_number": _next_number(session, id)}))
            session.flush()
            session.refresh(row)
            return row

    def events(self, project: str, id: str, after: int) -> tuple[list[dict[str, Any]], bool]:
        """Return the events behind number `after`, and whether no more will come.

        Raises:
            NotFound: the project has no such response.
            InvalidRequest: its events are not kept.
        """
        with self._database.session() as session:
            row = find(session, project, id)
            if row.request is None or not row.request.get("stream"):
                problem = f"The response '{id}' cannot be streamed: only one created with 'background' and 'stream' keeps its events."
                raise InvalidRequest(problem, param="stream")
            is_over = row.status not in UNFINISHED  # read before the events, so that none is missed
            behind = select(ResponseEvent.body).where(ResponseEvent.response_id == id, ResponseEvent.number > after)
            return list(session.scalars(behind.order_by(ResponseEvent.number))), is_over

    def _take(self, row: StoredResponse) -> Claimed | None:
        takeovers = row.takeovers + (row.status == "in_progress")
        values = {"status": "in_progress", "takeovers": takeovers}
        with self._database.session() as session:
            wanted = (*_open(row.id), StoredResponse.takeovers == row.takeovers)
            if not leases.claim(session, StoredResponse, *wanted, owner=self._owner, seconds=self.lease_seconds, **values):
                return None
            first = _next_number(session, row.id)
            session.execute(delete(ResponseEvent).where(ResponseEvent.response_id == row.id))
        asked, response = ResponseCreate.model_validate(row.request), Response.model_validate(row.body)
        return Claimed(row.id, row.project_id, asked, response, row.input, first, takeovers)

    def _held(self, session: Session, id: str) -> bool:
        return leases.renew(session, StoredResponse, *_open(id), owner=self._owner, seconds=self.lease_seconds)


def _open(id: str) -> tuple[ColumnElement[bool], ...]:
    return StoredResponse.id == id, StoredResponse.status.in_(UNFINISHED)


def _event(id: str, event: dict[str, Any]) -> ResponseEvent:
    return ResponseEvent(response_id=id, number=event["sequence_number"], body=event)


def _next_number(session: Session, id: str) -> int:
    last = session.scalar(select(func.max(ResponseEvent.number)).where(ResponseEvent.response_id == id))
    return 0 if last is None else last + 1


def _unsynchronized(statement: Any) -> Any:
    return statement.execution_options(synchronize_session=False)
