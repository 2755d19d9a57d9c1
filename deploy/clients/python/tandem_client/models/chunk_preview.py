from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.markdown_strategy import MarkdownStrategy
    from ..models.parent_child_strategy import ParentChildStrategy
    from ..models.previewed_chunk import PreviewedChunk
    from ..models.recursive_strategy import RecursiveStrategy
    from ..models.semantic_strategy import SemanticStrategy
    from ..models.sentence_strategy import SentenceStrategy
    from ..models.static_strategy import StaticStrategy


T = TypeVar("T", bound="ChunkPreview")


@_attrs_define
class ChunkPreview:
    """Some of the chunks, and totals of all. `has_more` says whether chunks follow after these.

    Attributes:
        object_ (str):  Default: 'chunk.preview'.
        chunking_strategy (MarkdownStrategy | ParentChildStrategy | RecursiveStrategy | SemanticStrategy |
            SentenceStrategy | StaticStrategy):
        embedding_model (str):
        data (list[PreviewedChunk]):
        has_more (bool):
        total_chunks (int):
        total_tokens (int):
        total_characters (int):
        largest_chunk_tokens (int):
    """

    chunking_strategy: (
        MarkdownStrategy
        | ParentChildStrategy
        | RecursiveStrategy
        | SemanticStrategy
        | SentenceStrategy
        | StaticStrategy
    )
    embedding_model: str
    data: list[PreviewedChunk]
    has_more: bool
    total_chunks: int
    total_tokens: int
    total_characters: int
    largest_chunk_tokens: int
    object_: str = "chunk.preview"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.markdown_strategy import MarkdownStrategy  # noqa: PLC0415
        from ..models.recursive_strategy import RecursiveStrategy  # noqa: PLC0415
        from ..models.semantic_strategy import SemanticStrategy  # noqa: PLC0415
        from ..models.sentence_strategy import SentenceStrategy  # noqa: PLC0415
        from ..models.static_strategy import StaticStrategy  # noqa: PLC0415

        object_ = self.object_

        chunking_strategy: dict[str, Any]
        if isinstance(self.chunking_strategy, StaticStrategy):
            chunking_strategy = self.chunking_strategy.to_dict()
        elif isinstance(self.chunking_strategy, SentenceStrategy):
            chunking_strategy = self.chunking_strategy.to_dict()
        elif isinstance(self.chunking_strategy, RecursiveStrategy):
            chunking_strategy = self.chunking_strategy.to_dict()
        elif isinstance(self.chunking_strategy, MarkdownStrategy):
            chunking_strategy = self.chunking_strategy.to_dict()
        elif isinstance(self.chunking_strategy, SemanticStrategy):
            chunking_strategy = self.chunking_strategy.to_dict()
        else:
            chunking_strategy = self.chunking_strategy.to_dict()

        embedding_model = self.embedding_model

        data = []
        for data_item_data in self.data:
            data_item = data_item_data.to_dict()
            data.append(data_item)

        has_more = self.has_more

        total_chunks = self.total_chunks

        total_tokens = self.total_tokens

        total_characters = self.total_characters

        largest_chunk_tokens = self.largest_chunk_tokens

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "object": object_,
                "chunking_strategy": chunking_strategy,
                "embedding_model": embedding_model,
                "data": data,
                "has_more": has_more,
                "total_chunks": total_chunks,
                "total_tokens": total_tokens,
                "total_characters": total_characters,
                "largest_chunk_tokens": largest_chunk_tokens,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.markdown_strategy import MarkdownStrategy  # noqa: PLC0415
        from ..models.parent_child_strategy import ParentChildStrategy  # noqa: PLC0415
        from ..models.previewed_chunk import PreviewedChunk  # noqa: PLC0415
        from ..models.recursive_strategy import RecursiveStrategy  # noqa: PLC0415
        from ..models.semantic_strategy import SemanticStrategy  # noqa: PLC0415
        from ..models.sentence_strategy import SentenceStrategy  # noqa: PLC0415
        from ..models.static_strategy import StaticStrategy  # noqa: PLC0415

        d = dict(src_dict)
        object_ = d.pop("object")

        def _parse_chunking_strategy(
            data: object,
        ) -> (
            MarkdownStrategy
            | ParentChildStrategy
            | RecursiveStrategy
            | SemanticStrategy
            | SentenceStrategy
            | StaticStrategy
        ):
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                chunking_strategy_type_0 = StaticStrategy.from_dict(data)

                return chunking_strategy_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                chunking_strategy_type_1 = SentenceStrategy.from_dict(data)

                return chunking_strategy_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                chunking_strategy_type_2 = RecursiveStrategy.from_dict(data)

                return chunking_strategy_type_2
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                chunking_strategy_type_3 = MarkdownStrategy.from_dict(data)

                return chunking_strategy_type_3
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                chunking_strategy_type_4 = SemanticStrategy.from_dict(data)

                return chunking_strategy_type_4
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            chunking_strategy_type_5 = ParentChildStrategy.from_dict(data)

            return chunking_strategy_type_5

        chunking_strategy = _parse_chunking_strategy(d.pop("chunking_strategy"))

        embedding_model = d.pop("embedding_model")

        data = []
        _data = d.pop("data")
        for data_item_data in _data:
            data_item = PreviewedChunk.from_dict(data_item_data)

            data.append(data_item)

        has_more = d.pop("has_more")

        total_chunks = d.pop("total_chunks")

        total_tokens = d.pop("total_tokens")

        total_characters = d.pop("total_characters")

        largest_chunk_tokens = d.pop("largest_chunk_tokens")

        chunk_preview = cls(
            object_=object_,
            chunking_strategy=chunking_strategy,
            embedding_model=embedding_model,
            data=data,
            has_more=has_more,
            total_chunks=total_chunks,
            total_tokens=total_tokens,
            total_characters=total_characters,
            largest_chunk_tokens=largest_chunk_tokens,
        )

        chunk_preview.additional_properties = d
        return chunk_preview

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
