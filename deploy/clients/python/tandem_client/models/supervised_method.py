from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.hyperparameters import Hyperparameters
    from ..models.lora_options import LoraOptions


T = TypeVar("T", bound="SupervisedMethod")


@_attrs_define
class SupervisedMethod:
    """Hyperparameters of supervised fine-tuning. Extension: `lora`.

    Attributes:
        hyperparameters (Hyperparameters | Unset): OpenAI's hyperparameters, then extensions with the names that TRL has
            for them.

            With `auto` the trainer chooses. The learning rate is the multiplier times 1e-4.
        lora (LoraOptions | Unset): Extension: the shape of the adapter (Hu et al. 2021): rank `r`, scale `alpha / r`,
            dropout, and the layers that get one.

            With `use_rslora`, the scale is `alpha / sqrt(r)` (Kalajdzievski 2023, arXiv:2312.03732), which lets higher
            ranks learn more.
            `load_in_4bit` is named as in TRL.
    """

    hyperparameters: Hyperparameters | Unset = UNSET
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
        from ..models.hyperparameters import Hyperparameters  # noqa: PLC0415
        from ..models.lora_options import LoraOptions  # noqa: PLC0415

        d = dict(src_dict)
        _hyperparameters = d.pop("hyperparameters", UNSET)
        hyperparameters: Hyperparameters | Unset
        if isinstance(_hyperparameters, Unset):
            hyperparameters = UNSET
        else:
            hyperparameters = Hyperparameters.from_dict(_hyperparameters)

        _lora = d.pop("lora", UNSET)
        lora: LoraOptions | Unset
        if isinstance(_lora, Unset):
            lora = UNSET
        else:
            lora = LoraOptions.from_dict(_lora)

        supervised_method = cls(
            hyperparameters=hyperparameters,
            lora=lora,
        )

        return supervised_method
