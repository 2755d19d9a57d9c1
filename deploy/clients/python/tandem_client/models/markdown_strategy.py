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


T = TypeVar("T", bound="MarkdownStrategy")


@_attrs_define
class MarkdownStrategy:
    """Extension: whole sections if they fit, otherwise blocks. Tables and code blocks stay whole. Uses the headings of any
    format.

        Attributes:
            type_ (Literal['markdown']):
            markdown (ChunkSizes | Unset): A chunk has at most `max_chunk_size_tokens` of the embedding model's tokens, and
                shares `chunk_overlap_tokens` with the one before.

                Extensions: with `contextual_header`, title and headings are embedded before a chunk that does not contain them.
                If lines of a
                JSON Lines file are not valid, `invalid_lines` decides whether the file fails (`reject`) or is indexed without
                them (`skip`).
    """

    type_: Literal["markdown"]
    markdown: ChunkSizes | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        markdown: dict[str, Any] | Unset = UNSET
        if not isinstance(self.markdown, Unset):
            markdown = self.markdown.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
            }
        )
        if markdown is not UNSET:
            field_dict["markdown"] = markdown

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.chunk_sizes import ChunkSizes  # noqa: PLC0415

        d = dict(src_dict)
        type_ = cast(Literal["markdown"], d.pop("type"))
        if type_ != "markdown":
            raise ValueError(f"type must match const 'markdown', got '{type_}'")

        _markdown = d.pop("markdown", UNSET)
        markdown: ChunkSizes | Unset
        if isinstance(_markdown, Unset):
            markdown = UNSET
        else:
            markdown = ChunkSizes.from_dict(_markdown)

        markdown_strategy = cls(
            type_=type_,
            markdown=markdown,
        )

        return markdown_strategy
