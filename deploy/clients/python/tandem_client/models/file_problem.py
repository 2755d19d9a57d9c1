from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="FileProblem")


@_attrs_define
class FileProblem:
    """Something that prevents training. `line` is null if it is about the file, `field` if it is about the whole line.

    `code` is `invalid_encoding`, `invalid_json`, `invalid_value`, `invalid_file_format` (the rest of the file cannot be
    read),
    `invalid_n_examples`, `not_supported` (valid for OpenAI, but it cannot be trained here), or `chat_template` (the
    model's chat template
    refuses the example, or does not show its tools).

        Attributes:
            line (int | None):
            field (None | str):
            code (str):
            message (str):
    """

    line: int | None
    field: None | str
    code: str
    message: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        line: int | None
        line = self.line

        field: None | str
        field = self.field

        code = self.code

        message = self.message

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "line": line,
                "field": field,
                "code": code,
                "message": message,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_line(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        line = _parse_line(d.pop("line"))

        def _parse_field(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        field = _parse_field(d.pop("field"))

        code = d.pop("code")

        message = d.pop("message")

        file_problem = cls(
            line=line,
            field=field,
            code=code,
            message=message,
        )

        file_problem.additional_properties = d
        return file_problem

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
