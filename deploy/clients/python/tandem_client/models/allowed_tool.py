from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.allowed_tool_type import AllowedToolType, check_allowed_tool_type
from ..types import UNSET, Unset

T = TypeVar("T", bound="AllowedTool")


@_attrs_define
class AllowedTool:
    """One of the tools, by its type and, for a function, its name.

    Attributes:
        type_ (AllowedToolType):
        name (None | str | Unset):
    """

    type_: AllowedToolType
    name: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        type_: str = self.type_

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
            }
        )
        if name is not UNSET:
            field_dict["name"] = name

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        type_ = check_allowed_tool_type(d.pop("type"))

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        allowed_tool = cls(
            type_=type_,
            name=name,
        )

        return allowed_tool
