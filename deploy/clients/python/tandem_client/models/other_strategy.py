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

if TYPE_CHECKING:
    from ..models.markdown_strategy import MarkdownStrategy
    from ..models.parent_child_strategy import ParentChildStrategy
    from ..models.recursive_strategy import RecursiveStrategy
    from ..models.semantic_strategy import SemanticStrategy
    from ..models.sentence_strategy import SentenceStrategy
    from ..models.static_strategy import StaticStrategy


T = TypeVar("T", bound="OtherStrategy")


@_attrs_define
class OtherStrategy:
    """OpenAI's shape for a file's strategy that is not `static`. Extension: `strategy` is that strategy.

    Attributes:
        type_ (Literal['other']):  Default: 'other'.
        strategy (MarkdownStrategy | ParentChildStrategy | RecursiveStrategy | SemanticStrategy | SentenceStrategy |
            StaticStrategy):
    """

    strategy: (
        MarkdownStrategy
        | ParentChildStrategy
        | RecursiveStrategy
        | SemanticStrategy
        | SentenceStrategy
        | StaticStrategy
    )
    type_: Literal["other"] = "other"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.markdown_strategy import MarkdownStrategy  # noqa: PLC0415
        from ..models.recursive_strategy import RecursiveStrategy  # noqa: PLC0415
        from ..models.semantic_strategy import SemanticStrategy  # noqa: PLC0415
        from ..models.sentence_strategy import SentenceStrategy  # noqa: PLC0415
        from ..models.static_strategy import StaticStrategy  # noqa: PLC0415

        type_ = self.type_

        strategy: dict[str, Any]
        if isinstance(self.strategy, StaticStrategy):
            strategy = self.strategy.to_dict()
        elif isinstance(self.strategy, SentenceStrategy):
            strategy = self.strategy.to_dict()
        elif isinstance(self.strategy, RecursiveStrategy):
            strategy = self.strategy.to_dict()
        elif isinstance(self.strategy, MarkdownStrategy):
            strategy = self.strategy.to_dict()
        elif isinstance(self.strategy, SemanticStrategy):
            strategy = self.strategy.to_dict()
        else:
            strategy = self.strategy.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
                "strategy": strategy,
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
        type_ = cast(Literal["other"], d.pop("type"))
        if type_ != "other":
            raise ValueError(f"type must match const 'other', got '{type_}'")

        def _parse_strategy(
            data: object,
        ) -> (
            MarkdownStrategy
            | ParentChildStrategy
            | RecursiveStrategy
            | SemanticStrategy
            | SentenceStrategy
            | StaticStrategy
        ):
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                strategy_type_0 = StaticStrategy.from_dict(data)

                return strategy_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                strategy_type_1 = SentenceStrategy.from_dict(data)

                return strategy_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                strategy_type_2 = RecursiveStrategy.from_dict(data)

                return strategy_type_2
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                strategy_type_3 = MarkdownStrategy.from_dict(data)

                return strategy_type_3
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                strategy_type_4 = SemanticStrategy.from_dict(data)

                return strategy_type_4
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            strategy_type_5 = ParentChildStrategy.from_dict(data)

            return strategy_type_5

        strategy = _parse_strategy(d.pop("strategy"))

        other_strategy = cls(
            type_=type_,
            strategy=strategy,
        )

        other_strategy.additional_properties = d
        return other_strategy

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
