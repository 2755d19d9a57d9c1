"""What all request and response bodies build on: strict requests, metadata, attributes and deletions."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.validation.storable import check_storable

Key = Annotated[str, Field(min_length=1, max_length=64)]
Metadata = Annotated[dict[Key, Annotated[str, Field(max_length=512)]], Field(max_length=16)]
# An integer is returned as it was sent, as long as a double holds it exactly.
Number = Annotated[int, Field(ge=-(2**53), le=2**53)] | Annotated[float, Field(allow_inf_nan=False)]
Attributes = Annotated[dict[Key, Annotated[str, Field(max_length=512)] | bool | Number], Field(max_length=16)]


class Request(BaseModel):
    """A request body. Unknown fields are errors. If a field has a default, null means that default."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _check_storable(cls, data: Any) -> Any:
        return check_storable(data)

    @model_validator(mode="before")
    @classmethod
    def _replace_null(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        defaults = {name for name, field in cls.model_fields.items() if not field.is_required() and field.default is not None}
        return {name: value for name, value in data.items() if value is not None or name not in defaults}


class DeleteResponse(BaseModel):
    """The response to a DELETE. `object` names the kind of what was deleted, such as `vector_store.deleted`."""

    id: str
    object: str
    deleted: Literal[True] = True
