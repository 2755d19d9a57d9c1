from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="StreamOptions")


@_attrs_define
class StreamOptions:
    """`include_obfuscation` is accepted and has no effect: Tandem does not pad the events of a stream.

    Attributes:
        include_obfuscation (bool | Unset):  Default: False.
    """

    include_obfuscation: bool | Unset = False

    def to_dict(self) -> dict[str, Any]:
        include_obfuscation = self.include_obfuscation

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if include_obfuscation is not UNSET:
            field_dict["include_obfuscation"] = include_obfuscation

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        include_obfuscation = d.pop("include_obfuscation", UNSET)

        stream_options = cls(
            include_obfuscation=include_obfuscation,
        )

        return stream_options
