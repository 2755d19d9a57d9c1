from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.dpo_hyperparameters import DpoHyperparameters
    from ..models.lora_options import LoraOptions


T = TypeVar("T", bound="DpoMethod")


@_attrs_define
class DpoMethod:
    """Hyperparameters of direct preference optimization. Extension: `lora`.

    Attributes:
        hyperparameters (DpoHyperparameters | Unset): Hyperparameters of direct preference optimization: `beta`, and
            those of supervised fine-tuning.
        lora (LoraOptions | Unset): Extension: the shape of the adapter (Hu et al. 2021): rank `r`, scale `alpha / r`,
            dropout, and the layers that get one.

            With `use_rslora`, the scale is `alpha / sqrt(r)` (Kalajdzievski 2023, arXiv:2312.03732), which lets higher
            ranks learn more.
            `load_in_4bit` is named as in TRL.
    """

    hyperparameters: DpoHyperparameters | Unset = UNSET
    lora: LoraOptions | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        hyperparameters: dict[str, Any] | Unset = UNSET
        if not isinstance(self.hyperparameters, Unset):
            hyperparameters = self.hyperparameters.to_dict()

        lora: dict[str, Any] | Unset = UNSET
        if not isinstance(self.lora, Unset):
            lora = self.lora.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if hyperparameters is not UNSET:
            field_dict["hyperparameters"] = hyperparameters
        if lora is not UNSET:
            field_dict["lora"] = lora

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.dpo_hyperparameters import DpoHyperparameters  # noqa: PLC0415
        from ..models.lora_options import LoraOptions  # noqa: PLC0415

        d = dict(src_dict)
        _hyperparameters = d.pop("hyperparameters", UNSET)
        hyperparameters: DpoHyperparameters | Unset
        if isinstance(_hyperparameters, Unset):
            hyperparameters = UNSET
        else:
            hyperparameters = DpoHyperparameters.from_dict(_hyperparameters)

        _lora = d.pop("lora", UNSET)
        lora: LoraOptions | Unset
        if isinstance(_lora, Unset):
            lora = UNSET
        else:
            lora = LoraOptions.from_dict(_lora)

        dpo_method = cls(
            hyperparameters=hyperparameters,
            lora=lora,
        )

        return dpo_method
