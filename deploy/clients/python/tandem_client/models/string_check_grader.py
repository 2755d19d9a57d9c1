from __future__ import annotations

from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

from ..models.string_check_grader_operation import (
    StringCheckGraderOperation,
    check_string_check_grader_operation,
)

T = TypeVar("T", bound="StringCheckGrader")


@_attrs_define
class StringCheckGrader:
    """Compares two texts as they are. `like`: the input contains the reference; `ilike` ignores case. The score is 1 or 0.

    Attributes:
        type_ (Literal['string_check']):
        name (str):
        input_ (str):
        operation (StringCheckGraderOperation):
        reference (str):
    """

    type_: Literal["string_check"]
    name: str
    input_: str
    operation: StringCheckGraderOperation
    reference: str

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        name = self.name

        input_ = self.input_

        operation: str = self.operation

        reference = self.reference

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
                "name": name,
                "input": input_,
                "operation": operation,
                "reference": reference,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        type_ = cast(Literal["string_check"], d.pop("type"))
        if type_ != "string_check":
            raise ValueError(f"type must match const 'string_check', got '{type_}'")

        name = d.pop("name")

        input_ = d.pop("input")

        operation = check_string_check_grader_operation(d.pop("operation"))

        reference = d.pop("reference")

        string_check_grader = cls(
            type_=type_,
            name=name,
            input_=input_,
            operation=operation,
            reference=reference,
        )

        return string_check_grader
