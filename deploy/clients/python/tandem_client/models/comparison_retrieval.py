from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.comparison_retrieval_search_mode import (
    ComparisonRetrievalSearchMode,
    check_comparison_retrieval_search_mode,
)
from ..types import UNSET, Unset

T = TypeVar("T", bound="ComparisonRetrieval")


@_attrs_define
class ComparisonRetrieval:
    """How the arms with documents retrieve. The fields are those of `retrieval` in a chat.

    Attributes:
        max_num_results (int | Unset):  Default: 3.
        score_threshold (float | Unset):  Default: 0.0.
        search_mode (ComparisonRetrievalSearchMode | Unset):  Default: 'hybrid'.
        max_context_tokens (int | Unset):  Default: 768.
    """

    max_num_results: int | Unset = 3
    score_threshold: float | Unset = 0.0
    search_mode: ComparisonRetrievalSearchMode | Unset = "hybrid"
    max_context_tokens: int | Unset = 768

    def to_dict(self) -> dict[str, Any]:
        max_num_results = self.max_num_results

        score_threshold = self.score_threshold

        search_mode: str | Unset = UNSET
        if not isinstance(self.search_mode, Unset):
            search_mode = self.search_mode

        max_context_tokens = self.max_context_tokens

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if max_num_results is not UNSET:
            field_dict["max_num_results"] = max_num_results
        if score_threshold is not UNSET:
            field_dict["score_threshold"] = score_threshold
        if search_mode is not UNSET:
            field_dict["search_mode"] = search_mode
        if max_context_tokens is not UNSET:
            field_dict["max_context_tokens"] = max_context_tokens

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        max_num_results = d.pop("max_num_results", UNSET)

        score_threshold = d.pop("score_threshold", UNSET)

        _search_mode = d.pop("search_mode", UNSET)
        search_mode: ComparisonRetrievalSearchMode | Unset
        if isinstance(_search_mode, Unset):
            search_mode = UNSET
        else:
            search_mode = check_comparison_retrieval_search_mode(_search_mode)

        max_context_tokens = d.pop("max_context_tokens", UNSET)

        comparison_retrieval = cls(
            max_num_results=max_num_results,
            score_threshold=score_threshold,
            search_mode=search_mode,
            max_context_tokens=max_context_tokens,
        )

        return comparison_retrieval
