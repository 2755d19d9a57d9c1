from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="AbstentionScores")


@_attrs_define
class AbstentionScores:
    """How well an arm says that the documents do not have the answer.

    `had_to` counts the questions without accepted answers, `did` the answers that abstained. `precision` is the share
    of the abstentions
    that were right, `recall` the share of those questions for which the arm abstained; null if there are none.

        Attributes:
            had_to (int):
            did (int):
            precision (float | None):
            recall (float | None):
    """

    had_to: int
    did: int
    precision: float | None
    recall: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        had_to = self.had_to

        did = self.did

        precision: float | None
        precision = self.precision

        recall: float | None
        recall = self.recall

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "had_to": had_to,
                "did": did,
                "precision": precision,
                "recall": recall,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        had_to = d.pop("had_to")

        did = d.pop("did")

        def _parse_precision(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        precision = _parse_precision(d.pop("precision"))

        def _parse_recall(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        recall = _parse_recall(d.pop("recall"))

        abstention_scores = cls(
            had_to=had_to,
            did=did,
            precision=precision,
            recall=recall,
        )

        abstention_scores.additional_properties = d
        return abstention_scores

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
