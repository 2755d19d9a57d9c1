from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.grader_run_metadata import GraderRunMetadata
    from ..models.grader_run_response_model_grader_token_usage_per_model import (
        GraderRunResponseModelGraderTokenUsagePerModel,
    )
    from ..models.grader_run_response_sub_rewards import GraderRunResponseSubRewards


T = TypeVar("T", bound="GraderRunResponse")


@_attrs_define
class GraderRunResponse:
    """The reward of an answer: 0 if it could not be graded, as `metadata.errors` then says.

    Attributes:
        reward (float):
        metadata (GraderRunMetadata): How the reward came about.
        sub_rewards (GraderRunResponseSubRewards): The scores of the graders of a `multi`; 0 for those with an error.
        model_grader_token_usage_per_model (GraderRunResponseModelGraderTokenUsagePerModel):
    """

    reward: float
    metadata: GraderRunMetadata
    sub_rewards: GraderRunResponseSubRewards
    model_grader_token_usage_per_model: GraderRunResponseModelGraderTokenUsagePerModel
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        reward = self.reward

        metadata = self.metadata.to_dict()

        sub_rewards = self.sub_rewards.to_dict()

        model_grader_token_usage_per_model = (
            self.model_grader_token_usage_per_model.to_dict()
        )

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "reward": reward,
                "metadata": metadata,
                "sub_rewards": sub_rewards,
                "model_grader_token_usage_per_model": model_grader_token_usage_per_model,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.grader_run_metadata import GraderRunMetadata  # noqa: PLC0415
        from ..models.grader_run_response_model_grader_token_usage_per_model import (
            GraderRunResponseModelGraderTokenUsagePerModel,  # noqa: PLC0415
        )
        from ..models.grader_run_response_sub_rewards import GraderRunResponseSubRewards  # noqa: PLC0415

        d = dict(src_dict)
        reward = d.pop("reward")

        metadata = GraderRunMetadata.from_dict(d.pop("metadata"))

        sub_rewards = GraderRunResponseSubRewards.from_dict(d.pop("sub_rewards"))

        model_grader_token_usage_per_model = (
            GraderRunResponseModelGraderTokenUsagePerModel.from_dict(
                d.pop("model_grader_token_usage_per_model")
            )
        )

        grader_run_response = cls(
            reward=reward,
            metadata=metadata,
            sub_rewards=sub_rewards,
            model_grader_token_usage_per_model=model_grader_token_usage_per_model,
        )

        grader_run_response.additional_properties = d
        return grader_run_response

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
