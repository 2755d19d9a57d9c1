"""Stored responses, each of one project: added, found, deleted, and read as the history of the next turn."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from services.generation.contracts.responses.response import Response, ResponseCreate
from services.generation.grounding.request import TRACE
from services.generation.responses.items import Item, apply_include, check_outputs, parse_items
from services.generation.responses.turn import Turn
from shared.errors import InvalidRequest, NotFound
from shared.records.database import Database
from shared.records.responses import UNFINISHED, StoredResponse
from shared.validation.storable import make_storable

MAX_TURNS = 500
PREVIOUS = "previous_response_id"


class ResponseStore:
    """The stored responses of every project."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, project: str, response: Response, items: Sequence[Item]) -> None:
        """Store a response that has ended, with the items of its input."""
        ids = {"id": response.id, "project_id": project, "previous_id": response.previous_response_id}
        body = make_storable(response.model_dump(mode="json"))
        with self._database.session() as session:
            session.add(StoredResponse(**ids, created_at=response.created_at, status=response.status, input=list(items), body=body))

    def find(self, project: str, id: str) -> StoredResponse:
        """Return a stored response.

        Raises:
            NotFound: if the project has no such response.
        """
        with self._database.session() as session:
            return find_response(session, project, id)

    def delete(self, project: str, id: str) -> None:
        """Delete a stored response. Later turns stay, but no new turn can continue from them.

        Raises:
            NotFound: if the project has no such response. Of several deletions at the same moment, one does not raise.
        """
        own = delete(StoredResponse).where(StoredResponse.id == id, StoredResponse.project_id == project)
        with self._database.session() as session:
            deleted: Any = session.execute(own.execution_options(synchronize_session=False))
            if not deleted.rowcount:
                raise _not_found(id)

    def read_turn(self, project: str, request: ResponseCreate) -> Turn:
        """Return the turn that `request` starts.

        Raises:
            InvalidRequest: if an item has a wrong shape or is the output of no call, or the response to continue from cannot be used.
        """
        items, history = parse_items(request.input), self.read_history(project, request.previous_response_id)
        check_outputs(items, history)
        return Turn(request, history, items)

    def read_history(self, project: str, id: str | None) -> list[Item]:
        """Return the items of all turns up to the response `id`, oldest first; none if `id` is None.

        Raises:
            InvalidRequest: if one of the responses is not stored or has not ended, or if there are more than 500.
        """
        chain: list[StoredResponse] = []
        with self._database.session() as session:
            while id is not None:
                chain.append(_find_previous(session, project, id))
                id = chain[-1].previous_id
                if len(chain) > MAX_TURNS:
                    raise InvalidRequest(f"The conversation has more than {MAX_TURNS} turns. Start a new one.", param=PREVIOUS)
        return [item for turn in reversed(chain) for item in (*turn.input, *turn.body["output"])]


def find_response(session: Session, project: str, id: str) -> StoredResponse:
    """Return a stored response.

    Raises:
        NotFound: if the project has no such response.
    """
    row = session.get(StoredResponse, id, populate_existing=True)
    if row is None or row.project_id != project:
        raise _not_found(id)
    return row


def _not_found(id: str) -> NotFound:
    return NotFound(f"There is no stored response '{id}'.", param="response_id")


def describe(stored: StoredResponse, include: Collection[str]) -> dict[str, Any]:
    """Return a stored response as it is sent, with the optional parts that `include` names."""
    fields: dict[str, Any] = {"output": [apply_include(item, include) for item in stored.body["output"]]}
    if stored.request is not None:
        fields["status"] = stored.status
    if stored.body.get("grounding") and TRACE not in include:
        fields["grounding"] = {**stored.body["grounding"], "trace": None}
    return {**stored.body, **fields}


def _find_previous(session: Session, project: str, id: str) -> StoredResponse:
    try:
        row = find_response(session, project, id)
    except NotFound as error:
        problem = f"Previous response with id '{id}' not found: it was not stored ('store': false), or was deleted."
        raise InvalidRequest(problem, param=PREVIOUS, code="previous_response_not_found") from error
    if row.status in UNFINISHED:
        problem = f"The response '{id}' is {row.status}. Wait until it has ended, then continue from it."
        raise InvalidRequest(problem, param=PREVIOUS)
    return row
