from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.grader_message_role import GraderMessageRole, check_grader_message_role
from ..models.grader_message_type_type_0 import (
    GraderMessageTypeType0,
    check_grader_message_type_type_0,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.audio_part import AudioPart
    from ..models.image_part import ImagePart
    from ..models.text_part import TextPart


T = TypeVar("T", bound="GraderMessage")


@_attrs_define
class GraderMessage:
    """A message to the model that grades: its content is text, a part, or a list of both. Texts may have templates.

    Attributes:
        role (GraderMessageRole):
        content (AudioPart | ImagePart | list[AudioPart | ImagePart | str | TextPart] | str | TextPart):
        type_ (GraderMessageTypeType0 | None | Unset):
    """

    role: GraderMessageRole
    content: (
        AudioPart
        | ImagePart
        | list[AudioPart | ImagePart | str | TextPart]
        | str
        | TextPart
    )
    type_: GraderMessageTypeType0 | None | Unset = UNSET

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

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "role": role,
                "content": content,
            }
        )
        if type_ is not UNSET:
            field_dict["type"] = type_

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.audio_part import AudioPart  # noqa: PLC0415
        from ..models.image_part import ImagePart  # noqa: PLC0415
        from ..models.text_part import TextPart  # noqa: PLC0415

        d = dict(src_dict)
        role = check_grader_message_role(d.pop("role"))

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

        def _parse_type_(data: object) -> GraderMessageTypeType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                type_type_0 = check_grader_message_type_type_0(data)

                return type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(GraderMessageTypeType0 | None | Unset, data)

        type_ = _parse_type_(d.pop("type", UNSET))

        grader_message = cls(
            role=role,
            content=content,
            type_=type_,
        )

        return grader_message
