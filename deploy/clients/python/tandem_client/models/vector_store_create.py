from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.vector_store_create_on_duplicate import (
    VectorStoreCreateOnDuplicate,
    check_vector_store_create_on_duplicate,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.auto_strategy import AutoStrategy
    from ..models.expires_after import ExpiresAfter
    from ..models.markdown_strategy import MarkdownStrategy
    from ..models.parent_child_strategy import ParentChildStrategy
    from ..models.recursive_strategy import RecursiveStrategy
    from ..models.semantic_strategy import SemanticStrategy
    from ..models.sentence_strategy import SentenceStrategy
    from ..models.static_strategy import StaticStrategy
    from ..models.vector_store_create_metadata_type_0 import (
        VectorStoreCreateMetadataType0,
    )


T = TypeVar("T", bound="VectorStoreCreate")


@_attrs_define
class VectorStoreCreate:
    """Body of `POST /v1/vector_stores`.

    Extensions: `embedding_model`, one of the configured models; `on_duplicate`, for the `file_ids`.

        Attributes:
            name (None | str | Unset):
            description (None | str | Unset):
            file_ids (list[str] | Unset):
            chunking_strategy (AutoStrategy | MarkdownStrategy | None | ParentChildStrategy | RecursiveStrategy |
                SemanticStrategy | SentenceStrategy | StaticStrategy | Unset):
            expires_after (ExpiresAfter | None | Unset):
            metadata (None | Unset | VectorStoreCreateMetadataType0):
            embedding_model (None | str | Unset):
            on_duplicate (VectorStoreCreateOnDuplicate | Unset):  Default: 'reuse'.
    """

    name: None | str | Unset = UNSET
    description: None | str | Unset = UNSET
    file_ids: list[str] | Unset = UNSET
    chunking_strategy: (
        AutoStrategy
        | MarkdownStrategy
        | None
        | ParentChildStrategy
        | RecursiveStrategy
        | SemanticStrategy
        | SentenceStrategy
        | StaticStrategy
        | Unset
    ) = UNSET
    expires_after: ExpiresAfter | None | Unset = UNSET
    metadata: None | Unset | VectorStoreCreateMetadataType0 = UNSET
    embedding_model: None | str | Unset = UNSET
    on_duplicate: VectorStoreCreateOnDuplicate | Unset = "reuse"

    def to_dict(self) -> dict[str, Any]:
        from ..models.auto_strategy import AutoStrategy  # noqa: PLC0415
        from ..models.expires_after import ExpiresAfter  # noqa: PLC0415
        from ..models.markdown_strategy import MarkdownStrategy  # noqa: PLC0415
        from ..models.parent_child_strategy import ParentChildStrategy  # noqa: PLC0415
        from ..models.recursive_strategy import RecursiveStrategy  # noqa: PLC0415
        from ..models.semantic_strategy import SemanticStrategy  # noqa: PLC0415
        from ..models.sentence_strategy import SentenceStrategy  # noqa: PLC0415
        from ..models.static_strategy import StaticStrategy  # noqa: PLC0415
        from ..models.vector_store_create_metadata_type_0 import (
            VectorStoreCreateMetadataType0,  # noqa: PLC0415
        )

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        file_ids: list[str] | Unset = UNSET
        if not isinstance(self.file_ids, Unset):
            file_ids = self.file_ids

        chunking_strategy: dict[str, Any] | None | Unset
        if isinstance(self.chunking_strategy, Unset):
            chunking_strategy = UNSET
        elif isinstance(self.chunking_strategy, StaticStrategy):
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
        elif isinstance(self.chunking_strategy, AutoStrategy):
            chunking_strategy = self.chunking_strategy.to_dict()
        else:
            chunking_strategy = self.chunking_strategy

        expires_after: dict[str, Any] | None | Unset
        if isinstance(self.expires_after, Unset):
            expires_after = UNSET
        elif isinstance(self.expires_after, ExpiresAfter):
            expires_after = self.expires_after.to_dict()
        else:
            expires_after = self.expires_after

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, VectorStoreCreateMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        embedding_model: None | str | Unset
        if isinstance(self.embedding_model, Unset):
            embedding_model = UNSET
        else:
            embedding_model = self.embedding_model

        on_duplicate: str | Unset = UNSET
        if not isinstance(self.on_duplicate, Unset):
            on_duplicate = self.on_duplicate

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if name is not UNSET:
            field_dict["name"] = name
        if description is not UNSET:
            field_dict["description"] = description
        if file_ids is not UNSET:
            field_dict["file_ids"] = file_ids
        if chunking_strategy is not UNSET:
            field_dict["chunking_strategy"] = chunking_strategy
        if expires_after is not UNSET:
            field_dict["expires_after"] = expires_after
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if embedding_model is not UNSET:
            field_dict["embedding_model"] = embedding_model
        if on_duplicate is not UNSET:
            field_dict["on_duplicate"] = on_duplicate

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.auto_strategy import AutoStrategy  # noqa: PLC0415
        from ..models.expires_after import ExpiresAfter  # noqa: PLC0415
        from ..models.markdown_strategy import MarkdownStrategy  # noqa: PLC0415
        from ..models.parent_child_strategy import ParentChildStrategy  # noqa: PLC0415
        from ..models.recursive_strategy import RecursiveStrategy  # noqa: PLC0415
        from ..models.semantic_strategy import SemanticStrategy  # noqa: PLC0415
        from ..models.sentence_strategy import SentenceStrategy  # noqa: PLC0415
        from ..models.static_strategy import StaticStrategy  # noqa: PLC0415
        from ..models.vector_store_create_metadata_type_0 import (
            VectorStoreCreateMetadataType0,  # noqa: PLC0415
        )

        d = dict(src_dict)

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

        file_ids = cast(list[str], d.pop("file_ids", UNSET))

        def _parse_chunking_strategy(
            data: object,
        ) -> (
            AutoStrategy
            | MarkdownStrategy
            | None
            | ParentChildStrategy
            | RecursiveStrategy
            | SemanticStrategy
            | SentenceStrategy
            | StaticStrategy
            | Unset
        ):
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                chunking_strategy_type_0_type_0 = StaticStrategy.from_dict(data)

                return chunking_strategy_type_0_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                chunking_strategy_type_0_type_1 = SentenceStrategy.from_dict(data)

                return chunking_strategy_type_0_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                chunking_strategy_type_0_type_2 = RecursiveStrategy.from_dict(data)

                return chunking_strategy_type_0_type_2
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                chunking_strategy_type_0_type_3 = MarkdownStrategy.from_dict(data)

                return chunking_strategy_type_0_type_3
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                chunking_strategy_type_0_type_4 = SemanticStrategy.from_dict(data)

                return chunking_strategy_type_0_type_4
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                chunking_strategy_type_0_type_5 = ParentChildStrategy.from_dict(data)

                return chunking_strategy_type_0_type_5
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                chunking_strategy_type_0_type_6 = AutoStrategy.from_dict(data)

                return chunking_strategy_type_0_type_6
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(
                AutoStrategy
                | MarkdownStrategy
                | None
                | ParentChildStrategy
                | RecursiveStrategy
                | SemanticStrategy
                | SentenceStrategy
                | StaticStrategy
                | Unset,
                data,
            )

        chunking_strategy = _parse_chunking_strategy(d.pop("chunking_strategy", UNSET))

        def _parse_expires_after(data: object) -> ExpiresAfter | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                expires_after_type_0 = ExpiresAfter.from_dict(data)

                return expires_after_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ExpiresAfter | None | Unset, data)

        expires_after = _parse_expires_after(d.pop("expires_after", UNSET))

        def _parse_metadata(
            data: object,
        ) -> None | Unset | VectorStoreCreateMetadataType0:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = VectorStoreCreateMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | VectorStoreCreateMetadataType0, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        def _parse_embedding_model(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        embedding_model = _parse_embedding_model(d.pop("embedding_model", UNSET))

        _on_duplicate = d.pop("on_duplicate", UNSET)
        on_duplicate: VectorStoreCreateOnDuplicate | Unset
        if isinstance(_on_duplicate, Unset):
            on_duplicate = UNSET
        else:
            on_duplicate = check_vector_store_create_on_duplicate(_on_duplicate)

        vector_store_create = cls(
            name=name,
            description=description,
            file_ids=file_ids,
            chunking_strategy=chunking_strategy,
            expires_after=expires_after,
            metadata=metadata,
            embedding_model=embedding_model,
            on_duplicate=on_duplicate,
        )

        return vector_store_create
