"""Liveness and readiness."""

from typing import Literal

from pydantic import BaseModel


class Live(BaseModel):
    """The process answers."""

    status: Literal["live"] = "live"


class Ready(BaseModel):
    """Whether the service can do its work; `missing` says which neighbour is not there and why.

    `engines`, of the front door only: by base model, each engine's URL with `up` or why it is passed over.
    """

    status: Literal["ready", "not_ready"]
    missing: dict[str, str] = {}
    engines: dict[str, dict[str, str]] | None = None
