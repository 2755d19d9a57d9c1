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

from ..models.vector_store_status import VectorStoreStatus, check_vector_store_status

if TYPE_CHECKING:
    from ..models.auto_strategy import AutoStrategy
    from ..models.expires_after import ExpiresAfter
    from ..models.file_counts import FileCounts
    from ..models.markdown_strategy import MarkdownStrategy
    from ..models.parent_child_strategy import ParentChildStrategy
    from ..models.recursive_strategy import RecursiveStrategy
    from ..models.semantic_strategy import SemanticStrategy
    from ..models.sentence_strategy import SentenceStrategy
    from ..models.static_strategy import StaticStrategy
    from ..models.vector_store_metadata_type_0 import VectorStoreMetadataType0


T = TypeVar("T", bound="VectorStore")


@_attrs_define
class VectorStore:
    """A vector store.

    Extensions: `embedding_model` embedded its chunks; `chunking_strategy` is the default for files attached to it;
    `indexing_seconds`,
    how many seconds of work indexing its files took, is null if that is unknown for some of the indexed files.

        Attributes:
            id (str):
            object_ (Literal['vector_store']):  Default: 'vector_store'.
            created_at (int):
            name (str):
            description (None | str):
            status (VectorStoreStatus):
            file_counts (FileCounts): The number of a store's files by status.
            usage_bytes (int):
            last_active_at (int | None):
            expires_after (ExpiresAfter | None):
            expires_at (int | None):
            metadata (None | VectorStoreMetadataType0):
            embedding_model (str):
            chunking_strategy (AutoStrategy | MarkdownStrategy | ParentChildStrategy | RecursiveStrategy | SemanticStrategy
                | SentenceStrategy | StaticStrategy):
            indexing_seconds (float | None):
    """

    id: str
    created_at: int
    name: str
    description: None | str
    status: VectorStoreStatus
    file_counts: FileCounts
    usage_bytes: int
    last_active_at: int | None
    expires_after: ExpiresAfter | None
    expires_at: int | None
    metadata: None | VectorStoreMetadataType0
    embedding_model: str
    chunking_strategy: (
        AutoStrategy
        | MarkdownStrategy
        | ParentChildStrategy
        | RecursiveStrategy
        | SemanticStrategy
        | SentenceStrategy
        | StaticStrategy
    )
    indexing_seconds: float | None
    object_: Literal["vector_store"] = "vector_store"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.expires_after import ExpiresAfter  # noqa: PLC0415
        from ..models.markdown_strategy import MarkdownStrategy  # noqa: PLC0415
        from ..models.parent_child_strategy import ParentChildStrategy  # noqa: PLC0415
        from ..models.recursive_strategy import RecursiveStrategy  # noqa: PLC0415
        from ..models.semantic_strategy import SemanticStrategy  # noqa: PLC0415
        from ..models.sentence_strategy import SentenceStrategy  # noqa: PLC0415
        from ..models.static_strategy import StaticStrategy  # noqa: PLC0415
        from ..models.vector_store_metadata_type_0 import VectorStoreMetadataType0  # noqa: PLC0415

        id = self.id

        object_ = self.object_

        created_at = self.created_at

        name = self.name

        description: None | str
        description = self.description

        status: str = self.status

        file_counts = self.file_counts.to_dict()

        usage_bytes = self.usage_bytes

        last_active_at: int | None
        last_active_at = self.last_active_at

        expires_after: dict[str, Any] | None
        if isinstance(self.expires_after, ExpiresAfter):
            expires_after = self.expires_after.to_dict()
        else:
            expires_after = self.expires_after

        expires_at: int | None
        expires_at = self.expires_at

        metadata: dict[str, Any] | None
        if isinstance(self.metadata, VectorStoreMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        embedding_model = self.embedding_model

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
        elif isinstance(self.chunking_strategy, ParentChildStrategy):
            chunking_strategy = self.chunking_strategy.to_dict()
        else:
            chunking_strategy = self.chunking_strategy.to_dict()

        indexing_seconds: float | None
        indexing_seconds = self.indexing_seconds

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "object": object_,
                "created_at": created_at,
                "name": name,
                "description": description,
                "status": status,
                "file_counts": file_counts,
                "usage_bytes": usage_bytes,
                "last_active_at": last_active_at,
                "expires_after": expires_after,
                "expires_at": expires_at,
                "metadata": metadata,
                "embedding_model": embedding_model,
                "chunking_strategy": chunking_strategy,
                "indexing_seconds": indexing_seconds,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.auto_strategy import AutoStrategy  # noqa: PLC0415
        from ..models.expires_after import ExpiresAfter  # noqa: PLC0415
        from ..models.file_counts import FileCounts  # noqa: PLC0415
        from ..models.markdown_strategy import MarkdownStrategy  # noqa: PLC0415
        from ..models.parent_child_strategy import ParentChildStrategy  # noqa: PLC0415
        from ..models.recursive_strategy import RecursiveStrategy  # noqa: PLC0415
        from ..models.semantic_strategy import SemanticStrategy  # noqa: PLC0415
        from ..models.sentence_strategy import SentenceStrategy  # noqa: PLC0415
        from ..models.static_strategy import StaticStrategy  # noqa: PLC0415
        from ..models.vector_store_metadata_type_0 import VectorStoreMetadataType0  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        object_ = cast(Literal["vector_store"], d.pop("object"))
        if object_ != "vector_store":
            raise ValueError(f"object must match const 'vector_store', got '{object_}'")

        created_at = d.pop("created_at")

        name = d.pop("name")

        def _parse_description(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        description = _parse_description(d.pop("description"))

        status = check_vector_store_status(d.pop("status"))

        file_counts = FileCounts.from_dict(d.pop("file_counts"))

        usage_bytes = d.pop("usage_bytes")

        def _parse_last_active_at(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        last_active_at = _parse_last_active_at(d.pop("last_active_at"))

        def _parse_expires_after(data: object) -> ExpiresAfter | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                expires_after_type_0 = ExpiresAfter.from_dict(data)

                return expires_after_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ExpiresAfter | None, data)

        expires_after = _parse_expires_after(d.pop("expires_after"))

        def _parse_expires_at(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        expires_at = _parse_expires_at(d.pop("expires_at"))

        def _parse_metadata(data: object) -> None | VectorStoreMetadataType0:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = VectorStoreMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | VectorStoreMetadataType0, data)

        metadata = _parse_metadata(d.pop("metadata"))

        embedding_model = d.pop("embedding_model")

        def _parse_chunking_strategy(
            data: object,
        ) -> (
            AutoStrategy
            | MarkdownStrategy
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
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                chunking_strategy_type_5 = ParentChildStrategy.from_dict(data)

                return chunking_strategy_type_5
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            chunking_strategy_type_6 = AutoStrategy.from_dict(data)

            return chunking_strategy_type_6

        chunking_strategy = _parse_chunking_strategy(d.pop("chunking_strategy"))

        def _parse_indexing_seconds(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        indexing_seconds = _parse_indexing_seconds(d.pop("indexing_seconds"))

        vector_store = cls(
            id=id,
            object_=object_,
            created_at=created_at,
            name=name,
            description=description,
            status=status,
            file_counts=file_counts,
            usage_bytes=usage_bytes,
            last_active_at=last_active_at,
            expires_after=expires_after,
            expires_at=expires_at,
            metadata=metadata,
            embedding_model=embedding_model,
            chunking_strategy=chunking_strategy,
            indexing_seconds=indexing_seconds,
        )

        vector_store.additional_properties = d
        return vector_store

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
