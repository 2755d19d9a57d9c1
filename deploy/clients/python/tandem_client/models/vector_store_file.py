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

from ..models.vector_store_file_stage import (
    VectorStoreFileStage,
    check_vector_store_file_stage,
)
from ..models.vector_store_file_status import (
    VectorStoreFileStatus,
    check_vector_store_file_status,
)

if TYPE_CHECKING:
    from ..models.last_error import LastError
    from ..models.other_strategy import OtherStrategy
    from ..models.static_strategy import StaticStrategy
    from ..models.vector_store_file_attributes_type_0 import (
        VectorStoreFileAttributesType0,
    )


T = TypeVar("T", bound="VectorStoreFile")


@_attrs_define
class VectorStoreFile:
    """A file in a store.

    Extensions: `stage` and `percent` (0-100) of its indexing; `chunk_count`, the number of its chunks, and
    `chunks_done`, the number of
    those that are indexed; `filename`; `note`, a warning about an indexed file; `duplicate_of`, the file in this store
    with the same
    content, whose chunks it shares; `indexing_seconds`, how many seconds of work indexing it took, is null until it is
    indexed, and if
    that was not measured.

        Attributes:
            id (str):
            object_ (Literal['vector_store.file']):  Default: 'vector_store.file'.
            created_at (int):
            vector_store_id (str):
            status (VectorStoreFileStatus):
            last_error (LastError | None):
            usage_bytes (int):
            attributes (None | VectorStoreFileAttributesType0):
            chunking_strategy (OtherStrategy | StaticStrategy):
            stage (VectorStoreFileStage):
            percent (float):
            chunk_count (int):
            chunks_done (int):  Default: 0.
            filename (str):
            note (None | str):
            duplicate_of (None | str):
            indexing_seconds (float | None):
    """

    id: str
    created_at: int
    vector_store_id: str
    status: VectorStoreFileStatus
    last_error: LastError | None
    usage_bytes: int
    attributes: None | VectorStoreFileAttributesType0
    chunking_strategy: OtherStrategy | StaticStrategy
    stage: VectorStoreFileStage
    percent: float
    chunk_count: int
    filename: str
    note: None | str
    duplicate_of: None | str
    indexing_seconds: float | None
    object_: Literal["vector_store.file"] = "vector_store.file"
    chunks_done: int = 0
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.last_error import LastError  # noqa: PLC0415
        from ..models.static_strategy import StaticStrategy  # noqa: PLC0415
        from ..models.vector_store_file_attributes_type_0 import (
            VectorStoreFileAttributesType0,  # noqa: PLC0415
        )

        id = self.id

        object_ = self.object_

        created_at = self.created_at

        vector_store_id = self.vector_store_id

        status: str = self.status

        last_error: dict[str, Any] | None
        if isinstance(self.last_error, LastError):
            last_error = self.last_error.to_dict()
        else:
            last_error = self.last_error

        usage_bytes = self.usage_bytes

        attributes: dict[str, Any] | None
        if isinstance(self.attributes, VectorStoreFileAttributesType0):
            attributes = self.attributes.to_dict()
        else:
            attributes = self.attributes

        chunking_strategy: dict[str, Any]
        if isinstance(self.chunking_strategy, StaticStrategy):
            chunking_strategy = self.chunking_strategy.to_dict()
        else:
            chunking_strategy = self.chunking_strategy.to_dict()

        stage: str = self.stage

        percent = self.percent

        chunk_count = self.chunk_count

        chunks_done = self.chunks_done

        filename = self.filename

        note: None | str
        note = self.note

        duplicate_of: None | str
        duplicate_of = self.duplicate_of

        indexing_seconds: float | None
        indexing_seconds = self.indexing_seconds

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "object": object_,
                "created_at": created_at,
                "vector_store_id": vector_store_id,
                "status": status,
                "last_error": last_error,
                "usage_bytes": usage_bytes,
                "attributes": attributes,
                "chunking_strategy": chunking_strategy,
                "stage": stage,
                "percent": percent,
                "chunk_count": chunk_count,
                "chunks_done": chunks_done,
                "filename": filename,
                "note": note,
                "duplicate_of": duplicate_of,
                "indexing_seconds": indexing_seconds,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.last_error import LastError  # noqa: PLC0415
        from ..models.other_strategy import OtherStrategy  # noqa: PLC0415
        from ..models.static_strategy import StaticStrategy  # noqa: PLC0415
        from ..models.vector_store_file_attributes_type_0 import (
            VectorStoreFileAttributesType0,  # noqa: PLC0415
        )

        d = dict(src_dict)
        id = d.pop("id")

        object_ = cast(Literal["vector_store.file"], d.pop("object"))
        if object_ != "vector_store.file":
            raise ValueError(
                f"object must match const 'vector_store.file', got '{object_}'"
            )

        created_at = d.pop("created_at")

        vector_store_id = d.pop("vector_store_id")

        status = check_vector_store_file_status(d.pop("status"))

        def _parse_last_error(data: object) -> LastError | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                last_error_type_0 = LastError.from_dict(data)

                return last_error_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LastError | None, data)

        last_error = _parse_last_error(d.pop("last_error"))

        usage_bytes = d.pop("usage_bytes")

        def _parse_attributes(data: object) -> None | VectorStoreFileAttributesType0:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                attributes_type_0 = VectorStoreFileAttributesType0.from_dict(data)

                return attributes_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | VectorStoreFileAttributesType0, data)

        attributes = _parse_attributes(d.pop("attributes"))

        def _parse_chunking_strategy(data: object) -> OtherStrategy | StaticStrategy:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                chunking_strategy_type_0 = StaticStrategy.from_dict(data)

                return chunking_strategy_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            chunking_strategy_type_1 = OtherStrategy.from_dict(data)

            return chunking_strategy_type_1

        chunking_strategy = _parse_chunking_strategy(d.pop("chunking_strategy"))

        stage = check_vector_store_file_stage(d.pop("stage"))

        percent = d.pop("percent")

        chunk_count = d.pop("chunk_count")

        chunks_done = d.pop("chunks_done")

        filename = d.pop("filename")

        def _parse_note(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        note = _parse_note(d.pop("note"))

        def _parse_duplicate_of(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        duplicate_of = _parse_duplicate_of(d.pop("duplicate_of"))

        def _parse_indexing_seconds(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        indexing_seconds = _parse_indexing_seconds(d.pop("indexing_seconds"))

        vector_store_file = cls(
            id=id,
            object_=object_,
            created_at=created_at,
            vector_store_id=vector_store_id,
            status=status,
            last_error=last_error,
            usage_bytes=usage_bytes,
            attributes=attributes,
            chunking_strategy=chunking_strategy,
            stage=stage,
            percent=percent,
            chunk_count=chunk_count,
            chunks_done=chunks_done,
            filename=filename,
            note=note,
            duplicate_of=duplicate_of,
            indexing_seconds=indexing_seconds,
        )

        vector_store_file.additional_properties = d
        return vector_store_file

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
