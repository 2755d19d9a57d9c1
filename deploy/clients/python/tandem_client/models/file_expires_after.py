from __future__ import annotations

from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

T = TypeVar("T", bound="FileExpiresAfter")


@_attrs_define
class FileExpiresAfter:
    """When the file expires. OpenAI's SDK sends the parts `expires_after[anchor]` and `expires_after[seconds]` instead.

    Attributes:
        anchor (Literal['created_at']):
        seconds (int):
    """

    anchor: Literal["created_at"]
    seconds: int

    def to_dict(self) -> dict[str, Any]:
        anchor = self.anchor

        seconds = self.seconds

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "anchor": anchor,
                "seconds": seconds,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        anchor = cast(Literal["created_at"], d.pop("anchor"))
        if anchor != "created_at":
            raise ValueError(f"anchor must match const 'created_at', got '{anchor}'")

        seconds = d.pop("seconds")

        file_expires_after = cls(
            anchor=anchor,
            seconds=seconds,
        )

        return file_expires_after
