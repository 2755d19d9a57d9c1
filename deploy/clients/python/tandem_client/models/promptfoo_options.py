from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.promptfoo_provider import PromptfooProvider


T = TypeVar("T", bound="PromptfooOptions")


@_attrs_define
class PromptfooOptions:
    """How the outputs of a test are graded. `provider` is the model that grades.

    Attributes:
        provider (None | PromptfooProvider | str | Unset):
        disable_var_expansion (bool | None | Unset):
    """

    provider: None | PromptfooProvider | str | Unset = UNSET
    disable_var_expansion: bool | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.promptfoo_provider import PromptfooProvider  # noqa: PLC0415

        provider: dict[str, Any] | None | str | Unset
        if isinstance(self.provider, Unset):
            provider = UNSET
        elif isinstance(self.provider, PromptfooProvider):
            provider = self.provider.to_dict()
        else:
            provider = self.provider

        disable_var_expansion: bool | None | Unset
        if isinstance(self.disable_var_expansion, Unset):
            disable_var_expansion = UNSET
        else:
            disable_var_expansion = self.disable_var_expansion

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if provider is not UNSET:
            field_dict["provider"] = provider
        if disable_var_expansion is not UNSET:
            field_dict["disableVarExpansion"] = disable_var_expansion

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.promptfoo_provider import PromptfooProvider  # noqa: PLC0415

        d = dict(src_dict)

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

        def _parse_disable_var_expansion(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        disable_var_expansion = _parse_disable_var_expansion(
            d.pop("disableVarExpansion", UNSET)
        )

        promptfoo_options = cls(
            provider=provider,
            disable_var_expansion=disable_var_expansion,
        )

        promptfoo_options.additional_properties = d
        return promptfoo_options

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
