from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.general_text_effect import GeneralTextEffect
    from ..models.validation_effect import ValidationEffect


T = TypeVar("T", bound="TrainingEffect")


@_attrs_define
class TrainingEffect:
    """What a training changed. `validation` is null if there is no validation file whose answers can be scored.

    Attributes:
        validation (None | ValidationEffect):
        general_text (GeneralTextEffect): A general English text of `tokens` tokens that has nothing to do with the
            training.

            If its perplexity rises, the model has forgotten something: `slight` from 5%, `strong` from 25%. `detail` has
            the figures in words.
    """

    validation: None | ValidationEffect
    general_text: GeneralTextEffect
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.validation_effect import ValidationEffect  # noqa: PLC0415

        validation: dict[str, Any] | None
        if isinstance(self.validation, ValidationEffect):
            validation = self.validation.to_dict()
        else:
            validation = self.validation

        general_text = self.general_text.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "validation": validation,
                "general_text": general_text,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.general_text_effect import GeneralTextEffect  # noqa: PLC0415
        from ..models.validation_effect import ValidationEffect  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_validation(data: object) -> None | ValidationEffect:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                validation_type_0 = ValidationEffect.from_dict(data)

                return validation_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ValidationEffect, data)

        validation = _parse_validation(d.pop("validation"))

        general_text = GeneralTextEffect.from_dict(d.pop("general_text"))

        training_effect = cls(
            validation=validation,
            general_text=general_text,
        )

        training_effect.additional_properties = d
        return training_effect

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
