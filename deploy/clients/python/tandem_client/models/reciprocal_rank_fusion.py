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


T = TypeVar("T", bound="ReciprocalRankFusion")


@_attrs_define
class ReciprocalRankFusion:
    """Reciprocal rank fusion: the sum of weight / (k + rank), divided by the sum for a hit that is first in both lists.

    Attributes:
        type_ (Literal['rrf']):
        k (int | Unset):  Default: 60.
        weights (FusionWeights | Unset): The weight of each list relative to the other. At least one must be greater
            than 0.
    """

    type_: Literal["rrf"]
    k: int | Unset = 60
    weights: FusionWeights | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        k = self.k

        weights: dict[str, Any] | Unset = UNSET
        if not isinstance(self.weights, Unset):
            weights = self.weights.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
            }
        )
        if k is not UNSET:
            field_dict["k"] = k
        if weights is not UNSET:
            field_dict["weights"] = weights

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.fusion_weights import FusionWeights  # noqa: PLC0415

        d = dict(src_dict)
        type_ = cast(Literal["rrf"], d.pop("type"))
        if type_ != "rrf":
            raise ValueError(f"type must match const 'rrf', got '{type_}'")

        k = d.pop("k", UNSET)

        _weights = d.pop("weights", UNSET)
        weights: FusionWeights | Unset
        if isinstance(_weights, Unset):
            weights = UNSET
        else:
            weights = FusionWeights.from_dict(_weights)

        reciprocal_rank_fusion = cls(
            type_=type_,
            k=k,
            weights=weights,
        )

        return reciprocal_rank_fusion
