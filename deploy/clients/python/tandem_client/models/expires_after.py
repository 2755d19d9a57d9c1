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

T = TypeVar("T", bound="ExpiresAfter")


@_attrs_define
class ExpiresAfter:
    """When a store expires: `days` after its last use.

    Attributes:
        days (int):
        anchor (Literal['last_active_at'] | Unset):  Default: 'last_active_at'.
    """

    days: int
    anchor: Literal["last_active_at"] | Unset = "last_active_at"

    def to_dict(self) -> dict[str, Any]:
        days = self.days

        anchor = self.anchor

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "days": days,
            }
        )
        if anchor is not UNSET:
            field_dict["anchor"] = anchor

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        days = d.pop("days")

        anchor = cast(Literal["last_active_at"] | Unset, d.pop("anchor", UNSET))
        if anchor != "last_active_at" and not isinstance(anchor, Unset):
            raise ValueError(
                f"anchor must match const 'last_active_at', got '{anchor}'"
            )

        expires_after = cls(
            days=days,
            anchor=anchor,
        )

        return expires_after
