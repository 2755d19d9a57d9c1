from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.text_part_type import TextPartType, check_text_part_type
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.text_part_prompt_cache_breakpoint_type_0 import (
        TextPartPromptCacheBreakpointType0,
    )


T = TypeVar("T", bound="TextPart")


@_attrs_define
class TextPart:
    """Text of a message, of a user or of a model.

    Attributes:
        type_ (TextPartType):
        text (str):
        prompt_cache_breakpoint (None | TextPartPromptCacheBreakpointType0 | Unset): Accepted and ignored.
    """

    type_: TextPartType
    text: str
    prompt_cache_breakpoint: None | TextPartPromptCacheBreakpointType0 | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.text_part_prompt_cache_breakpoint_type_0 import (
            TextPartPromptCacheBreakpointType0,  # noqa: PLC0415
        )

        type_: str = self.type_

        text = self.text

        prompt_cache_breakpoint: dict[str, Any] | None | Unset
        if isinstance(self.prompt_cache_breakpoint, Unset):
            prompt_cache_breakpoint = UNSET
        elif isinstance(
            self.prompt_cache_breakpoint, TextPartPromptCacheBreakpointType0
        ):
            prompt_cache_breakpoint = self.prompt_cache_breakpoint.to_dict()
        else:
            prompt_cache_breakpoint = self.prompt_cache_breakpoint

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
                "text": text,
            }
        )
        if prompt_cache_breakpoint is not UNSET:
            field_dict["prompt_cache_breakpoint"] = prompt_cache_breakpoint

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.text_part_prompt_cache_breakpoint_type_0 import (
            TextPartPromptCacheBreakpointType0,  # noqa: PLC0415
        )

        d = dict(src_dict)
        type_ = check_text_part_type(d.pop("type"))

        text = d.pop("text")

        def _parse_prompt_cache_breakpoint(
            data: object,
        ) -> None | TextPartPromptCacheBreakpointType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                prompt_cache_breakpoint_type_0 = (
                    TextPartPromptCacheBreakpointType0.from_dict(data)
                )

                return prompt_cache_breakpoint_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | TextPartPromptCacheBreakpointType0 | Unset, data)

        prompt_cache_breakpoint = _parse_prompt_cache_breakpoint(
            d.pop("prompt_cache_breakpoint", UNSET)
        )

        text_part = cls(
            type_=type_,
            text=text,
            prompt_cache_breakpoint=prompt_cache_breakpoint,
        )

        return text_part
