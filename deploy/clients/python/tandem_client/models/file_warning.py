from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.file_warning_code import FileWarningCode, check_file_warning_code

T = TypeVar("T", bound="FileWarning")


@_attrs_define
class FileWarning:
    """Something that does not prevent training. `lines` are the first ten.

    Attributes:
        code (FileWarningCode):
        message (str):
        lines (list[int]):
    """

    code: FileWarningCode
    message: str
    lines: list[int]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        code: str = self.code

        message = self.message

        lines = self.lines

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "code": code,
                "message": message,
                "lines": lines,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        code = check_file_warning_code(d.pop("code"))

        message = d.pop("message")

        lines = cast(list[int], d.pop("lines"))

        file_warning = cls(
            code=code,
            message=message,
            lines=lines,
        )

        file_warning.additional_properties = d
        return file_warning

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
