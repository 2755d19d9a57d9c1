from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.semantic_chunking_invalid_lines import (
    SemanticChunkingInvalidLines,
    check_semantic_chunking_invalid_lines,
)
from ..types import UNSET, Unset

T = TypeVar("T", bound="SemanticChunking")


@_attrs_define
class SemanticChunking:
    """Sizes, and where a new subject starts: at gaps between sentences that are wider than `breakpoint_percentile` percent
    of all gaps.

        Attributes:
            max_chunk_size_tokens (int | Unset):  Default: 100.
            chunk_overlap_tokens (int | Unset):  Default: 0.
            contextual_header (bool | Unset):  Default: True.
            invalid_lines (SemanticChunkingInvalidLines | Unset):  Default: 'reject'.
            breakpoint_percentile (float | Unset):  Default: 90.0.
    """

    max_chunk_size_tokens: int | Unset = 100
    chunk_overlap_tokens: int | Unset = 0
    contextual_header: bool | Unset = True
    invalid_lines: SemanticChunkingInvalidLines | Unset = "reject"
    breakpoint_percentile: float | Unset = 90.0

    def to_dict(self) -> dict[str, Any]:
        max_chunk_size_tokens = self.max_chunk_size_tokens

        chunk_overlap_tokens = self.chunk_overlap_tokens

        contextual_header = self.contextual_header

        invalid_lines: str | Unset = UNSET
        if not isinstance(self.invalid_lines, Unset):
            invalid_lines = self.invalid_lines

        breakpoint_percentile = self.breakpoint_percentile

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if max_chunk_size_tokens is not UNSET:
            field_dict["max_chunk_size_tokens"] = max_chunk_size_tokens
        if chunk_overlap_tokens is not UNSET:
            field_dict["chunk_overlap_tokens"] = chunk_overlap_tokens
        if contextual_header is not UNSET:
            field_dict["contextual_header"] = contextual_header
        if invalid_lines is not UNSET:
            field_dict["invalid_lines"] = invalid_lines
        if breakpoint_percentile is not UNSET:
            field_dict["breakpoint_percentile"] = breakpoint_percentile

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        max_chunk_size_tokens = d.pop("max_chunk_size_tokens", UNSET)

        chunk_overlap_tokens = d.pop("chunk_overlap_tokens", UNSET)

        contextual_header = d.pop("contextual_header", UNSET)

        _invalid_lines = d.pop("invalid_lines", UNSET)
        invalid_lines: SemanticChunkingInvalidLines | Unset
        if isinstance(_invalid_lines, Unset):
            invalid_lines = UNSET
        else:
            invalid_lines = check_semantic_chunking_invalid_lines(_invalid_lines)

        breakpoint_percentile = d.pop("breakpoint_percentile", UNSET)

        semantic_chunking = cls(
            max_chunk_size_tokens=max_chunk_size_tokens,
            chunk_overlap_tokens=chunk_overlap_tokens,
            contextual_header=contextual_header,
            invalid_lines=invalid_lines,
            breakpoint_percentile=breakpoint_percentile,
        )

        return semantic_chunking
