from __future__ import annotations

from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="InputTokens")


@_attrs_define
class InputTokens:
    """The number of tokens in the prompt.

    Attributes:
        object_ (Literal['response.input_tokens']):  Default: 'response.input_tokens'.
        input_tokens (int):
    """

    input_tokens: int
    object_: Literal["response.input_tokens"] = "response.input_tokens"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        object_ = self.object_

        input_tokens = self.input_tokens

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "object": object_,
                "input_tokens": input_tokens,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        object_ = cast(Literal["response.input_tokens"], d.pop("object"))
        if object_ != "response.input_tokens":
            raise ValueError(
                f"object must match const 'response.input_tokens', got '{object_}'"
            )

        input_tokens = d.pop("input_tokens")

        input_tokens = cls(
            object_=object_,
            input_tokens=input_tokens,
        )

        input_tokens.additional_properties = d
        return input_tokens

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
