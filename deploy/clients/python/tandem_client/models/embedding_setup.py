from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.markdown_strategy import MarkdownStrategy
    from ..models.parent_child_strategy import ParentChildStrategy
    from ..models.recursive_strategy import RecursiveStrategy
    from ..models.semantic_strategy import SemanticStrategy
    from ..models.sentence_strategy import SentenceStrategy
    from ..models.static_strategy import StaticStrategy


T = TypeVar("T", bound="EmbeddingSetup")


@_attrs_define
class EmbeddingSetup:
    """How a store is embedded. If `chunking_strategy` is null, each file keeps its own.

    Attributes:
        embedding_model (str):
        chunking_strategy (MarkdownStrategy | None | ParentChildStrategy | RecursiveStrategy | SemanticStrategy |
            SentenceStrategy | StaticStrategy):
    """

    embedding_model: str
    chunking_strategy: (
        MarkdownStrategy
        | None
        | ParentChildStrategy
        | RecursiveStrategy
        | SemanticStrategy
        | SentenceStrategy
        | StaticStrategy
    )
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.markdown_strategy import MarkdownStrategy  # noqa: PLC0415
        from ..models.parent_child_strategy import ParentChildStrategy  # noqa: PLC0415
        from ..models.recursive_strategy import RecursiveStrategy  # noqa: PLC0415
        from ..models.semantic_strategy import SemanticStrategy  # noqa: PLC0415
        from ..models.sentence_strategy import SentenceStrategy  # noqa: PLC0415
        from ..models.static_strategy import StaticStrategy  # noqa: PLC0415

        embedding_model = self.embedding_model

        chunking_strategy: dict[str, Any] | None
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
            chunking_strategy = self.chunking_strategy

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "embedding_model": embedding_model,
                "chunking_strategy": chunking_strategy,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.markdown_strategy import MarkdownStrategy  # noqa: PLC0415
        from ..models.parent_child_strategy import ParentChildStrategy  # noqa: PLC0415
        from ..models.recursive_strategy import RecursiveStrategy  # noqa: PLC0415
        from ..models.semantic_strategy import SemanticStrategy  # noqa: PLC0415
        from ..models.sentence_strategy import SentenceStrategy  # noqa: PLC0415
        from ..models.static_strategy import StaticStrategy  # noqa: PLC0415

        d = dict(src_dict)
        embedding_model = d.pop("embedding_model")

        def _parse_chunking_strategy(
            data: object,
        ) -> (
            MarkdownStrategy
            | None
            | ParentChildStrategy
            | RecursiveStrategy
            | SemanticStrategy
            | SentenceStrategy
            | StaticStrategy
        ):
            if data is None:
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
            return cast(
                MarkdownStrategy
                | None
                | ParentChildStrategy
                | RecursiveStrategy
                | SemanticStrategy
                | SentenceStrategy
                | StaticStrategy,
                data,
            )

        chunking_strategy = _parse_chunking_strategy(d.pop("chunking_strategy"))

        embedding_setup = cls(
            embedding_model=embedding_model,
            chunking_strategy=chunking_strategy,
        )

        embedding_setup.additional_properties = d
        return embedding_setup

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
