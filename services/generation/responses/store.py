"""Stored responses: kept, found, deleted, and the chain of earlier turns that a new one goes on from. They belong to a project."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy.orm import Session

from services.generation.grounding.request import TRACE
from services.generation.responses.items import Item, shown
from shared.contracts.responses import Response
from shared.errors import InvalidRequest, NotFound
from shared.records.database import Database
from shared.records.responses import UNFINISHED, StoredResponse

LONGEST_CHAIN = 500
PREVIOUS = "previous_response_id"


class Turns:
    """The stored responses of every project."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, project: str, response: Response, items: Sequence[Item]) -> None:
        """Store a response that has ended."""
        about = {"id": response.id, "project_id": project, "previous_id": response.previous_response_id}
        body = response.model_dump(mode="json")
        with self._database.session() as session:
            stored = StoredResponse(**about, created_at=response.created_at, status=response.status, input=list(items), body=body)
            session.add(stored)

    def find(self, project: str, id: str) -> StoredResponse:
        """Return a stored response. Raises NotFound where the project has none of this id."""
        with self._database.session() as session:
            return find(session, project, id)

    def delete(self, project: str, id: str) -> None:
        """Delete a stored response; turns that went on from it stay, and cannot be gone on from any more."""
        with self._database.session() as session:
            session.delete(find(session, project, id))

    def history(self, project: str, id: str | None) -> list[Item]:
        """Return what was said up to and with response `id`, oldest first.

        Raises:
            InvalidRequest: it or one before it is not stored or still goes on, or the chain is too long.
        """
        chain: list[StoredResponse] = []
        with self._database.session() as session:
            while id is not None:
                chain.append(_previous(session, project, id))
                id = chain[-1].previous_id
                if len(chain) > LONGEST_CHAIN:
                    raise InvalidRequest(f"The conversation has more than {LONGEST_CHAIN} turns; begin a new one.", param=PREVIOUS)
        return [item for turn in reversed(chain) for item in (*turn.input, *turn.body["output"])]


def find(session: Session, project: str, id: str) -> StoredResponse:
    """Return a stored response. Raises NotFound where the project has none of this id."""
    found = session.get(StoredResponse, id)
    if found is None or found.project_id != project:
        raise NotFound(f"There is no stored response '{id}'.", param="response_id")
    return found


def describe(stored: StoredResponse, include: Collection[str]) -> dict[str, Any]:
    """Return a stored response as the wire has it, with what `include` names of what is told only when asked for."""
    body = stored.body
    told: dict[str, Any] = {"output": [shown(item, include) for item in body["output"]]}
    if stored.request is not None:
        told["status"] = stored.status
    if body.get("grounding") and TRACE not in include:
        told["grounding"] = {**body["grounding"], "trace": None}
    return {**body, **told}


def _previous(session: Session, project: str, id: str) -> StoredResponse:
    try:
        found = find(session, project, id)
    except NotFound as error:
        problem = f"Previous response with id '{id}' not found: it was not stored ('store': false), or was deleted."
        raise InvalidRequest(problem, param=PREVIOUS, code="previous_response_not_found") from error
    if found.status in UNFINISHED:
        raise InvalidRequest(f"The response '{id}' is still {found.status}; it can be gone on from when it has ended.", param=PREVIOUS)
    return found
