"""Authentication: which project a request belongs to.

If no API keys are set, every request belongs to the project `default`. Otherwise each key belongs to one project. Workers use a separate
key and name the project they act for in a header.
"""

from dataclasses import dataclass

from fastapi import Request

from shared.errors import AuthenticationFailed
from shared.http.connect import PROJECT_HEADER
from shared.records.database import Database
from shared.records.projects import DEFAULT_PROJECT, hash_key, sync_keys


@dataclass(frozen=True)
class Caller:
    """Who sent a request: a project, or a worker that acts for it. Without keys, nobody can tell them apart, and everyone is a worker."""

    project_id: str
    is_worker: bool = False


class Authenticator:
    """Finds the caller of a request from two headers. The keys are read once, so no request needs the database for this."""

    def __init__(self, projects: dict[str, str], worker_key: str | None, *, enabled: bool) -> None:
        self._projects = projects
        self._worker = hash_key(worker_key) if worker_key else None
        self._enabled = enabled

    def authenticate(self, authorization: str | None, project: str | None = None) -> Caller:
        """Return the caller for the value of the `Authorization` header and, from a worker, of the project header.

        Raises:
            AuthenticationFailed: if keys are set and this one is missing or unknown.
        """
        if not self._enabled:
            return Caller(DEFAULT_PROJECT, is_worker=True)
        scheme, _, key = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise AuthenticationFailed("The API key is missing. Send it in the header 'Authorization: Bearer <key>'.")
        hashed = hash_key(key.strip())
        if hashed == self._worker and project:
            return Caller(project, is_worker=True)
        if hashed not in self._projects:
            raise AuthenticationFailed("The API key is not valid. The setting TANDEM_KEYS of the server has the valid keys.")
        return Caller(self._projects[hashed])


def open_authenticator(database: Database, keys: dict[str, str], worker_key: str | None) -> Authenticator:
    """Store `keys` (API key to project) and return the authenticator that checks requests against them."""
    return Authenticator(sync_keys(database, keys), worker_key, enabled=bool(keys))


def current_caller(request: Request) -> Caller:
    """Return who sent the request. The app keeps its `Authenticator` in `app.state.authenticator`."""
    authenticator: Authenticator = request.app.state.authenticator
    return authenticator.authenticate(request.headers.get("authorization"), request.headers.get(PROJECT_HEADER))
