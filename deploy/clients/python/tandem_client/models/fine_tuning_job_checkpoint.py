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

if TYPE_CHECKING:
    from ..models.checkpoint_metrics import CheckpointMetrics
    from ..models.sample_answer import SampleAnswer


T = TypeVar("T", bound="FineTuningJobCheckpoint")


@_attrs_define
class FineTuningJobCheckpoint:
    """The model after one of the last epochs of a job, or after the best. `fine_tuned_model_checkpoint` is its name; use
    it as `model`.

    `answers`, an extension, has its answers to sample prompts.

        Attributes:
            id (str):
            object_ (Literal['fine_tuning.job.checkpoint']):  Default: 'fine_tuning.job.checkpoint'.
            created_at (int):
            fine_tuned_model_checkpoint (str):
            fine_tuning_job_id (str):
            step_number (int):
            metrics (CheckpointMetrics): What was measured at a step. Validation always reads the whole file, so its two
                losses are the same, as are its two accuracies.
            answers (list[SampleAnswer]):
    """

    id: str
    created_at: int
    fine_tuned_model_checkpoint: str
    fine_tuning_job_id: str
    step_number: int
    metrics: CheckpointMetrics
    answers: list[SampleAnswer]
    object_: Literal["fine_tuning.job.checkpoint"] = "fine_tuning.job.checkpoint"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        object_ = self.object_

        created_at = self.created_at

        fine_tuned_model_checkpoint = self.fine_tuned_model_checkpoint

        fine_tuning_job_id = self.fine_tuning_job_id

        step_number = self.step_number

        metrics = self.metrics.to_dict()

        answers = []
        for answers_item_data in self.answers:
            answers_item = answers_item_data.to_dict()
            answers.append(answers_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "object": object_,
                "created_at": created_at,
                "fine_tuned_model_checkpoint": fine_tuned_model_checkpoint,
                "fine_tuning_job_id": fine_tuning_job_id,
                "step_number": step_number,
                "metrics": metrics,
                "answers": answers,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.checkpoint_metrics import CheckpointMetrics  # noqa: PLC0415
        from ..models.sample_answer import SampleAnswer  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        object_ = cast(Literal["fine_tuning.job.checkpoint"], d.pop("object"))
        if object_ != "fine_tuning.job.checkpoint":
            raise ValueError(
                f"object must match const 'fine_tuning.job.checkpoint', got '{object_}'"
            )

        created_at = d.pop("created_at")

        fine_tuned_model_checkpoint = d.pop("fine_tuned_model_checkpoint")

        fine_tuning_job_id = d.pop("fine_tuning_job_id")

        step_number = d.pop("step_number")

        metrics = CheckpointMetrics.from_dict(d.pop("metrics"))

        answers = []
        _answers = d.pop("answers")
        for answers_item_data in _answers:
            answers_item = SampleAnswer.from_dict(answers_item_data)

            answers.append(answers_item)

        fine_tuning_job_checkpoint = cls(
            id=id,
            object_=object_,
            created_at=created_at,
            fine_tuned_model_checkpoint=fine_tuned_model_checkpoint,
            fine_tuning_job_id=fine_tuning_job_id,
            step_number=step_number,
            metrics=metrics,
            answers=answers,
        )

        fine_tuning_job_checkpoint.additional_properties = d
        return fine_tuning_job_checkpoint

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
