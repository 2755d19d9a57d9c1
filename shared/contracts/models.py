"""Models: base models and adapters."""

from typing import Literal

from pydantic import BaseModel


class Model(BaseModel):
    """A model that may be asked for. All but OpenAI's four fields are extensions, and for adapters only.

    `parent` is the model it was trained from and `base` the base model underneath, `job` trained it, `checkpoint` is the step of that
    training whose weights it has. `reason` says why it is out of service.
    """

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: str
    parent: str | None = None
    base: str | None = None
    job: str | None = None
    checkpoint: int | None = None
    status: Literal["in_service", "out_of_service"] | None = None
    reason: str | None = None


class ModelList(BaseModel):
    """Every model of the caller's project."""

    object: Literal["list"] = "list"
    data: list[Model]
