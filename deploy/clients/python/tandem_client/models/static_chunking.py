from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.static_chunking_invalid_lines import (
    StaticChunkingInvalidLines,
    check_static_chunking_invalid_lines,
)
from ..types import UNSET, Unset

T = TypeVar("T", bound="StaticChunking")


@_attrs_define
class StaticChunking:
    """The sizes of OpenAI's `static` strategy. Both are required.

    Attributes:
        max_chunk_size_tokens (int):
        chunk_overlap_tokens (int):
        contextual_header (bool | Unset):  Default: True.
        invalid_lines (StaticChunkingInvalidLines | Unset):  Default: 'reject'.
    """

    max_chunk_size_tokens: int
    chunk_overlap_tokens: int
    contextual_header: bool | Unset = True
    invalid_lines: StaticChunkingInvalidLines | Unset = "reject"

    def to_dict(self) -> dict[str, Any]:
        max_chunk_size_tokens = self.max_chunk_size_tokens

        chunk_overlap_tokens = self.chunk_overlap_tokens

        contextual_header = self.contextual_header

        invalid_lines: str | Unset = UNSET
        if not isinstance(self.invalid_lines, Unset):
            invalid_lines = self.invalid_lines

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "max_chunk_size_tokens": max_chunk_size_tokens,
                "chunk_overlap_tokens": chunk_overlap_tokens,
            }
        )
        if contextual_header is not UNSET:
            field_dict["contextual_header"] = contextual_header
        if invalid_lines is not UNSET:
            field_dict["invalid_lines"] = invalid_lines

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        max_chunk_size_tokens = d.pop("max_chunk_size_tokens")

        chunk_overlap_tokens = d.pop("chunk_overlap_tokens")

        contextual_header = d.pop("contextual_header", UNSET)

        _invalid_lines = d.pop("invalid_lines", UNSET)
        invalid_lines: StaticChunkingInvalidLines | Unset
        if isinstance(_invalid_lines, Unset):
            invalid_lines = UNSET
        else:
            invalid_lines = check_static_chunking_invalid_lines(_invalid_lines)

        static_chunking = cls(
            max_chunk_size_tokens=max_chunk_size_tokens,
            chunk_overlap_tokens=chunk_overlap_tokens,
            contextual_header=contextual_header,
            invalid_lines=invalid_lines,
        )

        return static_chunking
