from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.promptfoo_run_data_source import PromptfooRunDataSource


T = TypeVar("T", bound="PromptfooRun")


@_attrs_define
class PromptfooRun:
    """A run to start: one prompt and one model. `data_source` lacks its `source`, the rows.

    Attributes:
        name (str):
        data_source (PromptfooRunDataSource):
    """

    name: str
    data_source: PromptfooRunDataSource
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        data_source = self.data_source.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "data_source": data_source,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.promptfoo_run_data_source import PromptfooRunDataSource  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        data_source = PromptfooRunDataSource.from_dict(d.pop("data_source"))

        promptfoo_run = cls(
            name=name,
            data_source=data_source,
        )

        promptfoo_run.additional_properties = d
        return promptfoo_run

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
