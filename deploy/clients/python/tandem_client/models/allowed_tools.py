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

from ..models.allowed_tools_mode import AllowedToolsMode, check_allowed_tools_mode

if TYPE_CHECKING:
    from ..models.allowed_tool import AllowedTool


T = TypeVar("T", bound="AllowedTools")


@_attrs_define
class AllowedTools:
    """The model may use only these tools; with `required` it must use one of them.

    Attributes:
        type_ (Literal['allowed_tools']):
        mode (AllowedToolsMode):
        tools (list[AllowedTool]):
    """

    type_: Literal["allowed_tools"]
    mode: AllowedToolsMode
    tools: list[AllowedTool]

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        mode: str = self.mode

        tools = []
        for tools_item_data in self.tools:
            tools_item = tools_item_data.to_dict()
            tools.append(tools_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
                "mode": mode,
                "tools": tools,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.allowed_tool import AllowedTool  # noqa: PLC0415

        d = dict(src_dict)
        type_ = cast(Literal["allowed_tools"], d.pop("type"))
        if type_ != "allowed_tools":
            raise ValueError(f"type must match const 'allowed_tools', got '{type_}'")

        mode = check_allowed_tools_mode(d.pop("mode"))

        tools = []
        _tools = d.pop("tools")
        for tools_item_data in _tools:
            tools_item = AllowedTool.from_dict(tools_item_data)

            tools.append(tools_item)

        allowed_tools = cls(
            type_=type_,
            mode=mode,
            tools=tools,
        )

        return allowed_tools
