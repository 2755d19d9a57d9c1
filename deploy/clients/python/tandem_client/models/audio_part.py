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

if TYPE_CHECKING:
    from ..models.audio_data import AudioData


T = TypeVar("T", bound="AudioPart")


@_attrs_define
class AudioPart:
    """A recording in a message. The model must be able to read audio.

    Attributes:
        type_ (Literal['input_audio']):
        input_audio (AudioData): A recording, encoded as Base64.
    """

    type_: Literal["input_audio"]
    input_audio: AudioData

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        input_audio = self.input_audio.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
                "input_audio": input_audio,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.audio_data import AudioData  # noqa: PLC0415

        d = dict(src_dict)
        type_ = cast(Literal["input_audio"], d.pop("type"))
        if type_ != "input_audio":
            raise ValueError(f"type must match const 'input_audio', got '{type_}'")

        input_audio = AudioData.from_dict(d.pop("input_audio"))

        audio_part = cls(
            type_=type_,
            input_audio=input_audio,
        )

        return audio_part
