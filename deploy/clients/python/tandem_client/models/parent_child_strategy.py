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
    from ..models.parent_child_chunking import ParentChildChunking


T = TypeVar("T", bound="ParentChildStrategy")


@_attrs_define
class ParentChildStrategy:
    """Extension: small chunks are searched, and the larger chunks that contain them are returned.

    Attributes:
        type_ (Literal['parent_child']):
        parent_child (ParentChildChunking | Unset): The sizes of the children, which are searched, and of the parents,
            which are returned.
    """

    type_: Literal["parent_child"]
    parent_child: ParentChildChunking | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        parent_child: dict[str, Any] | Unset = UNSET
        if not isinstance(self.parent_child, Unset):
            parent_child = self.parent_child.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
            }
        )
        if parent_child is not UNSET:
            field_dict["parent_child"] = parent_child

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.parent_child_chunking import ParentChildChunking  # noqa: PLC0415

        d = dict(src_dict)
        type_ = cast(Literal["parent_child"], d.pop("type"))
        if type_ != "parent_child":
            raise ValueError(f"type must match const 'parent_child', got '{type_}'")

        _parent_child = d.pop("parent_child", UNSET)
        parent_child: ParentChildChunking | Unset
        if isinstance(_parent_child, Unset):
            parent_child = UNSET
        else:
            parent_child = ParentChildChunking.from_dict(_parent_child)

        parent_child_strategy = cls(
            type_=type_,
            parent_child=parent_child,
        )

        return parent_child_strategy
