from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.answer_span_source import AnswerSpanSource, check_answer_span_source

T = TypeVar("T", bound="AnswerSpan")


@_attrs_define
class AnswerSpan:
    """A part of an answer that is based on a passage: a marker such as `[1]` that the model wrote, or a sentence without a
    marker.

    `choice` is the index of the answer, if `n` is above 1. `support` is the support of the sentence, null if it was not
    computed.

        Attributes:
            choice (int):
            start (int):
            end (int):
            source (AnswerSpanSource):
            support (float | None):
    """

    choice: int
    start: int
    end: int
    source: AnswerSpanSource
    support: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        choice = self.choice

        start = self.start

        end = self.end

        source: str = self.source

        support: float | None
        support = self.support

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "choice": choice,
                "start": start,
                "end": end,
                "source": source,
                "support": support,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        choice = d.pop("choice")

        start = d.pop("start")

        end = d.pop("end")

        source = check_answer_span_source(d.pop("source"))

        def _parse_support(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        support = _parse_support(d.pop("support"))

        answer_span = cls(
            choice=choice,
            start=start,
            end=end,
            source=source,
            support=support,
        )

        answer_span.additional_properties = d
        return answer_span

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
