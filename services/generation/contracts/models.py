"""The models that a project can use, base models and adapters, and the permissions to use those of another project."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema, field_validator

from shared.contracts.paging import Order, PageQuery
from shared.contracts.wire import Id, Request

MAX_PROJECTS = 100  # in one request
ORDERS = {"ascending": "asc", "descending": "desc"}


def _shorten_order(order: Any) -> Any:
    return ORDERS.get(order, order) if isinstance(order, str) else order


SpelledOrder = Annotated[Order, BeforeValidator(_shorten_order), WithJsonSchema({"type": "string", "enum": ["asc", "desc", *ORDERS]})]
"""The order of a list. OpenAI's API has the words of this list in full."""


class Model(BaseModel):
    """A base model or an adapter. All fields but OpenAI's four are extensions, and only adapters have them.

    `parent` is the model that the adapter was trained from and `base` the base model under it. `job` is the fine-tuning job that made
    it, null for an imported adapter, and `checkpoint` the training step of its weights. `reason` says why the adapter is out of service.
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


class ModelExportCreate(Request):
    """Body of `POST /v1/models/{model}/export`."""

    merge: Literal[True] = Field(True, description="Must be true: the adapter is added to the base model's weights.")
    dtype: Literal["bfloat16", "float16", "float32"] = Field("bfloat16", description="The data type of the weights.")

    @field_validator("merge", mode="before")
    @classmethod
    def _refuse_the_adapter_alone(cls, value: Any) -> Any:
        if value is False:
            raise ValueError("must be true; 'GET /v1/models/{model}/adapter' downloads the adapter alone")
        if value is not True:  # a number equals true
            raise ValueError("must be true")
        return value


class CheckpointPermission(BaseModel):
    """A permission for another project to use a fine-tuned model or checkpoint."""

    id: str
    object: Literal["checkpoint.permission"] = "checkpoint.permission"
    created_at: int
    project_id: str


class CheckpointPermissionCreate(Request):
    """Body of `POST /v1/fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions`."""

    project_ids: list[Id] = Field(min_length=1, max_length=MAX_PROJECTS, description="The projects that may use the model.")


class CheckpointPermissionQuery(PageQuery):
    """The query of a list of permissions."""

    order: SpelledOrder = Field("desc", description="The order by creation time; `desc` or `descending` is newest first.")
    project_id: Id | None = Field(None, description="List only the permission of this project.")
