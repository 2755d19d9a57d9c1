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


T = TypeVar("T", bound="SentenceStrategy")


@_attrs_define
class SentenceStrategy:
    """Extension: as many whole sentences as fit into a chunk.

    Attributes:
        type_ (Literal['sentence']):
        sentence (ChunkSizes | Unset): A chunk has at most `max_chunk_size_tokens` of the embedding model's tokens, and
            shares `chunk_overlap_tokens` with the one before.

            Extensions: with `contextual_header`, title and headings are embedded before a chunk that does not contain them.
            If lines of a
            JSON Lines file are not valid, `invalid_lines` decides whether the file fails (`reject`) or is indexed without
            them (`skip`).
    """

    type_: Literal["sentence"]
    sentence: ChunkSizes | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        sentence: dict[str, Any] | Unset = UNSET
        if not isinstance(self.sentence, Unset):
            sentence = self.sentence.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
            }
        )
        if sentence is not UNSET:
            field_dict["sentence"] = sentence

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.chunk_sizes import ChunkSizes  # noqa: PLC0415

        d = dict(src_dict)
        type_ = cast(Literal["sentence"], d.pop("type"))
        if type_ != "sentence":
            raise ValueError(f"type must match const 'sentence', got '{type_}'")

        _sentence = d.pop("sentence", UNSET)
        sentence: ChunkSizes | Unset
        if isinstance(_sentence, Unset):
            sentence = UNSET
        else:
            sentence = ChunkSizes.from_dict(_sentence)

        sentence_strategy = cls(
            type_=type_,
            sentence=sentence,
        )

        return sentence_strategy
