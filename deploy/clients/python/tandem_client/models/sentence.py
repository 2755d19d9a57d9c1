from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Sentence")


@_attrs_define
class Sentence:
    """A sentence of an answer, by its characters, and how far the passages support it, from 0 to 1.

    `passages` are the numbers of the passages it is based on; `unknown` are numbers in its markers that no passage has.

        Attributes:
            choice (int):
            start (int):
            end (int):
            passages (list[int]):
            unknown (list[int]):
            support (float):
            supported (bool):
    """

    choice: int
    start: int
    end: int
    passages: list[int]
    unknown: list[int]
    support: float
    supported: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        choice = self.choice

        start = self.start

        end = self.end

        passages = self.passages

        unknown = self.unknown

        support = self.support

        supported = self.supported

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "choice": choice,
                "start": start,
                "end": end,
                "passages": passages,
                "unknown": unknown,
                "support": support,
                "supported": supported,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        choice = d.pop("choice")

        start = d.pop("start")

        end = d.pop("end")

        passages = cast(list[int], d.pop("passages"))

        unknown = cast(list[int], d.pop("unknown"))

        support = d.pop("support")

        supported = d.pop("supported")

        sentence = cls(
            choice=choice,
            start=start,
            end=end,
            passages=passages,
            unknown=unknown,
            support=support,
            supported=supported,
        )

        sentence.additional_properties = d
        return sentence

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
