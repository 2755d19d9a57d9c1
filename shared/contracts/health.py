"""Liveness and readiness."""

from typing import Literal

from pydantic import BaseModel


class Live(BaseModel):
    """The process responds."""

    status: Literal["live"] = "live"


class Ready(BaseModel):
    """Whether the service can do its work. `missing` maps what the service needs and cannot reach to the reason.

    Only the front door has `engines`: for each base model, the URLs of its engines with `up`, or why the engine is skipped.
    """

    status: Literal["ready", "not_ready"]
    missing: dict[str, str] = {}
    engines: dict[str, dict[str, str]] | None = None
