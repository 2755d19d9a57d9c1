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

T = TypeVar("T", bound="WebhookEndpoint")


@_attrs_define
class WebhookEndpoint:
    """An endpoint that events are sent to. `updated_at` is when it or its secret last changed.

    Attributes:
        id (str):
        object_ (Literal['webhook_endpoint']):  Default: 'webhook_endpoint'.
        created_at (int):
        event_types (list[str]):
        name (str):
        signing_secret_hint (str):
        updated_at (int):
        url (str):
    """

    id: str
    created_at: int
    event_types: list[str]
    name: str
    signing_secret_hint: str
    updated_at: int
    url: str
    object_: Literal["webhook_endpoint"] = "webhook_endpoint"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        object_ = self.object_

        created_at = self.created_at

        event_types = self.event_types

        name = self.name

        signing_secret_hint = self.signing_secret_hint

        updated_at = self.updated_at

        url = self.url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "object": object_,
                "created_at": created_at,
                "event_types": event_types,
                "name": name,
                "signing_secret_hint": signing_secret_hint,
                "updated_at": updated_at,
                "url": url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        object_ = cast(Literal["webhook_endpoint"], d.pop("object"))
        if object_ != "webhook_endpoint":
            raise ValueError(
                f"object must match const 'webhook_endpoint', got '{object_}'"
            )

        created_at = d.pop("created_at")

        event_types = cast(list[str], d.pop("event_types"))

        name = d.pop("name")

        signing_secret_hint = d.pop("signing_secret_hint")

        updated_at = d.pop("updated_at")

        url = d.pop("url")

        webhook_endpoint = cls(
            id=id,
            object_=object_,
            created_at=created_at,
            event_types=event_types,
            name=name,
            signing_secret_hint=signing_secret_hint,
            updated_at=updated_at,
            url=url,
        )

        webhook_endpoint.additional_properties = d
        return webhook_endpoint

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
