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

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.fusion_weights import FusionWeights


T = TypeVar("T", bound="DistributionFusion")


@_attrs_define
class DistributionFusion:
    """Distribution-based score fusion: the weighted mean of both scores, scaled to three standard deviations around each
    list's mean.

        Attributes:
            type_ (Literal['dbsf']):
            weights (FusionWeights | Unset): The weight of each list relative to the other. At least one must be greater
                than 0.
    """

    type_: Literal["dbsf"]
    weights: FusionWeights | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        weights: dict[str, Any] | Unset = UNSET
        if not isinstance(self.weights, Unset):
            weights = self.weights.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
            }
        )
        if weights is not UNSET:
            field_dict["weights"] = weights

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.fusion_weights import FusionWeights  # noqa: PLC0415

        d = dict(src_dict)
        type_ = cast(Literal["dbsf"], d.pop("type"))
        if type_ != "dbsf":
            raise ValueError(f"type must match const 'dbsf', got '{type_}'")

        _weights = d.pop("weights", UNSET)
        weights: FusionWeights | Unset
        if isinstance(_weights, Unset):
            weights = UNSET
        else:
            weights = FusionWeights.from_dict(_weights)

        distribution_fusion = cls(
            type_=type_,
            weights=weights,
        )

        return distribution_fusion
