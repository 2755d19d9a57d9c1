from __future__ import annotations

from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

from ..models.text_similarity_grader_evaluation_metric import (
    TextSimilarityGraderEvaluationMetric,
    check_text_similarity_grader_evaluation_metric,
)
from ..types import UNSET, Unset

T = TypeVar("T", bound="TextSimilarityGrader")


@_attrs_define
class TextSimilarityGrader:
    """How similar a text is to the reference, from 0 to 1 (`cosine`: from -1 to 1).

    Attributes:
        type_ (Literal['text_similarity']):
        name (str):
        input_ (str):
        reference (str):
        evaluation_metric (TextSimilarityGraderEvaluationMetric):
        pass_threshold (float | None | Unset): The lowest score with which the answer passes.
    """

    type_: Literal["text_similarity"]
    name: str
    input_: str
    reference: str
    evaluation_metric: TextSimilarityGraderEvaluationMetric
    pass_threshold: float | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        name = self.name

        input_ = self.input_

        reference = self.reference

        evaluation_metric: str = self.evaluation_metric

        pass_threshold: float | None | Unset
        if isinstance(self.pass_threshold, Unset):
            pass_threshold = UNSET
        else:
            pass_threshold = self.pass_threshold

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
                "name": name,
                "input": input_,
                "reference": reference,
                "evaluation_metric": evaluation_metric,
            }
        )
        if pass_threshold is not UNSET:
            field_dict["pass_threshold"] = pass_threshold

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        type_ = cast(Literal["text_similarity"], d.pop("type"))
        if type_ != "text_similarity":
            raise ValueError(f"type must match const 'text_similarity', got '{type_}'")

        name = d.pop("name")

        input_ = d.pop("input")

        reference = d.pop("reference")

        evaluation_metric = check_text_similarity_grader_evaluation_metric(
            d.pop("evaluation_metric")
        )

        def _parse_pass_threshold(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        pass_threshold = _parse_pass_threshold(d.pop("pass_threshold", UNSET))

        text_similarity_grader = cls(
            type_=type_,
            name=name,
            input_=input_,
            reference=reference,
            evaluation_metric=evaluation_metric,
            pass_threshold=pass_threshold,
        )

        return text_similarity_grader
