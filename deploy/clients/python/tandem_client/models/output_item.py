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

from ..models.output_item_status import OutputItemStatus, check_output_item_status

if TYPE_CHECKING:
    from ..models.item_result import ItemResult
    from ..models.item_sample import ItemSample
    from ..models.output_item_datasource_item import OutputItemDatasourceItem


T = TypeVar("T", bound="OutputItem")


@_attrs_define
class OutputItem:
    """An output item, as the API shows it.

    Attributes:
        id (str):
        object_ (Literal['eval.run.output_item']):  Default: 'eval.run.output_item'.
        created_at (int):
        run_id (str):
        eval_id (str):
        status (OutputItemStatus):
        datasource_item_id (int):
        datasource_item (OutputItemDatasourceItem):
        results (list[ItemResult]):
        sample (ItemSample | None):
    """

    id: str
    created_at: int
    run_id: str
    eval_id: str
    status: OutputItemStatus
    datasource_item_id: int
    datasource_item: OutputItemDatasourceItem
    results: list[ItemResult]
    sample: ItemSample | None
    object_: Literal["eval.run.output_item"] = "eval.run.output_item"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.item_sample import ItemSample  # noqa: PLC0415

        id = self.id

        object_ = self.object_

        created_at = self.created_at

        run_id = self.run_id

        eval_id = self.eval_id

        status: str = self.status

        datasource_item_id = self.datasource_item_id

        datasource_item = self.datasource_item.to_dict()

        results = []
        for results_item_data in self.results:
            results_item = results_item_data.to_dict()
            results.append(results_item)

        sample: dict[str, Any] | None
        if isinstance(self.sample, ItemSample):
            sample = self.sample.to_dict()
        else:
            sample = self.sample

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "object": object_,
                "created_at": created_at,
                "run_id": run_id,
                "eval_id": eval_id,
                "status": status,
                "datasource_item_id": datasource_item_id,
                "datasource_item": datasource_item,
                "results": results,
                "sample": sample,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.item_result import ItemResult  # noqa: PLC0415
        from ..models.item_sample import ItemSample  # noqa: PLC0415
        from ..models.output_item_datasource_item import OutputItemDatasourceItem  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        object_ = cast(Literal["eval.run.output_item"], d.pop("object"))
        if object_ != "eval.run.output_item":
            raise ValueError(
                f"object must match const 'eval.run.output_item', got '{object_}'"
            )

        created_at = d.pop("created_at")

        run_id = d.pop("run_id")

        eval_id = d.pop("eval_id")

        status = check_output_item_status(d.pop("status"))

        datasource_item_id = d.pop("datasource_item_id")

        datasource_item = OutputItemDatasourceItem.from_dict(d.pop("datasource_item"))

        results = []
        _results = d.pop("results")
        for results_item_data in _results:
            results_item = ItemResult.from_dict(results_item_data)

            results.append(results_item)

        def _parse_sample(data: object) -> ItemSample | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                sample_type_0 = ItemSample.from_dict(data)

                return sample_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ItemSample | None, data)

        sample = _parse_sample(d.pop("sample"))

        output_item = cls(
            id=id,
            object_=object_,
            created_at=created_at,
            run_id=run_id,
            eval_id=eval_id,
            status=status,
            datasource_item_id=datasource_item_id,
            datasource_item=datasource_item,
            results=results,
            sample=sample,
        )

        output_item.additional_properties = d
        return output_item

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
