from __future__ import annotations

from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.json_schema_grader_schema import JsonSchemaGraderSchema


T = TypeVar("T", bound="JsonSchemaGrader")


@_attrs_define
class JsonSchemaGrader:
    """Extension: 1 if the answer is JSON that is valid under `schema` (draft 2020-12).

    Attributes:
        type_ (Literal['json_schema']):
        name (str):
        schema (JsonSchemaGraderSchema):
        input_ (str | Unset):  Default: '{{sample.output_text}}'.
    """

    type_: Literal["json_schema"]
    name: str
    schema: JsonSchemaGraderSchema
    input_: str | Unset = "{{sample.output_text}}"

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        name = self.name

        schema = self.schema.to_dict()

        input_ = self.input_

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
                "name": name,
                "schema": schema,
            }
        )
        if input_ is not UNSET:
            field_dict["input"] = input_

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.json_schema_grader_schema import JsonSchemaGraderSchema  # noqa: PLC0415

        d = dict(src_dict)
        type_ = cast(Literal["json_schema"], d.pop("type"))
        if type_ != "json_schema":
            raise ValueError(f"type must match const 'json_schema', got '{type_}'")

        name = d.pop("name")

        schema = JsonSchemaGraderSchema.from_dict(d.pop("schema"))

        input_ = d.pop("input", UNSET)

        json_schema_grader = cls(
            type_=type_,
            name=name,
            schema=schema,
            input_=input_,
        )

        return json_schema_grader
