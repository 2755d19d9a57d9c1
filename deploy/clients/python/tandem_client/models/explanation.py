from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.explanation_reason import ExplanationReason, check_explanation_reason

if TYPE_CHECKING:
    from ..models.chunk_location import ChunkLocation


T = TypeVar("T", bound="Explanation")


@_attrs_define
class Explanation:
    """Why a file is or is not among the hits. With several stores, for the store in which it is closest to being a hit.

    `rank` and `score` are those of its best chunk; null if it has none.

        Attributes:
            file_id (str):
            reason (ExplanationReason):
            message (str):
            vector_store_id (None | str):
            rank (int | None):
            score (float | None):
            chunk (ChunkLocation | None):
    """

    file_id: str
    reason: ExplanationReason
    message: str
    vector_store_id: None | str
    rank: int | None
    score: float | None
    chunk: ChunkLocation | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.chunk_location import ChunkLocation  # noqa: PLC0415

        file_id = self.file_id

        reason: str = self.reason

        message = self.message

        vector_store_id: None | str
        vector_store_id = self.vector_store_id

        rank: int | None
        rank = self.rank

        score: float | None
        score = self.score

        chunk: dict[str, Any] | None
        if isinstance(self.chunk, ChunkLocation):
            chunk = self.chunk.to_dict()
        else:
            chunk = self.chunk

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "file_id": file_id,
                "reason": reason,
                "message": message,
                "vector_store_id": vector_store_id,
                "rank": rank,
                "score": score,
                "chunk": chunk,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.chunk_location import ChunkLocation  # noqa: PLC0415

        d = dict(src_dict)
        file_id = d.pop("file_id")

        reason = check_explanation_reason(d.pop("reason"))

        message = d.pop("message")

        def _parse_vector_store_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        vector_store_id = _parse_vector_store_id(d.pop("vector_store_id"))

        def _parse_rank(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        rank = _parse_rank(d.pop("rank"))

        def _parse_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        score = _parse_score(d.pop("score"))

        def _parse_chunk(data: object) -> ChunkLocation | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                chunk_type_0 = ChunkLocation.from_dict(data)

                return chunk_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ChunkLocation | None, data)

        chunk = _parse_chunk(d.pop("chunk"))

        explanation = cls(
            file_id=file_id,
            reason=reason,
            message=message,
            vector_store_id=vector_store_id,
            rank=rank,
            score=score,
            chunk=chunk,
        )

        explanation.additional_properties = d
        return explanation

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
