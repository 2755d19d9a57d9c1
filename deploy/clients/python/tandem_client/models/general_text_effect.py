from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.general_text_effect_drift import (
    GeneralTextEffectDrift,
    check_general_text_effect_drift,
)

if TYPE_CHECKING:
    from ..models.change import Change


T = TypeVar("T", bound="GeneralTextEffect")


@_attrs_define
class GeneralTextEffect:
    """A general English text of `tokens` tokens that has nothing to do with the training.

    If its perplexity rises, the model has forgotten something: `slight` from 5%, `strong` from 25%. `detail` has the
    figures in words.

        Attributes:
            tokens (int):
            perplexity (Change): A value before the training and after it.
            drift (GeneralTextEffectDrift):
            detail (str):
    """

    tokens: int
    perplexity: Change
    drift: GeneralTextEffectDrift
    detail: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        tokens = self.tokens

        perplexity = self.perplexity.to_dict()

        drift: str = self.drift

        detail = self.detail

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "tokens": tokens,
                "perplexity": perplexity,
                "drift": drift,
                "detail": detail,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.change import Change  # noqa: PLC0415

        d = dict(src_dict)
        tokens = d.pop("tokens")

        perplexity = Change.from_dict(d.pop("perplexity"))

        drift = check_general_text_effect_drift(d.pop("drift"))

        detail = d.pop("detail")

        general_text_effect = cls(
            tokens=tokens,
            perplexity=perplexity,
            drift=drift,
            detail=detail,
        )

        general_text_effect.additional_properties = d
        return general_text_effect

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
