from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.chunk_sizes_invalid_lines import (
    ChunkSizesInvalidLines,
    check_chunk_sizes_invalid_lines,
)
from ..types import UNSET, Unset

T = TypeVar("T", bound="ChunkSizes")


@_attrs_define
class ChunkSizes:
    """A chunk has at most `max_chunk_size_tokens` of the embedding model's tokens, and shares `chunk_overlap_tokens` with
    the one before.

    Extensions: with `contextual_header`, title and headings are embedded before a chunk that does not contain them. If
    lines of a
    JSON Lines file are not valid, `invalid_lines` decides whether the file fails (`reject`) or is indexed without them
    (`skip`).

        Attributes:
            max_chunk_size_tokens (int | Unset):  Default: 100.
            chunk_overlap_tokens (int | Unset):  Default: 0.
            contextual_header (bool | Unset):  Default: True.
            invalid_lines (ChunkSizesInvalidLines | Unset):  Default: 'reject'.
    """

    max_chunk_size_tokens: int | Unset = 100
    chunk_overlap_tokens: int | Unset = 0
    contextual_header: bool | Unset = True
    invalid_lines: ChunkSizesInvalidLines | Unset = "reject"

    def to_dict(self) -> dict[str, Any]:
        max_chunk_size_tokens = self.max_chunk_size_tokens

        chunk_overlap_tokens = self.chunk_overlap_tokens

        contextual_header = self.contextual_header

        invalid_lines: str | Unset = UNSET
        if not isinstance(self.invalid_lines, Unset):
            invalid_lines = self.invalid_lines

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

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        max_chunk_size_tokens = d.pop("max_chunk_size_tokens", UNSET)

        chunk_overlap_tokens = d.pop("chunk_overlap_tokens", UNSET)

        contextual_header = d.pop("contextual_header", UNSET)

        _invalid_lines = d.pop("invalid_lines", UNSET)
        invalid_lines: ChunkSizesInvalidLines | Unset
        if isinstance(_invalid_lines, Unset):
            invalid_lines = UNSET
        else:
            invalid_lines = check_chunk_sizes_invalid_lines(_invalid_lines)

        chunk_sizes = cls(
            max_chunk_size_tokens=max_chunk_size_tokens,
            chunk_overlap_tokens=chunk_overlap_tokens,
            contextual_header=contextual_header,
            invalid_lines=invalid_lines,
        )

        return chunk_sizes
