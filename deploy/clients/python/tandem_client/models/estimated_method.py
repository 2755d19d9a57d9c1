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
    from ..models.supervised_method import SupervisedMethod


T = TypeVar("T", bound="EstimatedMethod")


@_attrs_define
class EstimatedMethod:
    """The `method` of a fine-tuning job. Only `supervised` can be estimated.

    Attributes:
        type_ (Literal['supervised'] | Unset):  Default: 'supervised'.
        supervised (SupervisedMethod | Unset): Hyperparameters of supervised fine-tuning. Extension: `lora`.
    """

    type_: Literal["supervised"] | Unset = "supervised"
    supervised: SupervisedMethod | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        supervised: dict[str, Any] | Unset = UNSET
        if not isinstance(self.supervised, Unset):
            supervised = self.supervised.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if type_ is not UNSET:
            field_dict["type"] = type_
        if supervised is not UNSET:
            field_dict["supervised"] = supervised

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.supervised_method import SupervisedMethod  # noqa: PLC0415

        d = dict(src_dict)
        type_ = cast(Literal["supervised"] | Unset, d.pop("type", UNSET))
        if type_ != "supervised" and not isinstance(type_, Unset):
            raise ValueError(f"type must match const 'supervised', got '{type_}'")

        _supervised = d.pop("supervised", UNSET)
        supervised: SupervisedMethod | Unset
        if isinstance(_supervised, Unset):
            supervised = UNSET
        else:
            supervised = SupervisedMethod.from_dict(_supervised)

        estimated_method = cls(
            type_=type_,
            supervised=supervised,
        )

        return estimated_method
