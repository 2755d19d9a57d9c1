from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.text_config_verbosity_type_0 import (
    TextConfigVerbosityType0,
    check_text_config_verbosity_type_0,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.text_format import TextFormat


T = TypeVar("T", bound="TextConfig")


@_attrs_define
class TextConfig:
    """The format of the answer's text. `verbosity` is accepted for compatibility and returned; it has no effect.

    Attributes:
        format_ (TextFormat | Unset): Plain text, any JSON object, or JSON that follows a schema.
        verbosity (None | TextConfigVerbosityType0 | Unset):
    """

    format_: TextFormat | Unset = UNSET
    verbosity: None | TextConfigVerbosityType0 | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        format_: dict[str, Any] | Unset = UNSET
        if not isinstance(self.format_, Unset):
            format_ = self.format_.to_dict()

        verbosity: None | str | Unset
        if isinstance(self.verbosity, Unset):
            verbosity = UNSET
        elif isinstance(self.verbosity, str):
            verbosity = self.verbosity
        else:
            verbosity = self.verbosity

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if format_ is not UNSET:
            field_dict["format"] = format_
        if verbosity is not UNSET:
            field_dict["verbosity"] = verbosity

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

        def _parse_verbosity(data: object) -> None | TextConfigVerbosityType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                verbosity_type_0 = check_text_config_verbosity_type_0(data)

                return verbosity_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | TextConfigVerbosityType0 | Unset, data)

        verbosity = _parse_verbosity(d.pop("verbosity", UNSET))

        text_config = cls(
            format_=format_,
            verbosity=verbosity,
        )

        return text_config
