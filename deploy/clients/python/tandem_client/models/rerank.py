from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="Rerank")


@_attrs_define
class Rerank:
    """The reranker ranks the best `top_k` candidates (at least `max_num_results`) again. Only these can be hits.

    Attributes:
        top_k (int | Unset):  Default: 50.
    """

    top_k: int | Unset = 50

    def to_dict(self) -> dict[str, Any]:
        top_k = self.top_k

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if top_k is not UNSET:
            field_dict["top_k"] = top_k

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        top_k = d.pop("top_k", UNSET)

        rerank = cls(
            top_k=top_k,
        )

        return rerank
