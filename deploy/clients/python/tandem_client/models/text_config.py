from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.text_format import TextFormat


T = TypeVar("T", bound="TextConfig")


@_attrs_define
class TextConfig:
    """The format of the answer's text.

    Attributes:
        format_ (TextFormat | Unset): Plain text, any JSON object, or JSON that follows a schema.
    """

    format_: TextFormat | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        format_: dict[str, Any] | Unset = UNSET
        if not isinstance(self.format_, Unset):
            format_ = self.format_.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if format_ is not UNSET:
            field_dict["format"] = format_

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.text_format import TextFormat  # noqa: PLC0415

        d = dict(src_dict)
        _format_ = d.pop("format", UNSET)
        format_: TextFormat | Unset
        if isinstance(_format_, Unset):
            format_ = UNSET
        else:
            format_ = TextFormat.from_dict(_format_)

        text_config = cls(
            format_=format_,
        )

        return text_config
