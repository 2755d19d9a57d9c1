"""The queue of responses in the background, in the database, shared by any number of front doors.

A response is claimed under a lease. The process that works on it renews the lease with every write, so that a write after the lease is lost
changes nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from services.generation.contracts.responses.response import Response, ResponseCreate
from services.generation.responses.items import Item
from services.generation.responses.store import find_response
from services.generation.responses.turn import Turn
from shared.errors import InvalidRequest, TooManyRequests
from shared.ids import new_id
from shared.records import leases
from shared.records.database import Database
from shared.records.responses import UNFINISHED, ResponseEvent, StoredResponse
from shared.validation.storable import make_storable

MAX_UNFINISHED = 1000  # responses of one project that have not ended
CANCELLED = {"type": "error", "code": "cancelled", "message": "The response was canceled.", "param": None}


@dataclass(frozen=True)
class ClaimedResponse:
    """A response to work on. `first_number` is the number of its next event; `takeovers` counts the front doors that died over it."""

    id: str
    project_id: str
    request: ResponseCreate
    response: Response
    items: list[Item]
    first_number: int
    takeovers: int


class ResponseQueue:
    """The responses in the background, of every project. A lease that is not renewed for `lease_seconds` expires."""

    def __init__(self, database: Database, lease_seconds: float) -> None:
        self.lease_seconds = lease_seconds
        self._database = database
        self._owner = new_id("door_")

    def add(self, project: str, response: Response, turn: Turn) -> None:
        """Store a response that waits.

        Raises:
            TooManyRequests: if 1000 responses of the project have not ended.
        """
        ids = {"id": response.id, "project_id": project, "previous_id": response.previous_response_id, "created_at": response.created_at}
        request = turn.request.model_dump(mode="json", exclude_unset=True)
        body = response.model_dump(mode="json")
        with self._database.session() as session:
            unfinished = select(func.count()).where(StoredResponse.project_id == project, StoredResponse.status.in_(UNFINISHED))
            if (session.scalar(unfinished) or 0) >= MAX_UNFINISHED:
                raise TooManyRequests(
                    f"The project has {MAX_UNFINISHED} unfinished background responses, the maximum. Cancel some, or try again later."
                )
            session.add(StoredResponse(**ids, status=response.status, input=list(turn.items), body=body, request=request))

    def claim(self, max_count: int) -> list[ClaimedResponse]:
        """Claim up to `max_count` responses without a lease, oldest first. One whose front door died starts again from the beginning."""
        with self._database.session() as session:
            free = select(StoredResponse).where(StoredResponse.status.in_(UNFINISHED), leases.is_free(StoredResponse))
            rows = session.scalars(free.order_by(StoredResponse.created_at, StoredResponse.id).limit(max_count)).all()
        return [claimed for row in rows if (claimed := self._claim(row))]

    def renew(self, ids: Collection[str]) -> set[str]:
        """Renew the leases of `ids`; return the ids whose lease is still held."""
        with self._database.session() as session:
            return {id for id in sorted(ids) if self._renew(session, id)}

    def record(self, id: str, events: Sequence[dict[str, Any]]) -> bool:
        """Store events and return True; if the lease is lost, store nothing and return False."""
        with self._database.session() as session:
            is_held = self._renew(session, id)
            if is_held:
                session.add_all(_event(id, event) for event in events)
        return is_held

    def end(self, response: Response, events: Sequence[dict[str, Any]]) -> None:
        """Store a response that has ended and its last events, unless the lease is lost."""
        with self._database.session() as session:
            values = {"status": response.status, "body": make_storable(response.model_dump(mode="json"))}
            if leases.release(session, StoredResponse, *_unfinished(response.id), owner=self._owner, **values):
                session.add_all(_event(response.id, event) for event in events)

    def requeue(self, id: str) -> None:
        """Return a response to the queue, so that the next process that claims it starts it again, unless the lease is lost."""
        with self._database.session() as session:
            leases.release(session, StoredResponse, *_unfinished(id), owner=self._owner, status="queued")

    def cancel(self, project: str, id: str) -> StoredResponse:
        """Cancel a response, whichever process works on it. A response that has ended does not change.

        Raises:
            NotFound: if the project has no such response.
            InvalidRequest: if it was not created with `background`.
        """
        with self._database.session() as session:
            row = find_response(session, project, id)
            if row.request is None:
                raise InvalidRequest("Cannot cancel a synchronous response: only a response created with 'background' can be canceled.")
            values = {"status": "cancelled", "lease_owner": None, "lease_expires_at": None}
            update_row: Any = update(StoredResponse).where(*_unfinished(id)).values(**values)
            result: Any = session.execute(update_row.execution_options(synchronize_session=False))
            if result.rowcount and row.request.get("stream"):
                session.add(_event(id, {**CANCELLED, "sequence_number": _next_number(session, id)}))
            session.flush()
            return find_response(session, project, id)  # it may have been deleted meanwhile

    def check_streamed(self, project: str, id: str) -> None:
        """Check that the response has events to read.

        Raises:
            NotFound: if the project has no such response.
            InvalidRequest: if it was not created with `background` and `stream`.
        """
        with self._database.session() as session:
            _find_streamed(session, project, id)

    def list_events(self, project: str, id: str, after: int) -> tuple[list[dict[str, Any]], bool]:
        """Return the events after number `after`, and whether the response has ended.

        Raises:
            NotFound, InvalidRequest: like `check_streamed`.
        """
        with self._database.session() as session:
            row = _find_streamed(session, project, id)
            has_ended = row.status not in UNFINISHED  # read before the events, so that none is missed
            later = select(ResponseEvent.body).where(ResponseEvent.response_id == id, ResponseEvent.number > after)
            return list(session.scalars(later.order_by(ResponseEvent.number))), has_ended

    def _claim(self, row: StoredResponse) -> ClaimedResponse | None:
        takeovers = row.takeovers + (row.status == "in_progress")
        values = {"status": "in_progress", "takeovers": takeovers}
        with self._database.session() as session:
            unchanged = (*_unfinished(row.id), StoredResponse.takeovers == row.takeovers)
            if not leases.claim(session, StoredResponse, *unchanged, owner=self._owner, seconds=self.lease_seconds, **values):
                return None
            first_number = _next_number(session, row.id)
            session.execute(delete(ResponseEvent).where(ResponseEvent.response_id == row.id))
        request, response = ResponseCreate.model_validate(row.request), Response.model_validate(row.body)
        return ClaimedResponse(row.id, row.project_id, request, response, row.input, first_number, takeovers)

    def _renew(self, session: Session, id: str) -> bool:
        return leases.renew(session, StoredResponse, *_unfinished(id), owner=self._owner, seconds=self.lease_seconds)


def _unfinished(id: str) -> tuple[ColumnElement[bool], ...]:
    return StoredResponse.id == id, StoredResponse.status.in_(UNFINISHED)


def _find_streamed(session: Session, project: str, id: str) -> StoredResponse:
    row = find_response(session, project, id)
    if row.request is None or not row.request.get("stream"):
        problem = f"The response '{id}' cannot be streamed: only a response created with 'background' and 'stream' keeps its events."
        raise InvalidRequest(problem, param="stream")
    return row


def _event(id: str, event: dict[str, Any]) -> ResponseEvent:
    return ResponseEvent(response_id=id, number=event["sequence_number"], body=make_storable(event))


def _next_number(session: Session, id: str) -> int:
    last = session.scalar(select(func.max(ResponseEvent.number)).where(ResponseEvent.response_id == id))
    return 0 if last is None else last + 1
