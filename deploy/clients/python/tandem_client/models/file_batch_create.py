from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.file_batch_create_on_duplicate import (
    FileBatchCreateOnDuplicate,
    check_file_batch_create_on_duplicate,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.auto_strategy import AutoStrategy
    from ..models.file_batch_create_attributes_type_0 import (
        FileBatchCreateAttributesType0,
    )
    from ..models.markdown_strategy import MarkdownStrategy
    from ..models.parent_child_strategy import ParentChildStrategy
    from ..models.recursive_strategy import RecursiveStrategy
    from ..models.semantic_strategy import SemanticStrategy
    from ..models.sentence_strategy import SentenceStrategy
    from ..models.static_strategy import StaticStrategy
    from ..models.vector_store_file_create import VectorStoreFileCreate


T = TypeVar("T", bound="FileBatchCreate")


@_attrs_define
class FileBatchCreate:
    """Body of `POST /v1/vector_stores/{id}/file_batches`.

    Either `file_ids`, with `attributes`, `chunking_strategy` and `on_duplicate` (extension) for all of them, or
    `files`, each with its
    own. With `files`, the fields for all files are ignored.

        Attributes:
            file_ids (list[str] | Unset):
            files (list[VectorStoreFileCreate] | Unset):
            attributes (FileBatchCreateAttributesType0 | None | Unset):
            chunking_strategy (AutoStrategy | MarkdownStrategy | None | ParentChildStrategy | RecursiveStrategy |
                SemanticStrategy | SentenceStrategy | StaticStrategy | Unset):
            on_duplicate (FileBatchCreateOnDuplicate | Unset):  Default: 'reuse'.
    """

    file_ids: list[str] | Unset = UNSET
    files: list[VectorStoreFileCreate] | Unset = UNSET
    attributes: FileBatchCreateAttributesType0 | None | Unset = UNSET
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
    on_duplicate: FileBatchCreateOnDuplicate | Unset = "reuse"

    def to_dict(self) -> dict[str, Any]:
        from ..models.auto_strategy import AutoStrategy  # noqa: PLC0415
        from ..models.file_batch_create_attributes_type_0 import (
            FileBatchCreateAttributesType0,  # noqa: PLC0415
        )
        from ..models.markdown_strategy import MarkdownStrategy  # noqa: PLC0415
        from ..models.parent_child_strategy import ParentChildStrategy  # noqa: PLC0415
        from ..models.recursive_strategy import RecursiveStrategy  # noqa: PLC0415
        from ..models.semantic_strategy import SemanticStrategy  # noqa: PLC0415
        from ..models.sentence_strategy import SentenceStrategy  # noqa: PLC0415
        from ..models.static_strategy import StaticStrategy  # noqa: PLC0415

        file_ids: list[str] | Unset = UNSET
        if not isinstance(self.file_ids, Unset):
            file_ids = self.file_ids

        files: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.files, Unset):
            files = []
            for files_item_data in self.files:
                files_item = files_item_data.to_dict()
                files.append(files_item)

        attributes: dict[str, Any] | None | Unset
        if isinstance(self.attributes, Unset):
            attributes = UNSET
        elif isinstance(self.attributes, FileBatchCreateAttributesType0):
            attributes = self.attributes.to_dict()
        else:
            attributes = self.attributes

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

        on_duplicate: str | Unset = UNSET
        if not isinstance(self.on_duplicate, Unset):
            on_duplicate = self.on_duplicate

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if file_ids is not UNSET:
            field_dict["file_ids"] = file_ids
        if files is not UNSET:
            field_dict["files"] = files
        if attributes is not UNSET:
            field_dict["attributes"] = attributes
        if chunking_strategy is not UNSET:
            field_dict["chunking_strategy"] = chunking_strategy
        if on_duplicate is not UNSET:
            field_dict["on_duplicate"] = on_duplicate

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.auto_strategy import AutoStrategy  # noqa: PLC0415
        from ..models.file_batch_create_attributes_type_0 import (
            FileBatchCreateAttributesType0,  # noqa: PLC0415
        )
        from ..models.markdown_strategy import MarkdownStrategy  # noqa: PLC0415
        from ..models.parent_child_strategy import ParentChildStrategy  # noqa: PLC0415
        from ..models.recursive_strategy import RecursiveStrategy  # noqa: PLC0415
        from ..models.semantic_strategy import SemanticStrategy  # noqa: PLC0415
        from ..models.sentence_strategy import SentenceStrategy  # noqa: PLC0415
        from ..models.static_strategy import StaticStrategy  # noqa: PLC0415
        from ..models.vector_store_file_create import VectorStoreFileCreate  # noqa: PLC0415

        d = dict(src_dict)
        file_ids = cast(list[str], d.pop("file_ids", UNSET))

        _files = d.pop("files", UNSET)
        files: list[VectorStoreFileCreate] | Unset = UNSET
        if _files is not UNSET:
            files = []
            for files_item_data in _files:
                files_item = VectorStoreFileCreate.from_dict(files_item_data)

                files.append(files_item)

        def _parse_attributes(
            data: object,
        ) -> FileBatchCreateAttributesType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                attributes_type_0 = FileBatchCreateAttributesType0.from_dict(data)

                return attributes_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FileBatchCreateAttributesType0 | None | Unset, data)

        attributes = _parse_attributes(d.pop("attributes", UNSET))

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

        _on_duplicate = d.pop("on_duplicate", UNSET)
        on_duplicate: FileBatchCreateOnDuplicate | Unset
        if isinstance(_on_duplicate, Unset):
            on_duplicate = UNSET
        else:
            on_duplicate = check_file_batch_create_on_duplicate(_on_duplicate)

        file_batch_create = cls(
            file_ids=file_ids,
            files=files,
            attributes=attributes,
            chunking_strategy=chunking_strategy,
            on_duplicate=on_duplicate,
        )

        return file_batch_create
