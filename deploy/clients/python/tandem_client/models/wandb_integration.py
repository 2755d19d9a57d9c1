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

if TYPE_CHECKING:
    from ..models.wandb_options import WandbOptions


T = TypeVar("T", bound="WandbIntegration")


@_attrs_define
class WandbIntegration:
    """Reports the job to Weights & Biases.

    Attributes:
        type_ (Literal['wandb']):
        wandb (WandbOptions): Where a run is in Weights & Biases. `entity` defaults to that of the operator's key,
            `name` to the id of the job.

            `project` must not contain `/`, `\\`, `#`, `?`, `%` or `:`.
    """

    type_: Literal["wandb"]
    wandb: WandbOptions

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        wandb = self.wandb.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
                "wandb": wandb,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.wandb_options import WandbOptions  # noqa: PLC0415

        d = dict(src_dict)
        type_ = cast(Literal["wandb"], d.pop("type"))
        if type_ != "wandb":
            raise ValueError(f"type must match const 'wandb', got '{type_}'")

        wandb = WandbOptions.from_dict(d.pop("wandb"))

        wandb_integration = cls(
            type_=type_,
            wandb=wandb,
        )

        return wandb_integration
