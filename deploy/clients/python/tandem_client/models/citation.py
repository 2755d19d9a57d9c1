from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.answer_span import AnswerSpan
    from ..models.chunk_location import ChunkLocation


T = TypeVar("T", bound="Citation")


@_attrs_define
class Citation:
    """A passage in the prompt; `index` is its number there, counted from 1.

    `chunk` is its place in the document (page, characters). `spans` are the parts of the answer that are based on it.

        Attributes:
            index (int):
            file_id (str):
            filename (str):
            vector_store_id (str):
            chunk_id (str):
            score (float):
            text (str):
            chunk (ChunkLocation): Where a chunk is in its document: `start` and `end` are character offsets in the parsed
                text.

                `page` counts from 1; it is null if the format has no pages. `heading_path` starts with the outermost heading.
                If the chunk is part of a
                larger one whose text is the hit's content, `parent_start` and `parent_end` are the offsets of the larger one.
            spans (list[AnswerSpan]):
    """

    index: int
    file_id: str
    filename: str
    vector_store_id: str
    chunk_id: str
    score: float
    text: str
    chunk: ChunkLocation
    spans: list[AnswerSpan]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        index = self.index

        file_id = self.file_id

        filename = self.filename

        vector_store_id = self.vector_store_id

        chunk_id = self.chunk_id

        score = self.score

        text = self.text

        chunk = self.chunk.to_dict()

        spans = []
        for spans_item_data in self.spans:
            spans_item = spans_item_data.to_dict()
            spans.append(spans_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "index": index,
                "file_id": file_id,
                "filename": filename,
                "vector_store_id": vector_store_id,
                "chunk_id": chunk_id,
                "score": score,
                "text": text,
                "chunk": chunk,
                "spans": spans,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.answer_span import AnswerSpan  # noqa: PLC0415
        from ..models.chunk_location import ChunkLocation  # noqa: PLC0415

        d = dict(src_dict)
        index = d.pop("index")

        file_id = d.pop("file_id")

        filename = d.pop("filename")

        vector_store_id = d.pop("vector_store_id")

        chunk_id = d.pop("chunk_id")

        score = d.pop("score")

        text = d.pop("text")

        chunk = ChunkLocation.from_dict(d.pop("chunk"))

        spans = []
        _spans = d.pop("spans")
        for spans_item_data in _spans:
            spans_item = AnswerSpan.from_dict(spans_item_data)

            spans.append(spans_item)

        citation = cls(
            index=index,
            file_id=file_id,
            filename=filename,
            vector_store_id=vector_store_id,
            chunk_id=chunk_id,
            score=score,
            text=text,
            chunk=chunk,
            spans=spans,
        )

        citation.additional_properties = d
        return citation

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
