from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.arm_retrieval_search_mode import (
    ArmRetrievalSearchMode,
    check_arm_retrieval_search_mode,
)
from ..types import UNSET, Unset

T = TypeVar("T", bound="ArmRetrieval")


@_attrs_define
class ArmRetrieval:
    """How an arm of your own retrieves. Without `vector_store_ids`, it uses those of the comparison.

    Attributes:
        max_num_results (int | Unset):  Default: 3.
        score_threshold (float | Unset):  Default: 0.0.
        search_mode (ArmRetrievalSearchMode | Unset):  Default: 'hybrid'.
        max_context_tokens (int | Unset):  Default: 768.
        vector_store_ids (list[str] | Unset):
        prompt_template (None | str | Unset):
    """

    max_num_results: int | Unset = 3
    score_threshold: float | Unset = 0.0
    search_mode: ArmRetrievalSearchMode | Unset = "hybrid"
    max_context_tokens: int | Unset = 768
    vector_store_ids: list[str] | Unset = UNSET
    prompt_template: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        max_num_results = self.max_num_results

        score_threshold = self.score_threshold

        search_mode: str | Unset = UNSET
        if not isinstance(self.search_mode, Unset):
            search_mode = self.search_mode

        max_context_tokens = self.max_context_tokens

        vector_store_ids: list[str] | Unset = UNSET
        if not isinstance(self.vector_store_ids, Unset):
            vector_store_ids = self.vector_store_ids

        prompt_template: None | str | Unset
        if isinstance(self.prompt_template, Unset):
            prompt_template = UNSET
        else:
            prompt_template = self.prompt_template

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
        if vector_store_ids is not UNSET:
            field_dict["vector_store_ids"] = vector_store_ids
        if prompt_template is not UNSET:
            field_dict["prompt_template"] = prompt_template

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        max_num_results = d.pop("max_num_results", UNSET)

        score_threshold = d.pop("score_threshold", UNSET)

        _search_mode = d.pop("search_mode", UNSET)
        search_mode: ArmRetrievalSearchMode | Unset
        if isinstance(_search_mode, Unset):
            search_mode = UNSET
        else:
            search_mode = check_arm_retrieval_search_mode(_search_mode)

        max_context_tokens = d.pop("max_context_tokens", UNSET)

        vector_store_ids = cast(list[str], d.pop("vector_store_ids", UNSET))

        def _parse_prompt_template(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        prompt_template = _parse_prompt_template(d.pop("prompt_template", UNSET))

        arm_retrieval = cls(
            max_num_results=max_num_results,
            score_threshold=score_threshold,
            search_mode=search_mode,
            max_context_tokens=max_context_tokens,
            vector_store_ids=vector_store_ids,
            prompt_template=prompt_template,
        )

        return arm_retrieval
