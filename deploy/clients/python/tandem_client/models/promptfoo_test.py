from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.promptfoo_assertion import PromptfooAssertion
    from ..models.promptfoo_options import PromptfooOptions
    from ..models.promptfoo_test_metadata_type_0 import PromptfooTestMetadataType0
    from ..models.promptfoo_test_vars_type_0 import PromptfooTestVarsType0


T = TypeVar("T", bound="PromptfooTest")


@_attrs_define
class PromptfooTest:
    """A test: the values of the variables in the prompts, and what the output must be like.

    Attributes:
        vars_ (None | PromptfooTestVarsType0 | Unset):
        assert_ (list[PromptfooAssertion] | None | Unset):
        options (None | PromptfooOptions | Unset):
        description (None | str | Unset):
        metadata (None | PromptfooTestMetadataType0 | Unset):
    """

    vars_: None | PromptfooTestVarsType0 | Unset = UNSET
    assert_: list[PromptfooAssertion] | None | Unset = UNSET
    options: None | PromptfooOptions | Unset = UNSET
    description: None | str | Unset = UNSET
    metadata: None | PromptfooTestMetadataType0 | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.promptfoo_options import PromptfooOptions  # noqa: PLC0415
        from ..models.promptfoo_test_metadata_type_0 import PromptfooTestMetadataType0  # noqa: PLC0415
        from ..models.promptfoo_test_vars_type_0 import PromptfooTestVarsType0  # noqa: PLC0415

        vars_: dict[str, Any] | None | Unset
        if isinstance(self.vars_, Unset):
            vars_ = UNSET
        elif isinstance(self.vars_, PromptfooTestVarsType0):
            vars_ = self.vars_.to_dict()
        else:
            vars_ = self.vars_

        assert_: list[dict[str, Any]] | None | Unset
        if isinstance(self.assert_, Unset):
            assert_ = UNSET
        elif isinstance(self.assert_, list):
            assert_ = []
            for assert_type_0_item_data in self.assert_:
                assert_type_0_item = assert_type_0_item_data.to_dict()
                assert_.append(assert_type_0_item)

        else:
            assert_ = self.assert_

        options: dict[str, Any] | None | Unset
        if isinstance(self.options, Unset):
            options = UNSET
        elif isinstance(self.options, PromptfooOptions):
            options = self.options.to_dict()
        else:
            options = self.options

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, PromptfooTestMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if vars_ is not UNSET:
            field_dict["vars"] = vars_
        if assert_ is not UNSET:
            field_dict["assert"] = assert_
        if options is not UNSET:
            field_dict["options"] = options
        if description is not UNSET:
            field_dict["description"] = description
        if metadata is not UNSET:
            field_dict["metadata"] = metadata

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.promptfoo_assertion import PromptfooAssertion  # noqa: PLC0415
        from ..models.promptfoo_options import PromptfooOptions  # noqa: PLC0415
        from ..models.promptfoo_test_metadata_type_0 import PromptfooTestMetadataType0  # noqa: PLC0415
        from ..models.promptfoo_test_vars_type_0 import PromptfooTestVarsType0  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_vars_(data: object) -> None | PromptfooTestVarsType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                vars_type_0 = PromptfooTestVarsType0.from_dict(data)

                return vars_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PromptfooTestVarsType0 | Unset, data)

        vars_ = _parse_vars_(d.pop("vars", UNSET))

        def _parse_assert_(data: object) -> list[PromptfooAssertion] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                assert_type_0 = []
                _assert_type_0 = data
                for assert_type_0_item_data in _assert_type_0:
                    assert_type_0_item = PromptfooAssertion.from_dict(
                        assert_type_0_item_data
                    )

                    assert_type_0.append(assert_type_0_item)

                return assert_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[PromptfooAssertion] | None | Unset, data)

        assert_ = _parse_assert_(d.pop("assert", UNSET))

        def _parse_options(data: object) -> None | PromptfooOptions | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                options_type_0 = PromptfooOptions.from_dict(data)

                return options_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PromptfooOptions | Unset, data)

        options = _parse_options(d.pop("options", UNSET))

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

        def _parse_metadata(data: object) -> None | PromptfooTestMetadataType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = PromptfooTestMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PromptfooTestMetadataType0 | Unset, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        promptfoo_test = cls(
            vars_=vars_,
            assert_=assert_,
            options=options,
            description=description,
            metadata=metadata,
        )

        promptfoo_test.additional_properties = d
        return promptfoo_test

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
