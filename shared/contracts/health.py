"""Liveness and readiness."""

from typing import Literal

from pydantic import BaseModel


class Live(BaseModel):
    """The process answers."""

    status: Literal["live"] = "live"


class Ready(BaseModel):
    """Whether the service can do its work; `missing` says which neighbour is not there and why."""

    status: Literal["ready", "not_ready"]
    missing: dict[str, str] = {}
