from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.text_format_output import TextFormatOutput


T = TypeVar("T", bound="TextConfigOutput")


@_attrs_define
class TextConfigOutput:
    """The format of the answer's text.

    Attributes:
        format_ (TextFormatOutput | Unset):
    """

    format_: TextFormatOutput | Unset = UNSET

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
        from ..models.text_format_output import TextFormatOutput  # noqa: PLC0415

        d = dict(src_dict)
        _format_ = d.pop("format", UNSET)
        format_: TextFormatOutput | Unset
        if isinstance(_format_, Unset):
            format_ = UNSET
        else:
            format_ = TextFormatOutput.from_dict(_format_)

        text_config_output = cls(
            format_=format_,
        )

        return text_config_output
