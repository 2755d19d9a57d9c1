from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.eval_message_role import EvalMessageRole, check_eval_message_role
from ..models.eval_message_type_type_0 import (
    EvalMessageTypeType0,
    check_eval_message_type_type_0,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.audio_part import AudioPart
    from ..models.image_part import ImagePart
    from ..models.text_part import TextPart


T = TypeVar("T", bound="EvalMessage")


@_attrs_define
class EvalMessage:
    """A message to the model that is evaluated. Texts may have templates such as `{{item.question}}`.

    Attributes:
        role (EvalMessageRole):
        content (AudioPart | ImagePart | list[AudioPart | ImagePart | str | TextPart] | str | TextPart):
        type_ (EvalMessageTypeType0 | None | Unset):
        phase (None | str | Unset): Accepted and ignored.
    """

    role: EvalMessageRole
    content: (
        AudioPart
        | ImagePart
        | list[AudioPart | ImagePart | str | TextPart]
        | str
        | TextPart
    )
    type_: EvalMessageTypeType0 | None | Unset = UNSET
    phase: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.audio_part import AudioPart  # noqa: PLC0415
        from ..models.image_part import ImagePart  # noqa: PLC0415
        from ..models.text_part import TextPart  # noqa: PLC0415

        role: str = self.role

        content: dict[str, Any] | list[dict[str, Any] | str] | str
        if isinstance(self.content, TextPart):
            content = self.content.to_dict()
        elif isinstance(self.content, ImagePart):
            content = self.content.to_dict()
        elif isinstance(self.content, AudioPart):
            content = self.content.to_dict()
        elif isinstance(self.content, list):
            content = []
            for content_type_2_item_data in self.content:
                content_type_2_item: dict[str, Any] | str
                if isinstance(content_type_2_item_data, TextPart):
                    content_type_2_item = content_type_2_item_data.to_dict()
                elif isinstance(content_type_2_item_data, ImagePart):
                    content_type_2_item = content_type_2_item_data.to_dict()
                elif isinstance(content_type_2_item_data, AudioPart):
                    content_type_2_item = content_type_2_item_data.to_dict()
                else:
                    content_type_2_item = content_type_2_item_data
                content.append(content_type_2_item)

        else:
            content = self.content

        type_: None | str | Unset
        if isinstance(self.type_, Unset):
            type_ = UNSET
        elif isinstance(self.type_, str):
            type_ = self.type_
        else:
            type_ = self.type_

        phase: None | str | Unset
        if isinstance(self.phase, Unset):
            phase = UNSET
        else:
            phase = self.phase

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "role": role,
                "content": content,
            }
        )
        if type_ is not UNSET:
            field_dict["type"] = type_
        if phase is not UNSET:
            field_dict["phase"] = phase

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.audio_part import AudioPart  # noqa: PLC0415
        from ..models.image_part import ImagePart  # noqa: PLC0415
        from ..models.text_part import TextPart  # noqa: PLC0415

        d = dict(src_dict)
        role = check_eval_message_role(d.pop("role"))

        def _parse_content(
            data: object,
        ) -> (
            AudioPart
            | ImagePart
            | list[AudioPart | ImagePart | str | TextPart]
            | str
            | TextPart
        ):
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                content_type_1_type_0 = TextPart.from_dict(data)

                return content_type_1_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                content_type_1_type_1 = ImagePart.from_dict(data)

                return content_type_1_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                content_type_1_type_2 = AudioPart.from_dict(data)

                return content_type_1_type_2
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, list):
                    raise TypeError()
                content_type_2 = []
                _content_type_2 = data
                for content_type_2_item_data in _content_type_2:

                    def _parse_content_type_2_item(
                        data: object,
                    ) -> AudioPart | ImagePart | str | TextPart:
                        try:
                            if not isinstance(data, dict):
                                raise TypeError()
                            content_type_2_item_type_1_type_0 = TextPart.from_dict(data)

                            return content_type_2_item_type_1_type_0
                        except (TypeError, ValueError, AttributeError, KeyError):
                            pass
                        try:
                            if not isinstance(data, dict):
                                raise TypeError()
                            content_type_2_item_type_1_type_1 = ImagePart.from_dict(
                                data
                            )

                            return content_type_2_item_type_1_type_1
                        except (TypeError, ValueError, AttributeError, KeyError):
                            pass
                        try:
                            if not isinstance(data, dict):
                                raise TypeError()
                            content_type_2_item_type_1_type_2 = AudioPart.from_dict(
                                data
                            )

                            return content_type_2_item_type_1_type_2
                        except (TypeError, ValueError, AttributeError, KeyError):
                            pass
                        return cast(AudioPart | ImagePart | str | TextPart, data)

                    content_type_2_item = _parse_content_type_2_item(
                        content_type_2_item_data
                    )

                    content_type_2.append(content_type_2_item)

                return content_type_2
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(
                AudioPart
                | ImagePart
                | list[AudioPart | ImagePart | str | TextPart]
                | str
                | TextPart,
                data,
            )

        content = _parse_content(d.pop("content"))

        def _parse_type_(data: object) -> EvalMessageTypeType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                type_type_0 = check_eval_message_type_type_0(data)

                return type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(EvalMessageTypeType0 | None | Unset, data)

        type_ = _parse_type_(d.pop("type", UNSET))

        def _parse_phase(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        phase = _parse_phase(d.pop("phase", UNSET))

        eval_message = cls(
            role=role,
            content=content,
            type_=type_,
            phase=phase,
        )

        return eval_message
