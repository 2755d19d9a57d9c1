from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.webhook_endpoint_create_event_types_item import (
    WebhookEndpointCreateEventTypesItem,
    check_webhook_endpoint_create_event_types_item,
)

T = TypeVar("T", bound="WebhookEndpointCreate")


@_attrs_define
class WebhookEndpointCreate:
    """Body of `POST /v1/webhook_endpoints`.

    Attributes:
        event_types (list[WebhookEndpointCreateEventTypesItem]):
        name (str):
        url (str): Must begin with `https://` and have a public host, unless the server's settings allow others.
    """

    event_types: list[WebhookEndpointCreateEventTypesItem]
    name: str
    url: str

    def to_dict(self) -> dict[str, Any]:
        event_types = []
        for event_types_item_data in self.event_types:
            event_types_item: str = event_types_item_data
            event_types.append(event_types_item)

        name = self.name

        url = self.url

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "event_types": event_types,
                "name": name,
                "url": url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        event_types = []
        _event_types = d.pop("event_types")
        for event_types_item_data in _event_types:
            event_types_item = check_webhook_endpoint_create_event_types_item(
                event_types_item_data
            )

            event_types.append(event_types_item)

        name = d.pop("name")

        url = d.pop("url")

        webhook_endpoint_create = cls(
            event_types=event_types,
            name=name,
            url=url,
        )

        return webhook_endpoint_create
