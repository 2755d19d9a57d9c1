from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.promptfoo_prompt import PromptfooPrompt
    from ..models.promptfoo_provider import PromptfooProvider
    from ..models.promptfoo_test import PromptfooTest


T = TypeVar("T", bound="PromptfooConfig")


@_attrs_define
class PromptfooConfig:
    """A configuration with everything in it: files that it names are not read.

    Attributes:
        prompts (list[PromptfooPrompt | str]):
        providers (list[PromptfooProvider | str]):
        tests (list[PromptfooTest]):
        description (None | str | Unset):
        default_test (None | PromptfooTest | Unset):
    """

    prompts: list[PromptfooPrompt | str]
    providers: list[PromptfooProvider | str]
    tests: list[PromptfooTest]
    description: None | str | Unset = UNSET
    default_test: None | PromptfooTest | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.promptfoo_prompt import PromptfooPrompt  # noqa: PLC0415
        from ..models.promptfoo_provider import PromptfooProvider  # noqa: PLC0415
        from ..models.promptfoo_test import PromptfooTest  # noqa: PLC0415

        prompts = []
        for prompts_item_data in self.prompts:
            prompts_item: dict[str, Any] | str
            if isinstance(prompts_item_data, PromptfooPrompt):
                prompts_item = prompts_item_data.to_dict()
            else:
                prompts_item = prompts_item_data
            prompts.append(prompts_item)

        providers = []
        for providers_item_data in self.providers:
            providers_item: dict[str, Any] | str
            if isinstance(providers_item_data, PromptfooProvider):
                providers_item = providers_item_data.to_dict()
            else:
                providers_item = providers_item_data
            providers.append(providers_item)

        tests = []
        for tests_item_data in self.tests:
            tests_item = tests_item_data.to_dict()
            tests.append(tests_item)

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        default_test: dict[str, Any] | None | Unset
        if isinstance(self.default_test, Unset):
            default_test = UNSET
        elif isinstance(self.default_test, PromptfooTest):
            default_test = self.default_test.to_dict()
        else:
            default_test = self.default_test

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "prompts": prompts,
                "providers": providers,
                "tests": tests,
            }
        )
        if description is not UNSET:
            field_dict["description"] = description
        if default_test is not UNSET:
            field_dict["defaultTest"] = default_test

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.promptfoo_prompt import PromptfooPrompt  # noqa: PLC0415
        from ..models.promptfoo_provider import PromptfooProvider  # noqa: PLC0415
        from ..models.promptfoo_test import PromptfooTest  # noqa: PLC0415

        d = dict(src_dict)
        prompts = []
        _prompts = d.pop("prompts")
        for prompts_item_data in _prompts:

            def _parse_prompts_item(data: object) -> PromptfooPrompt | str:
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    prompts_item_type_1 = PromptfooPrompt.from_dict(data)

                    return prompts_item_type_1
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                return cast(PromptfooPrompt | str, data)

            prompts_item = _parse_prompts_item(prompts_item_data)

            prompts.append(prompts_item)

        providers = []
        _providers = d.pop("providers")
        for providers_item_data in _providers:

            def _parse_providers_item(data: object) -> PromptfooProvider | str:
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    providers_item_type_1 = PromptfooProvider.from_dict(data)

                    return providers_item_type_1
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                return cast(PromptfooProvider | str, data)

            providers_item = _parse_providers_item(providers_item_data)

            providers.append(providers_item)

        tests = []
        _tests = d.pop("tests")
        for tests_item_data in _tests:
            tests_item = PromptfooTest.from_dict(tests_item_data)

            tests.append(tests_item)

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

        def _parse_default_test(data: object) -> None | PromptfooTest | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                default_test_type_0 = PromptfooTest.from_dict(data)

                return default_test_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PromptfooTest | Unset, data)

        default_test = _parse_default_test(d.pop("defaultTest", UNSET))

        promptfoo_config = cls(
            prompts=prompts,
            providers=providers,
            tests=tests,
            description=description,
            default_test=default_test,
        )

        promptfoo_config.additional_properties = d
        return promptfoo_config

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
