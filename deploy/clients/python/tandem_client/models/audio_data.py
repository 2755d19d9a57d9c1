from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.audio_data_format import AudioDataFormat, check_audio_data_format

T = TypeVar("T", bound="AudioData")


@_attrs_define
class AudioData:
    """A recording, encoded as Base64.

    Attributes:
        data (str):
        format_ (AudioDataFormat):
    """

    data: str
    format_: AudioDataFormat

    def to_dict(self) -> dict[str, Any]:
        data = self.data

        format_: str = self.format_

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "data": data,
                "format": format_,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        data = d.pop("data")

        format_ = check_audio_data_format(d.pop("format"))

        audio_data = cls(
            data=data,
            format_=format_,
        )

        return audio_data
