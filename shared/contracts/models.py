"""Models: base models and adapters."""

from typing import Literal

from pydantic import BaseModel


class Model(BaseModel):
    """A model that may be asked for. Extensions: `parent` (an adapter's base) and `job` (that trained it)."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: str
    parent: str | None = None
    job: str | None = None


class ModelList(BaseModel):
    """Every model of the caller's project."""

    object: Literal["list"] = "list"
    data: list[Model]
