from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="LoraOptions")


@_attrs_define
class LoraOptions:
    """Extension: the shape of the adapter (Hu et al. 2021): rank `r`, scale `alpha / r`, dropout.

    Attributes:
        rank (int | Unset):  Default: 16.
        alpha (float | None | Unset): Default: twice the rank.
        dropout (float | Unset):  Default: 0.0.
    """

    rank: int | Unset = 16
    alpha: float | None | Unset = UNSET
    dropout: float | Unset = 0.0

    def to_dict(self) -> dict[str, Any]:
        rank = self.rank

        alpha: float | None | Unset
        if isinstance(self.alpha, Unset):
            alpha = UNSET
        else:
            alpha = self.alpha

        dropout = self.dropout

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if rank is not UNSET:
            field_dict["rank"] = rank
        if alpha is not UNSET:
            field_dict["alpha"] = alpha
        if dropout is not UNSET:
            field_dict["dropout"] = dropout

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        rank = d.pop("rank", UNSET)

        def _parse_alpha(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        alpha = _parse_alpha(d.pop("alpha", UNSET))

        dropout = d.pop("dropout", UNSET)

        lora_options = cls(
            rank=rank,
            alpha=alpha,
            dropout=dropout,
        )

        return lora_options
