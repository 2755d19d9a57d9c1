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
    from ..models.chunk_sizes import ChunkSizes


T = TypeVar("T", bound="RecursiveStrategy")


@_attrs_define
class RecursiveStrategy:
    """Extension: whole paragraphs if they fit, otherwise sentences, lines, words.

    Attributes:
        type_ (Literal['recursive']):
        recursive (ChunkSizes | Unset): A chunk has at most `max_chunk_size_tokens` of the embedding model's tokens, and
            shares `chunk_overlap_tokens` with the one before.

            Extensions: with `contextual_header`, title and headings are embedded before a chunk that does not contain them.
            If lines of a
            JSON Lines file are not valid, `invalid_lines` decides whether the file fails (`reject`) or is indexed without
            them (`skip`).
    """

    type_: Literal["recursive"]
    recursive: ChunkSizes | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        recursive: dict[str, Any] | Unset = UNSET
        if not isinstance(self.recursive, Unset):
            recursive = self.recursive.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
            }
        )
        if recursive is not UNSET:
            field_dict["recursive"] = recursive

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.chunk_sizes import ChunkSizes  # noqa: PLC0415

        d = dict(src_dict)
        type_ = cast(Literal["recursive"], d.pop("type"))
        if type_ != "recursive":
            raise ValueError(f"type must match const 'recursive', got '{type_}'")

        _recursive = d.pop("recursive", UNSET)
        recursive: ChunkSizes | Unset
        if isinstance(_recursive, Unset):
            recursive = UNSET
        else:
            recursive = ChunkSizes.from_dict(_recursive)

        recursive_strategy = cls(
            type_=type_,
            recursive=recursive,
        )

        return recursive_strategy
