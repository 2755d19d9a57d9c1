from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="RetrievalScores")


@_attrs_define
class RetrievalScores:
    """How well an arm's search found the `contexts` of the questions, as means over the questions that have contexts.

    `supported` is the share of questions of which an accepted answer is in a retrieved passage. `missed_by_search` is
    the share of wrong
    answers for which no context was retrieved, `missed_by_reading` the share for which one was retrieved but not used.

        Attributes:
            questions (int):
            recall (float):
            precision (float):
            ndcg (float):
            mrr (float):
            supported (float):
            missed_by_search (float):
            missed_by_reading (float):
    """

    questions: int
    recall: float
    precision: float
    ndcg: float
    mrr: float
    supported: float
    missed_by_search: float
    missed_by_reading: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        questions = self.questions

        recall = self.recall

        precision = self.precision

        ndcg = self.ndcg

        mrr = self.mrr

        supported = self.supported

        missed_by_search = self.missed_by_search

        missed_by_reading = self.missed_by_reading

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "questions": questions,
                "recall": recall,
                "precision": precision,
                "ndcg": ndcg,
                "mrr": mrr,
                "supported": supported,
                "missed_by_search": missed_by_search,
                "missed_by_reading": missed_by_reading,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        questions = d.pop("questions")

        recall = d.pop("recall")

        precision = d.pop("precision")

        ndcg = d.pop("ndcg")

        mrr = d.pop("mrr")

        supported = d.pop("supported")

        missed_by_search = d.pop("missed_by_search")

        missed_by_reading = d.pop("missed_by_reading")

        retrieval_scores = cls(
            questions=questions,
            recall=recall,
            precision=precision,
            ndcg=ndcg,
            mrr=mrr,
            supported=supported,
            missed_by_search=missed_by_search,
            missed_by_reading=missed_by_reading,
        )

        retrieval_scores.additional_properties = d
        return retrieval_scores

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
