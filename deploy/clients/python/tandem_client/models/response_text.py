from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.response_text_format_type_0 import ResponseTextFormatType0


T = TypeVar("T", bound="ResponseText")


@_attrs_define
class ResponseText:
    """The format of the output of a response.

    Attributes:
        format_ (None | ResponseTextFormatType0 | Unset):
    """

    format_: None | ResponseTextFormatType0 | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.response_text_format_type_0 import ResponseTextFormatType0  # noqa: PLC0415

        format_: dict[str, Any] | None | Unset
        if isinstance(self.format_, Unset):
            format_ = UNSET
        elif isinstance(self.format_, ResponseTextFormatType0):
            format_ = self.format_.to_dict()
        else:
            format_ = self.format_

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if format_ is not UNSET:
            field_dict["format"] = format_

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.response_text_format_type_0 import ResponseTextFormatType0  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_format_(data: object) -> None | ResponseTextFormatType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                format_type_0 = ResponseTextFormatType0.from_dict(data)

                return format_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ResponseTextFormatType0 | Unset, data)

        format_ = _parse_format_(d.pop("format", UNSET))

        response_text = cls(
            format_=format_,
        )

        return response_text
