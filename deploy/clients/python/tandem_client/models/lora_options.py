from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.lora_options_target_modules_type_0 import (
    LoraOptionsTargetModulesType0,
    check_lora_options_target_modules_type_0,
)
from ..types import UNSET, Unset

T = TypeVar("T", bound="LoraOptions")


@_attrs_define
class LoraOptions:
    """Extension: the shape of the adapter (Hu et al. 2021): rank `r`, scale `alpha / r`, dropout, and the layers that get
    one.

    With `use_rslora`, the scale is `alpha / sqrt(r)` (Kalajdzievski 2023, arXiv:2312.03732), which lets higher ranks
    learn more.
    `load_in_4bit` is named as in TRL.

        Attributes:
            rank (int | Unset):  Default: 16.
            alpha (float | None | Unset): Default: twice the rank, or 8 with `use_rslora`: the same scale at rank 16.
            dropout (float | Unset):  Default: 0.0.
            use_rslora (bool | Unset):  Default: False.
            target_modules (list[str] | LoraOptionsTargetModulesType0 | Unset): The linear layers that are adapted, by the
                last part of their names (`q_proj`). Default: 'all-linear'.
            load_in_4bit (bool | Unset): Keep the base model in 4 bits (NF4) while the adapter is trained, which takes less
                memory (QLoRA). This needs a GPU. Default: False.
    """

    rank: int | Unset = 16
    alpha: float | None | Unset = UNSET
    dropout: float | Unset = 0.0
    use_rslora: bool | Unset = False
    target_modules: list[str] | LoraOptionsTargetModulesType0 | Unset = "all-linear"
    load_in_4bit: bool | Unset = False

    def to_dict(self) -> dict[str, Any]:
        rank = self.rank

        alpha: float | None | Unset
        if isinstance(self.alpha, Unset):
            alpha = UNSET
        else:
            alpha = self.alpha

        dropout = self.dropout

        use_rslora = self.use_rslora

        target_modules: list[str] | str | Unset
        if isinstance(self.target_modules, Unset):
            target_modules = UNSET
        elif isinstance(self.target_modules, str):
            target_modules = self.target_modules
        else:
            target_modules = self.target_modules

        load_in_4bit = self.load_in_4bit

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if rank is not UNSET:
            field_dict["rank"] = rank
        if alpha is not UNSET:
            field_dict["alpha"] = alpha
        if dropout is not UNSET:
            field_dict["dropout"] = dropout
        if use_rslora is not UNSET:
            field_dict["use_rslora"] = use_rslora
        if target_modules is not UNSET:
            field_dict["target_modules"] = target_modules
        if load_in_4bit is not UNSET:
            field_dict["load_in_4bit"] = load_in_4bit

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

        use_rslora = d.pop("use_rslora", UNSET)

        def _parse_target_modules(
            data: object,
        ) -> list[str] | LoraOptionsTargetModulesType0 | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                target_modules_type_0 = check_lora_options_target_modules_type_0(data)

                return target_modules_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, list):
                raise TypeError()
            target_modules_type_1 = cast(list[str], data)

            return target_modules_type_1

        target_modules = _parse_target_modules(d.pop("target_modules", UNSET))

        load_in_4bit = d.pop("load_in_4bit", UNSET)

        lora_options = cls(
            rank=rank,
            alpha=alpha,
            dropout=dropout,
            use_rslora=use_rslora,
            target_modules=target_modules,
            load_in_4bit=load_in_4bit,
        )

        return lora_options
