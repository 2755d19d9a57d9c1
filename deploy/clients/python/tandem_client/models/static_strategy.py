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

if TYPE_CHECKING:
    from ..models.static_chunking import StaticChunking


T = TypeVar("T", bound="StaticStrategy")


@_attrs_define
class StaticStrategy:
    """OpenAI's `static` strategy: a fixed number of tokens, wherever that splits the text.

    Attributes:
        type_ (Literal['static']):
        static (StaticChunking): The sizes of OpenAI's `static` strategy. Both are required.
    """

    type_: Literal["static"]
    static: StaticChunking

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        static = self.static.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
                "static": static,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.static_chunking import StaticChunking  # noqa: PLC0415

        d = dict(src_dict)
        type_ = cast(Literal["static"], d.pop("type"))
        if type_ != "static":
            raise ValueError(f"type must match const 'static', got '{type_}'")

        static = StaticChunking.from_dict(d.pop("static"))

        static_strategy = cls(
            type_=type_,
            static=static,
        )

        return static_strategy
