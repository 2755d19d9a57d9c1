from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="JudgeFigures")


@_attrs_define
class JudgeFigures:
    """How far a model grader can be trusted, measured on a slice of the answers before it decides.

    `consistency` is the share of answers that get the same grade if answer and reference change places. `agreement` is
    the share of
    right verdicts on accepted answers, which should pass, and on answers to other questions, which should not. Both are
    null if they
    could not be measured. `unparseable` is the share of outputs that could not be read.

        Attributes:
            grader (str):
            model (str):
            judged (int):
            consistency (float | None):
            agreement (float | None):
            unparseable (float):
    """

    grader: str
    model: str
    judged: int
    consistency: float | None
    agreement: float | None
    unparseable: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        grader = self.grader

        model = self.model

        judged = self.judged

        consistency: float | None
        consistency = self.consistency

        agreement: float | None
        agreement = self.agreement

        unparseable = self.unparseable

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "grader": grader,
                "model": model,
                "judged": judged,
                "consistency": consistency,
                "agreement": agreement,
                "unparseable": unparseable,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        grader = d.pop("grader")

        model = d.pop("model")

        judged = d.pop("judged")

        def _parse_consistency(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        consistency = _parse_consistency(d.pop("consistency"))

        def _parse_agreement(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        agreement = _parse_agreement(d.pop("agreement"))

        unparseable = d.pop("unparseable")

        judge_figures = cls(
            grader=grader,
            model=model,
            judged=judged,
            consistency=consistency,
            agreement=agreement,
            unparseable=unparseable,
        )

        judge_figures.additional_properties = d
        return judge_figures

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
