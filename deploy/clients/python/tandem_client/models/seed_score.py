from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.seed_score_scores import SeedScoreScores


T = TypeVar("T", bound="SeedScore")


@_attrs_define
class SeedScore:
    """The mean scores of arms with an adapter that was trained with another seed, and the arm that would be recommended
    with it.

        Attributes:
            model (str):
            scores (SeedScoreScores):
            recommended (None | str):
    """

    model: str
    scores: SeedScoreScores
    recommended: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        model = self.model

        scores = self.scores.to_dict()

        recommended: None | str
        recommended = self.recommended

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "model": model,
                "scores": scores,
                "recommended": recommended,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.seed_score_scores import SeedScoreScores  # noqa: PLC0415

        d = dict(src_dict)
        model = d.pop("model")

        scores = SeedScoreScores.from_dict(d.pop("scores"))

        def _parse_recommended(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        recommended = _parse_recommended(d.pop("recommended"))

        seed_score = cls(
            model=model,
            scores=scores,
            recommended=recommended,
        )

        seed_score.additional_properties = d
        return seed_score

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
