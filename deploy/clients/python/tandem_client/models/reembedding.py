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
from attrs import field as _attrs_field

from ..models.reembedding_status import ReembeddingStatus, check_reembedding_status

if TYPE_CHECKING:
    from ..models.embedding_setup import EmbeddingSetup
    from ..models.file_counts import FileCounts
    from ..models.reembedding_error import ReembeddingError


T = TypeVar("T", bound="Reembedding")


@_attrs_define
class Reembedding:
    """A re-embedding. Once it is `completed`, searches use the new vectors; it can be rolled back until it is confirmed.

    Attributes:
        id (str):
        object_ (Literal['vector_store.reembedding']):  Default: 'vector_store.reembedding'.
        vector_store_id (str):
        status (ReembeddingStatus):
        percent (float):
        file_counts (FileCounts): The number of a store's files by status.
        source (EmbeddingSetup): How a store is embedded. If `chunking_strategy` is null, each file keeps its own.
        target (EmbeddingSetup): How a store is embedded. If `chunking_strategy` is null, each file keeps its own.
        error (None | ReembeddingError):
        created_at (int):
        ended_at (int | None):
    """

    id: str
    vector_store_id: str
    status: ReembeddingStatus
    percent: float
    file_counts: FileCounts
    source: EmbeddingSetup
    target: EmbeddingSetup
    error: None | ReembeddingError
    created_at: int
    ended_at: int | None
    object_: Literal["vector_store.reembedding"] = "vector_store.reembedding"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.reembedding_error import ReembeddingError  # noqa: PLC0415

        id = self.id

        object_ = self.object_

        vector_store_id = self.vector_store_id

        status: str = self.status

        percent = self.percent

        file_counts = self.file_counts.to_dict()

        source = self.source.to_dict()

        target = self.target.to_dict()

        error: dict[str, Any] | None
        if isinstance(self.error, ReembeddingError):
            error = self.error.to_dict()
        else:
            error = self.error

        created_at = self.created_at

        ended_at: int | None
        ended_at = self.ended_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "object": object_,
                "vector_store_id": vector_store_id,
                "status": status,
                "percent": percent,
                "file_counts": file_counts,
                "source": source,
                "target": target,
                "error": error,
                "created_at": created_at,
                "ended_at": ended_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.embedding_setup import EmbeddingSetup  # noqa: PLC0415
        from ..models.file_counts import FileCounts  # noqa: PLC0415
        from ..models.reembedding_error import ReembeddingError  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        object_ = cast(Literal["vector_store.reembedding"], d.pop("object"))
        if object_ != "vector_store.reembedding":
            raise ValueError(
                f"object must match const 'vector_store.reembedding', got '{object_}'"
            )

        vector_store_id = d.pop("vector_store_id")

        status = check_reembedding_status(d.pop("status"))

        percent = d.pop("percent")

        file_counts = FileCounts.from_dict(d.pop("file_counts"))

        source = EmbeddingSetup.from_dict(d.pop("source"))

        target = EmbeddingSetup.from_dict(d.pop("target"))

        def _parse_error(data: object) -> None | ReembeddingError:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                error_type_0 = ReembeddingError.from_dict(data)

                return error_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ReembeddingError, data)

        error = _parse_error(d.pop("error"))

        created_at = d.pop("created_at")

        def _parse_ended_at(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        ended_at = _parse_ended_at(d.pop("ended_at"))

        reembedding = cls(
            id=id,
            object_=object_,
            vector_store_id=vector_store_id,
            status=status,
            percent=percent,
            file_counts=file_counts,
            source=source,
            target=target,
            error=error,
            created_at=created_at,
            ended_at=ended_at,
        )

        reembedding.additional_properties = d
        return reembedding

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
