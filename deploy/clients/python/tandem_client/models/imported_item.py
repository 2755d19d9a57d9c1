from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.imported_item_status import ImportedItemStatus, check_imported_item_status
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.imported_item_datasource_item import ImportedItemDatasourceItem
    from ..models.imported_item_results_item import ImportedItemResultsItem
    from ..models.imported_item_sample_type_0 import ImportedItemSampleType0


T = TypeVar("T", bound="ImportedItem")


@_attrs_define
class ImportedItem:
    """An output item, as `evals.runs.output_items.list` returns it.

    Attributes:
        id (str):
        run_id (str):
        created_at (int):
        status (ImportedItemStatus):
        datasource_item_id (int):
        datasource_item (ImportedItemDatasourceItem):
        results (list[ImportedItemResultsItem]):
        sample (ImportedItemSampleType0 | None | Unset):
    """

    id: str
    run_id: str
    created_at: int
    status: ImportedItemStatus
    datasource_item_id: int
    datasource_item: ImportedItemDatasourceItem
    results: list[ImportedItemResultsItem]
    sample: ImportedItemSampleType0 | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.imported_item_sample_type_0 import ImportedItemSampleType0  # noqa: PLC0415

        id = self.id

        run_id = self.run_id

        created_at = self.created_at

        status: str = self.status

        datasource_item_id = self.datasource_item_id

        datasource_item = self.datasource_item.to_dict()

        results = []
        for results_item_data in self.results:
            results_item = results_item_data.to_dict()
            results.append(results_item)

        sample: dict[str, Any] | None | Unset
        if isinstance(self.sample, Unset):
            sample = UNSET
        elif isinstance(self.sample, ImportedItemSampleType0):
            sample = self.sample.to_dict()
        else:
            sample = self.sample

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "run_id": run_id,
                "created_at": created_at,
                "status": status,
                "datasource_item_id": datasource_item_id,
                "datasource_item": datasource_item,
                "results": results,
            }
        )
        if sample is not UNSET:
            field_dict["sample"] = sample

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.imported_item_datasource_item import ImportedItemDatasourceItem  # noqa: PLC0415
        from ..models.imported_item_results_item import ImportedItemResultsItem  # noqa: PLC0415
        from ..models.imported_item_sample_type_0 import ImportedItemSampleType0  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        run_id = d.pop("run_id")

        created_at = d.pop("created_at")

        status = check_imported_item_status(d.pop("status"))

        datasource_item_id = d.pop("datasource_item_id")

        datasource_item = ImportedItemDatasourceItem.from_dict(d.pop("datasource_item"))

        results = []
        _results = d.pop("results")
        for results_item_data in _results:
            results_item = ImportedItemResultsItem.from_dict(results_item_data)

            results.append(results_item)

        def _parse_sample(data: object) -> ImportedItemSampleType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                sample_type_0 = ImportedItemSampleType0.from_dict(data)

                return sample_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ImportedItemSampleType0 | None | Unset, data)

        sample = _parse_sample(d.pop("sample", UNSET))

        imported_item = cls(
            id=id,
            run_id=run_id,
            created_at=created_at,
            status=status,
            datasource_item_id=datasource_item_id,
            datasource_item=datasource_item,
            results=results,
            sample=sample,
        )

        imported_item.additional_properties = d
        return imported_item

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
