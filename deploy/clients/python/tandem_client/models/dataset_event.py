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

from ..models.dataset_event_level import DatasetEventLevel, check_dataset_event_level
from ..models.dataset_event_type import DatasetEventType, check_dataset_event_type

if TYPE_CHECKING:
    from ..models.dataset_event_data_type_0 import DatasetEventDataType0


T = TypeVar("T", bound="DatasetEvent")


@_attrs_define
class DatasetEvent:
    """Something that happened to a dataset's job.

    Attributes:
        id (str):
        object_ (Literal['dataset.event']):  Default: 'dataset.event'.
        created_at (int):
        level (DatasetEventLevel):
        message (str):
        type_ (DatasetEventType):  Default: 'message'.
        data (DatasetEventDataType0 | None):
    """

    id: str
    created_at: int
    level: DatasetEventLevel
    message: str
    data: DatasetEventDataType0 | None
    object_: Literal["dataset.event"] = "dataset.event"
    type_: DatasetEventType = "message"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.dataset_event_data_type_0 import DatasetEventDataType0  # noqa: PLC0415

        id = self.id

        object_ = self.object_

        created_at = self.created_at

        level: str = self.level

        message = self.message

        type_: str = self.type_

        data: dict[str, Any] | None
        if isinstance(self.data, DatasetEventDataType0):
            data = self.data.to_dict()
        else:
            data = self.data

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "object": object_,
                "created_at": created_at,
                "level": level,
                "message": message,
                "type": type_,
                "data": data,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.dataset_event_data_type_0 import DatasetEventDataType0  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        object_ = cast(Literal["dataset.event"], d.pop("object"))
        if object_ != "dataset.event":
            raise ValueError(
                f"object must match const 'dataset.event', got '{object_}'"
            )

        created_at = d.pop("created_at")

        level = check_dataset_event_level(d.pop("level"))

        message = d.pop("message")

        type_ = check_dataset_event_type(d.pop("type"))

        def _parse_data(data: object) -> DatasetEventDataType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                data_type_0 = DatasetEventDataType0.from_dict(data)

                return data_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DatasetEventDataType0 | None, data)

        data = _parse_data(d.pop("data"))

        dataset_event = cls(
            id=id,
            object_=object_,
            created_at=created_at,
            level=level,
            message=message,
            type_=type_,
            data=data,
        )

        dataset_event.additional_properties = d
        return dataset_event

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
