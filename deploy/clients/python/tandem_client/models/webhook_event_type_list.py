from __future__ import annotations

from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.webhook_event_type_list_data_item import (
    WebhookEventTypeListDataItem,
    check_webhook_event_type_list_data_item,
)

T = TypeVar("T", bound="WebhookEventTypeList")


@_attrs_define
class WebhookEventTypeList:
    """The types of events that are sent.

    Attributes:
        object_ (Literal['list']):  Default: 'list'.
        data (list[WebhookEventTypeListDataItem]):
    """

    data: list[WebhookEventTypeListDataItem]
    object_: Literal["list"] = "list"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        object_ = self.object_

        data = []
        for data_item_data in self.data:
            data_item: str = data_item_data
            data.append(data_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "object": object_,
                "data": data,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        object_ = cast(Literal["list"], d.pop("object"))
        if object_ != "list":
            raise ValueError(f"object must match const 'list', got '{object_}'")

        data = []
        _data = d.pop("data")
        for data_item_data in _data:
            data_item = check_webhook_event_type_list_data_item(data_item_data)

            data.append(data_item)

        webhook_event_type_list = cls(
            object_=object_,
            data=data,
        )

        webhook_event_type_list.additional_properties = d
        return webhook_event_type_list

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
