from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.trace_hit_reason_type_0 import (
    TraceHitReasonType0,
    check_trace_hit_reason_type_0,
)

if TYPE_CHECKING:
    from ..models.scores import Scores


T = TypeVar("T", bound="TraceHit")


@_attrs_define
class TraceHit:
    """A hit of the search; `index` is its number in the prompt, null if it was left out for the `reason`.

    Attributes:
        index (int | None):
        file_id (str):
        filename (str):
        vector_store_id (str):
        chunk_id (str):
        score (float):
        scores (None | Scores):
        reason (None | TraceHitReasonType0):
    """

    index: int | None
    file_id: str
    filename: str
    vector_store_id: str
    chunk_id: str
    score: float
    scores: None | Scores
    reason: None | TraceHitReasonType0
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.scores import Scores  # noqa: PLC0415

        index: int | None
        index = self.index

        file_id = self.file_id

        filename = self.filename

        vector_store_id = self.vector_store_id

        chunk_id = self.chunk_id

        score = self.score

        scores: dict[str, Any] | None
        if isinstance(self.scores, Scores):
            scores = self.scores.to_dict()
        else:
            scores = self.scores

        reason: None | str
        if isinstance(self.reason, str):
            reason = self.reason
        else:
            reason = self.reason

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
                "scores": scores,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.scores import Scores  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_index(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        index = _parse_index(d.pop("index"))

        file_id = d.pop("file_id")

        filename = d.pop("filename")

        vector_store_id = d.pop("vector_store_id")

        chunk_id = d.pop("chunk_id")

        score = d.pop("score")

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

        def _parse_reason(data: object) -> None | TraceHitReasonType0:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                reason_type_0 = check_trace_hit_reason_type_0(data)

                return reason_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | TraceHitReasonType0, data)

        reason = _parse_reason(d.pop("reason"))

        trace_hit = cls(
            index=index,
            file_id=file_id,
            filename=filename,
            vector_store_id=vector_store_id,
            chunk_id=chunk_id,
            score=score,
            scores=scores,
            reason=reason,
        )

        trace_hit.additional_properties = d
        return trace_hit

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
