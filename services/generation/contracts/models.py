"""The models that a project can use: base models and adapters."""

from typing import Literal

from pydantic import BaseModel


class Model(BaseModel):
    """A base model or an adapter. All fields but OpenAI's four are extensions, and only adapters have them.

    `parent` is the model that the adapter was trained from and `base` the base model under it. `job` is the fine-tuning job that made
    it, and `checkpoint` the training step of its weights. `reason` says why the adapter is out of service.
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
