from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="Prices")


@_attrs_define
class Prices:
    """A price sheet, in any currency. Tokens are priced per million, machines per hour of work.

    If `engine_hour` is given, an answer costs the seconds that the engine worked on it, instead of its tokens. What
    training and indexing
    cost is spread over `expected_questions`. How long they took is measured, unless you send the seconds.

        Attributes:
            prompt (float | Unset):  Default: 1.0.
            completion (float | Unset):  Default: 1.0.
            engine_hour (float | None | Unset):
            training_hour (float | Unset):  Default: 0.0.
            indexing_hour (float | Unset):  Default: 0.0.
            training_seconds (float | None | Unset): Default: what the fine-tuning job of `model` took.
            indexing_seconds (float | None | Unset): Default: what indexing the files of the vector stores took, or nothing
                if that was not measured.
            expected_questions (int | Unset):  Default: 100000.
    """

    prompt: float | Unset = 1.0
    completion: float | Unset = 1.0
    engine_hour: float | None | Unset = UNSET
    training_hour: float | Unset = 0.0
    indexing_hour: float | Unset = 0.0
    training_seconds: float | None | Unset = UNSET
    indexing_seconds: float | None | Unset = UNSET
    expected_questions: int | Unset = 100000

    def to_dict(self) -> dict[str, Any]:
        prompt = self.prompt

        completion = self.completion

        engine_hour: float | None | Unset
        if isinstance(self.engine_hour, Unset):
            engine_hour = UNSET
        else:
            engine_hour = self.engine_hour

        training_hour = self.training_hour

        indexing_hour = self.indexing_hour

        training_seconds: float | None | Unset
        if isinstance(self.training_seconds, Unset):
            training_seconds = UNSET
        else:
            training_seconds = self.training_seconds

        indexing_seconds: float | None | Unset
        if isinstance(self.indexing_seconds, Unset):
            indexing_seconds = UNSET
        else:
            indexing_seconds = self.indexing_seconds

        expected_questions = self.expected_questions

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if prompt is not UNSET:
            field_dict["prompt"] = prompt
        if completion is not UNSET:
            field_dict["completion"] = completion
        if engine_hour is not UNSET:
            field_dict["engine_hour"] = engine_hour
        if training_hour is not UNSET:
            field_dict["training_hour"] = training_hour
        if indexing_hour is not UNSET:
            field_dict["indexing_hour"] = indexing_hour
        if training_seconds is not UNSET:
            field_dict["training_seconds"] = training_seconds
        if indexing_seconds is not UNSET:
            field_dict["indexing_seconds"] = indexing_seconds
        if expected_questions is not UNSET:
            field_dict["expected_questions"] = expected_questions

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        prompt = d.pop("prompt", UNSET)

        completion = d.pop("completion", UNSET)

        def _parse_engine_hour(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        engine_hour = _parse_engine_hour(d.pop("engine_hour", UNSET))

        training_hour = d.pop("training_hour", UNSET)

        indexing_hour = d.pop("indexing_hour", UNSET)

        def _parse_training_seconds(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        training_seconds = _parse_training_seconds(d.pop("training_seconds", UNSET))

        def _parse_indexing_seconds(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        indexing_seconds = _parse_indexing_seconds(d.pop("indexing_seconds", UNSET))

        expected_questions = d.pop("expected_questions", UNSET)

        prices = cls(
            prompt=prompt,
            completion=completion,
            engine_hour=engine_hour,
            training_hour=training_hour,
            indexing_hour=indexing_hour,
            training_seconds=training_seconds,
            indexing_seconds=indexing_seconds,
            expected_questions=expected_questions,
        )

        return prices
