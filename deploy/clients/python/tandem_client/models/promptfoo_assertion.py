from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.promptfoo_provider import PromptfooProvider


T = TypeVar("T", bound="PromptfooAssertion")


@_attrs_define
class PromptfooAssertion:
    """What an output must be like.

    Attributes:
        type_ (str):
        value (Any | Unset):
        threshold (float | None | Unset):
        provider (None | PromptfooProvider | str | Unset):
        metric (None | str | Unset):
        weight (float | None | Unset):
    """

    type_: str
    value: Any | Unset = UNSET
    threshold: float | None | Unset = UNSET
    provider: None | PromptfooProvider | str | Unset = UNSET
    metric: None | str | Unset = UNSET
    weight: float | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.promptfoo_provider import PromptfooProvider  # noqa: PLC0415

        type_ = self.type_

        value = self.value

        threshold: float | None | Unset
        if isinstance(self.threshold, Unset):
            threshold = UNSET
        else:
            threshold = self.threshold

        provider: dict[str, Any] | None | str | Unset
        if isinstance(self.provider, Unset):
            provider = UNSET
        elif isinstance(self.provider, PromptfooProvider):
            provider = self.provider.to_dict()
        else:
            provider = self.provider

        metric: None | str | Unset
        if isinstance(self.metric, Unset):
            metric = UNSET
        else:
            metric = self.metric

        weight: float | None | Unset
        if isinstance(self.weight, Unset):
            weight = UNSET
        else:
            weight = self.weight

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
            }
        )
        if value is not UNSET:
            field_dict["value"] = value
        if threshold is not UNSET:
            field_dict["threshold"] = threshold
        if provider is not UNSET:
            field_dict["provider"] = provider
        if metric is not UNSET:
            field_dict["metric"] = metric
        if weight is not UNSET:
            field_dict["weight"] = weight

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.promptfoo_provider import PromptfooProvider  # noqa: PLC0415

        d = dict(src_dict)
        type_ = d.pop("type")

        value = d.pop("value", UNSET)

        def _parse_threshold(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        threshold = _parse_threshold(d.pop("threshold", UNSET))

        def _parse_provider(data: object) -> None | PromptfooProvider | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                provider_type_1 = PromptfooProvider.from_dict(data)

                return provider_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PromptfooProvider | str | Unset, data)

        provider = _parse_provider(d.pop("provider", UNSET))

        def _parse_metric(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        metric = _parse_metric(d.pop("metric", UNSET))

        def _parse_weight(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        weight = _parse_weight(d.pop("weight", UNSET))

        promptfoo_assertion = cls(
            type_=type_,
            value=value,
            threshold=threshold,
            provider=provider,
            metric=metric,
            weight=weight,
        )

        promptfoo_assertion.additional_properties = d
        return promptfoo_assertion

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
