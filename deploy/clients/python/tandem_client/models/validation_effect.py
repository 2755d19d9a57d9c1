from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.change import Change


T = TypeVar("T", bound="ValidationEffect")


@_attrs_define
class ValidationEffect:
    """The answers of the validation file, or of a random sample of it: `answers` of `total_answers` were measured.

    `loss` is in nats per token. `exact_match` is the share of answers that the model gives word for word if it always
    takes the most
    likely token. `detail` has the figures in words.

        Attributes:
            answers (int):
            total_answers (int):
            loss (Change): A value before the training and after it.
            mean_token_accuracy (Change): A value before the training and after it.
            exact_match (Change): A value before the training and after it.
            detail (str):
    """

    answers: int
    total_answers: int
    loss: Change
    mean_token_accuracy: Change
    exact_match: Change
    detail: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        answers = self.answers

        total_answers = self.total_answers

        loss = self.loss.to_dict()

        mean_token_accuracy = self.mean_token_accuracy.to_dict()

        exact_match = self.exact_match.to_dict()

        detail = self.detail

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "answers": answers,
                "total_answers": total_answers,
                "loss": loss,
                "mean_token_accuracy": mean_token_accuracy,
                "exact_match": exact_match,
                "detail": detail,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.change import Change  # noqa: PLC0415

        d = dict(src_dict)
        answers = d.pop("answers")

        total_answers = d.pop("total_answers")

        loss = Change.from_dict(d.pop("loss"))

        mean_token_accuracy = Change.from_dict(d.pop("mean_token_accuracy"))

        exact_match = Change.from_dict(d.pop("exact_match"))

        detail = d.pop("detail")

        validation_effect = cls(
            answers=answers,
            total_answers=total_answers,
            loss=loss,
            mean_token_accuracy=mean_token_accuracy,
            exact_match=exact_match,
            detail=detail,
        )

        validation_effect.additional_properties = d
        return validation_effect

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
