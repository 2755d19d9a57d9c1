from __future__ import annotations

from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ConvexFusion")


@_attrs_define
class ConvexFusion:
    """`alpha` times the vector score plus `1 - alpha` times the keyword score.

    Attributes:
        type_ (Literal['convex']):
        alpha (float | Unset):  Default: 0.5.
    """

    type_: Literal["convex"]
    alpha: float | Unset = 0.5

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        alpha = self.alpha

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
            }
        )
        if alpha is not UNSET:
            field_dict["alpha"] = alpha

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        type_ = cast(Literal["convex"], d.pop("type"))
        if type_ != "convex":
            raise ValueError(f"type must match const 'convex', got '{type_}'")

        alpha = d.pop("alpha", UNSET)

        convex_fusion = cls(
            type_=type_,
            alpha=alpha,
        )

        return convex_fusion
