from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.chunk_location import ChunkLocation
    from ..models.scores import Scores
    from ..models.search_hit_attributes_type_0 import SearchHitAttributesType0
    from ..models.span import Span
    from ..models.text_content import TextContent


T = TypeVar("T", bound="SearchHit")


@_attrs_define
class SearchHit:
    """A hit. `score` is in [0, 1]; higher is better. Extensions: `chunk`, `vector_store_id`, and what the request selects.

    `chunks` are the locations of a file's chunks, in the order of `content`. `context` is the range of the text in
    `content`, if it is more
    than the chunk.

        Attributes:
            file_id (str):
            filename (str):
            score (float):
            attributes (None | SearchHitAttributesType0):
            content (list[TextContent]):
            chunk (ChunkLocation): Where a chunk is in its document: `start` and `end` are character offsets in the parsed
                text.

                `page` counts from 1; it is null if the format has no pages. `heading_path` starts with the outermost heading.
                If the chunk is part of a
                larger one whose text is the hit's content, `parent_start` and `parent_end` are the offsets of the larger one.
            vector_store_id (str):
            chunks (list[ChunkLocation] | None):
            context (None | Span):
            scores (None | Scores):
    """

    file_id: str
    filename: str
    score: float
    attributes: None | SearchHitAttributesType0
    content: list[TextContent]
    chunk: ChunkLocation
    vector_store_id: str
    chunks: list[ChunkLocation] | None
    context: None | Span
    scores: None | Scores
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.scores import Scores  # noqa: PLC0415
        from ..models.search_hit_attributes_type_0 import SearchHitAttributesType0  # noqa: PLC0415
        from ..models.span import Span  # noqa: PLC0415

        file_id = self.file_id

        filename = self.filename

        score = self.score

        attributes: dict[str, Any] | None
        if isinstance(self.attributes, SearchHitAttributesType0):
            attributes = self.attributes.to_dict()
        else:
            attributes = self.attributes

        content = []
        for content_item_data in self.content:
            content_item = content_item_data.to_dict()
            content.append(content_item)

        chunk = self.chunk.to_dict()

        vector_store_id = self.vector_store_id

        chunks: list[dict[str, Any]] | None
        if isinstance(self.chunks, list):
            chunks = []
            for chunks_type_0_item_data in self.chunks:
                chunks_type_0_item = chunks_type_0_item_data.to_dict()
                chunks.append(chunks_type_0_item)

        else:
            chunks = self.chunks

        context: dict[str, Any] | None
        if isinstance(self.context, Span):
            context = self.context.to_dict()
        else:
            context = self.context

        scores: dict[str, Any] | None
        if isinstance(self.scores, Scores):
            scores = self.scores.to_dict()
        else:
            scores = self.scores

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "file_id": file_id,
                "filename": filename,
                "score": score,
                "attributes": attributes,
                "content": content,
                "chunk": chunk,
                "vector_store_id": vector_store_id,
                "chunks": chunks,
                "context": context,
                "scores": scores,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.chunk_location import ChunkLocation  # noqa: PLC0415
        from ..models.scores import Scores  # noqa: PLC0415
        from ..models.search_hit_attributes_type_0 import SearchHitAttributesType0  # noqa: PLC0415
        from ..models.span import Span  # noqa: PLC0415
        from ..models.text_content import TextContent  # noqa: PLC0415

        d = dict(src_dict)
        file_id = d.pop("file_id")

        filename = d.pop("filename")

        score = d.pop("score")

        def _parse_attributes(data: object) -> None | SearchHitAttributesType0:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                attributes_type_0 = SearchHitAttributesType0.from_dict(data)

                return attributes_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SearchHitAttributesType0, data)

        attributes = _parse_attributes(d.pop("attributes"))

        content = []
        _content = d.pop("content")
        for content_item_data in _content:
            content_item = TextContent.from_dict(content_item_data)

            content.append(content_item)

        chunk = ChunkLocation.from_dict(d.pop("chunk"))

        vector_store_id = d.pop("vector_store_id")

        def _parse_chunks(data: object) -> list[ChunkLocation] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                chunks_type_0 = []
                _chunks_type_0 = data
                for chunks_type_0_item_data in _chunks_type_0:
                    chunks_type_0_item = ChunkLocation.from_dict(
                        chunks_type_0_item_data
                    )

                    chunks_type_0.append(chunks_type_0_item)

                return chunks_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[ChunkLocation] | None, data)

        chunks = _parse_chunks(d.pop("chunks"))

        def _parse_context(data: object) -> None | Span:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                context_type_0 = Span.from_dict(data)

                return context_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Span, data)

        context = _parse_context(d.pop("context"))

        def _parse_scores(data: object) -> None | Scores:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                scores_type_0 = Scores.from_dict(data)

                return scores_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Scores, data)

        scores = _parse_scores(d.pop("scores"))

        search_hit = cls(
            file_id=file_id,
            filename=filename,
            score=score,
            attributes=attributes,
            content=content,
            chunk=chunk,
            vector_store_id=vector_store_id,
            chunks=chunks,
            context=context,
            scores=scores,
        )

        search_hit.additional_properties = d
        return search_hit

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
