"""A project's webhook endpoints: created, changed, listed, deleted, their secrets rotated."""

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from services.generation.contracts.webhooks import WebhookEndpoint, WebhookEndpointCreate, WebhookEndpointUpdate, WebhookEndpointWithSecret
from services.generation.jobs.webhooks.addresses import check_url
from services.generation.jobs.webhooks.sign import mask, new_secret
from shared.contracts.paging import PageRequest, Slice
from shared.errors import InvalidRequest, NotFound
from shared.ids import new_id
from shared.records import webhooks
from shared.records.database import Database
from shared.records.pages import Listing, count_next, fetch_page

PATH_PARAMETER = "webhook_endpoint_id"
MAX_ENDPOINTS = 100  # of one project
KEEP_OLD_SECRET_SECONDS = 24 * 3600

Row = webhooks.WebhookEndpoint


class WebhookEndpoints:
    """The endpoints of every project. With `allows_private`, they may have any http or https URL; otherwise public https URLs only."""

    def __init__(self, database: Database, allows_private: bool, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._allows_private = allows_private
        self._clock = clock

    def create(self, project: str, request: WebhookEndpointCreate) -> Row:
        """Store a new endpoint with a new secret.

        Raises:
            InvalidRequest: if the URL may not be used, or the project has 100 endpoints.
        """
        check_url(request.url, self._allows_private)
        now = int(self._clock())
        row = Row(id=new_id("whe_"), project_id=project, secret=new_secret(), created_at=now, updated_at=now, **request.model_dump())
        with self._database.session() as session:
            _check_room(session, project)
            row.number = count_next(session, Row.number, Row.project_id == project)
            session.add(row)
        return row

    def find(self, project: str, id: str) -> Row:
        """Return an endpoint. Raises NotFound if the project has no such endpoint."""
        with self._database.session() as session:
            return _find(session, project, id)

    def list_endpoints(self, project: str, page: PageRequest) -> Slice[Row]:
        """Return the requested endpoints. Raises InvalidRequest if `after` or `before` names none of the project."""
        own = select(Row).where(Row.project_id == project)
        with self._database.session() as session:
            return fetch_page(session, Listing(own, Row.id, (Row.created_at, Row.number, Row.id)), page)

    def update(self, project: str, id: str, request: WebhookEndpointUpdate) -> Row:
        """Change what the request names. What waits for the endpoint goes to its new URL.

        Raises:
            NotFound: if the project has no such endpoint.
            InvalidRequest: if the URL may not be used.
        """
        if request.url is not None:
            check_url(request.url, self._allows_private)
        return self._change(project, id, lambda _: request.model_dump(exclude_none=True))

    def rotate_secret(self, project: str, id: str, keeps_old: bool) -> Row:
        """Give the endpoint a new secret; with `keeps_old`, the old one also signs for 24 hours. Raises NotFound like `find`."""
        until = self._clock() + KEEP_OLD_SECRET_SECONDS

        def change(row: Row) -> dict[str, Any]:
            old = {"previous_secret": row.secret, "previous_secret_until": until}
            return {"secret": new_secret(), **(old if keeps_old else dict.fromkeys(old))}

        return self._change(project, id, change)

    def delete(self, project: str, id: str) -> None:
        """Delete an endpoint, and what waits to be sent to it. Raises NotFound like `find`."""
        with self._database.session() as session:
            deleted: Any = session.execute(delete(Row).where(Row.id == id, Row.project_id == project))
            if not deleted.rowcount:
                raise _not_found(id)

    def _change(self, project: str, id: str, change: Callable[[Row], dict[str, Any]]) -> Row:
        with self._database.session() as session:
            row = _find(session, project, id, for_update=True)
            changed = {name: value for name, value in change(row).items() if getattr(row, name) != value}
            for name, value in changed.items():
                setattr(row, name, value)
            if changed:
                row.updated_at = int(self._clock())
            return row


def describe(row: Row) -> WebhookEndpoint:
    """Return the endpoint as the API shows it."""
    return WebhookEndpoint(**_fields(row))


def describe_with_secret(row: Row) -> WebhookEndpointWithSecret:
    """Return the endpoint as the API shows it when its secret is new."""
    return WebhookEndpointWithSecret(**_fields(row), signing_secret=row.secret)


def _fields(row: Row) -> dict[str, Any]:
    names = ("id", "name", "url", "event_types", "created_at", "updated_at")
    return {**{name: getattr(row, name) for name in names}, "signing_secret_hint": mask(row.secret)}


def _check_room(session: Session, project: str) -> None:
    count = session.scalar(select(func.count()).select_from(Row).where(Row.project_id == project)) or 0
    if count >= MAX_ENDPOINTS:
        raise InvalidRequest(f"The project has {MAX_ENDPOINTS} webhook endpoints, the maximum. Delete one first.")


def _find(session: Session, project: str, id: str, *, for_update: bool = False) -> Row:
    row = session.get(Row, id, with_for_update=for_update or None)
    if row is None or row.project_id != project:
        raise _not_found(id)
    return row


def _not_found(id: str) -> NotFound:
    return NotFound(f"There is no webhook endpoint '{id}'.", param=PATH_PARAMETER)
