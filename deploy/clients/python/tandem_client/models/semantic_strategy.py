from __future__ import annotations

from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.semantic_chunking import SemanticChunking


T = TypeVar("T", bound="SemanticStrategy")


@_attrs_define
class SemanticStrategy:
    """Extension: sentences about one subject, by the similarity of their embeddings.

    Attributes:
        type_ (Literal['semantic']):
        semantic (SemanticChunking | Unset): Sizes, and where a new subject starts: at gaps between sentences that are
            wider than `breakpoint_percentile` percent of all gaps.
    """

    type_: Literal["semantic"]
    semantic: SemanticChunking | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        semantic: dict[str, Any] | Unset = UNSET
        if not isinstance(self.semantic, Unset):
            semantic = self.semantic.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
            }
        )
        if semantic is not UNSET:
            field_dict["semantic"] = semantic

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.semantic_chunking import SemanticChunking  # noqa: PLC0415

        d = dict(src_dict)
        type_ = cast(Literal["semantic"], d.pop("type"))
        if type_ != "semantic":
            raise ValueError(f"type must match const 'semantic', got '{type_}'")

        _semantic = d.pop("semantic", UNSET)
        semantic: SemanticChunking | Unset
        if isinstance(_semantic, Unset):
            semantic = UNSET
        else:
            semantic = SemanticChunking.from_dict(_semantic)

        semantic_strategy = cls(
            type_=type_,
            semantic=semantic,
        )

        return semantic_strategy
