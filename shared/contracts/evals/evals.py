"""An eval: the shape of its rows, and the criteria that answers are graded by."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from shared.contracts.evals.data_sources import DataSourceConfig
from shared.contracts.graders import MAX_GRADERS, Grader
from shared.contracts.wire import Metadata, Request

Criteria = Annotated[list[Grader], Field(min_length=1, max_length=MAX_GRADERS)]
EvalName = Annotated[str, Field(max_length=256)]


class EvalCreate(Request):
    """Body of `POST /v1/evals`."""

    name: EvalName | None = Field(None, description="Defaults to the type of the data source and the date.")
    data_source_config: DataSourceConfig
    testing_criteria: Criteria
    metadata: Metadata | None = None


class EvalUpdate(Request):
    """Body of `POST /v1/evals/{eval_id}`. What is missing stays as it is; null deletes the metadata."""

    name: EvalName | None = None
    metadata: Metadata | None = None

    def changes(self) -> dict[str, Any]:
        """Return the new values of the columns of the eval."""
        new_name = {} if self.name is None else {"name": self.name}
        return {**new_name, **({"metadata_": self.metadata} if "metadata" in self.model_fields_set else {})}


class Eval(BaseModel):
    """An eval, as the API shows it.

    `data_source_config` has the schema of the rows as `schema`: `item`, and `sample` if answers are graded. Each criterion has an `id`,
    which is its key in the results of runs.
    """

    id: str
    object: Literal["eval"] = "eval"
    created_at: int
    name: str
    data_source_config: dict[str, Any]
    testing_criteria: list[dict[str, Any]]
    metadata: dict[str, str] | None


class EvalDeleteResponse(BaseModel):
    """The response to the DELETE of an eval, which has `eval_id` where others have `id`."""

    eval_id: str
    object: Literal["eval.deleted"] = "eval.deleted"
    deleted: Literal[True] = True
