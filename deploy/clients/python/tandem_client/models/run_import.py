from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="RunImport")


@_attrs_define
class RunImport:
    """A run that was imported or got output items: its id, the id that the request has for it, and how many items came
    with it.

        Attributes:
            id (str):
            imported_id (str):
            output_items (int):
    """

    id: str
    imported_id: str
    output_items: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        imported_id = self.imported_id

        output_items = self.output_items

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "imported_id": imported_id,
                "output_items": output_items,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        imported_id = d.pop("imported_id")

        output_items = d.pop("output_items")

        run_import = cls(
            id=id,
            imported_id=imported_id,
            output_items=output_items,
        )

        run_import.additional_properties = d
        return run_import

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
