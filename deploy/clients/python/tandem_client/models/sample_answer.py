from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.sample_answer_finish_reason import (
    SampleAnswerFinishReason,
    check_sample_answer_finish_reason,
)

T = TypeVar("T", bound="SampleAnswer")


@_attrs_define
class SampleAnswer:
    """A checkpoint's answer to a prompt of the validation file, or of the training file if there is no validation file.

    The model always takes the most probable token. `expected` is the answer in the file. Both are cut after 40 tokens.

        Attributes:
            prompt (str):
            expected (str):
            answer (str):
            finish_reason (SampleAnswerFinishReason):
    """

    prompt: str
    expected: str
    answer: str
    finish_reason: SampleAnswerFinishReason
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        prompt = self.prompt

        expected = self.expected

        answer = self.answer

        finish_reason: str = self.finish_reason

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "prompt": prompt,
                "expected": expected,
                "answer": answer,
                "finish_reason": finish_reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        prompt = d.pop("prompt")

        expected = d.pop("expected")

        answer = d.pop("answer")

        finish_reason = check_sample_answer_finish_reason(d.pop("finish_reason"))

        sample_answer = cls(
            prompt=prompt,
            expected=expected,
            answer=answer,
            finish_reason=finish_reason,
        )

        sample_answer.additional_properties = d
        return sample_answer

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
