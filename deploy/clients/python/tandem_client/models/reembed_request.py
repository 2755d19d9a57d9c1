from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.auto_strategy import AutoStrategy
    from ..models.markdown_strategy import MarkdownStrategy
    from ..models.parent_child_strategy import ParentChildStrategy
    from ..models.recursive_strategy import RecursiveStrategy
    from ..models.semantic_strategy import SemanticStrategy
    from ..models.sentence_strategy import SentenceStrategy
    from ..models.static_strategy import StaticStrategy


T = TypeVar("T", bound="ReembedRequest")


@_attrs_define
class ReembedRequest:
    """Body of `POST /v1/vector_stores/{id}/reembed`. If a field is not sent, the store's model or each file's own strategy
    stays.

        Attributes:
            embedding_model (None | str | Unset):
            chunking_strategy (AutoStrategy | MarkdownStrategy | None | ParentChildStrategy | RecursiveStrategy |
                SemanticStrategy | SentenceStrategy | StaticStrategy | Unset):
    """

    embedding_model: None | str | Unset = UNSET
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

    def to_dict(self) -> dict[str, Any]:
        from ..models.auto_strategy import AutoStrategy  # noqa: PLC0415
        from ..models.markdown_strategy import MarkdownStrategy  # noqa: PLC0415
        from ..models.parent_child_strategy import ParentChildStrategy  # noqa: PLC0415
        from ..models.recursive_strategy import RecursiveStrategy  # noqa: PLC0415
        from ..models.semantic_strategy import SemanticStrategy  # noqa: PLC0415
        from ..models.sentence_strategy import SentenceStrategy  # noqa: PLC0415
        from ..models.static_strategy import StaticStrategy  # noqa: PLC0415

        embedding_model: None | str | Unset
        if isinstance(self.embedding_model, Unset):
            embedding_model = UNSET
        else:
            embedding_model = self.embedding_model

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

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if embedding_model is not UNSET:
            field_dict["embedding_model"] = embedding_model
        if chunking_strategy is not UNSET:
            field_dict["chunking_strategy"] = chunking_strategy

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.auto_strategy import AutoStrategy  # noqa: PLC0415
        from ..models.markdown_strategy import MarkdownStrategy  # noqa: PLC0415
        from ..models.parent_child_strategy import ParentChildStrategy  # noqa: PLC0415
        from ..models.recursive_strategy import RecursiveStrategy  # noqa: PLC0415
        from ..models.semantic_strategy import SemanticStrategy  # noqa: PLC0415
        from ..models.sentence_strategy import SentenceStrategy  # noqa: PLC0415
        from ..models.static_strategy import StaticStrategy  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_embedding_model(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        embedding_model = _parse_embedding_model(d.pop("embedding_model", UNSET))

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

        reembed_request = cls(
            embedding_model=embedding_model,
            chunking_strategy=chunking_strategy,
        )

        return reembed_request
