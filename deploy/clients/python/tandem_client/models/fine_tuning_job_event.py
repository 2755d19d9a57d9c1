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

from ..models.fine_tuning_job_event_level import (
    FineTuningJobEventLevel,
    check_fine_tuning_job_event_level,
)
from ..models.fine_tuning_job_event_type import (
    FineTuningJobEventType,
    check_fine_tuning_job_event_type,
)

if TYPE_CHECKING:
    from ..models.fine_tuning_job_event_data import FineTuningJobEventData


T = TypeVar("T", bound="FineTuningJobEvent")


@_attrs_define
class FineTuningJobEvent:
    """Something that happened to a job.

    The `data` of a `metrics` event has `step` and `total_steps`, and those of `train_loss`,
    `train_mean_token_accuracy`, `valid_loss`,
    `full_valid_loss`, `valid_mean_token_accuracy` and `full_valid_mean_token_accuracy` that were measured at the step.
    Validation always
    reads the whole file, so both of its losses are the same. Extensions: `percent`, `seconds_left`,
    `tokens_per_second`,
    `peak_memory_bytes`, `learning_rate` and `grad_norm`. With the method `dpo`, there is no token accuracy. Instead,
    there are
    `train_reward_accuracy` and `valid_reward_accuracy`, the share of pairs in which the preferred answer has the higher
    reward, and
    `train_reward_margin` and `valid_reward_margin`, how much higher it is on average.

        Attributes:
            id (str):
            object_ (Literal['fine_tuning.job.event']):  Default: 'fine_tuning.job.event'.
            created_at (int):
            level (FineTuningJobEventLevel):
            message (str):
            type_ (FineTuningJobEventType):  Default: 'message'.
            data (FineTuningJobEventData):
    """

    id: str
    created_at: int
    level: FineTuningJobEventLevel
    message: str
    data: FineTuningJobEventData
    object_: Literal["fine_tuning.job.event"] = "fine_tuning.job.event"
    type_: FineTuningJobEventType = "message"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        object_ = self.object_

        created_at = self.created_at

        level: str = self.level

        message = self.message

        type_: str = self.type_

        data = self.data.to_dict()

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
        from ..models.fine_tuning_job_event_data import FineTuningJobEventData  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        object_ = cast(Literal["fine_tuning.job.event"], d.pop("object"))
        if object_ != "fine_tuning.job.event":
            raise ValueError(
                f"object must match const 'fine_tuning.job.event', got '{object_}'"
            )

        created_at = d.pop("created_at")

        level = check_fine_tuning_job_event_level(d.pop("level"))

        message = d.pop("message")

        type_ = check_fine_tuning_job_event_type(d.pop("type"))

        data = FineTuningJobEventData.from_dict(d.pop("data"))

        fine_tuning_job_event = cls(
            id=id,
            object_=object_,
            created_at=created_at,
            level=level,
            message=message,
            type_=type_,
            data=data,
        )

        fine_tuning_job_event.additional_properties = d
        return fine_tuning_job_event

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
