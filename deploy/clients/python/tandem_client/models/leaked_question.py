from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="LeakedQuestion")


@_attrs_define
class LeakedQuestion:
    """A question that the training file has, or nearly the same. `line` is its line in the training file, `similarity` is
    from 0 to 1.

        Attributes:
            question (str):
            line (int):
            similarity (float):
            left_out (bool):
    """

    question: str
    line: int
    similarity: float
    left_out: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        question = self.question

        line = self.line

        similarity = self.similarity

        left_out = self.left_out

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "question": question,
                "line": line,
                "similarity": similarity,
                "left_out": left_out,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        question = d.pop("question")

        line = d.pop("line")

        similarity = d.pop("similarity")

        left_out = d.pop("left_out")

        leaked_question = cls(
            question=question,
            line=line,
            similarity=similarity,
            left_out=left_out,
        )

        leaked_question.additional_properties = d
        return leaked_question

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
