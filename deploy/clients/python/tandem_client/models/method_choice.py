from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.method_choice_type import MethodChoiceType, check_method_choice_type
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.method_choice_dpo_type_0 import MethodChoiceDpoType0
    from ..models.method_choice_supervised_type_0 import MethodChoiceSupervisedType0


T = TypeVar("T", bound="MethodChoice")


@_attrs_define
class MethodChoice:
    """The `method` of a fine-tuning job. Only its `type` and the `max_length` of its hyperparameters matter here.

    Attributes:
        type_ (MethodChoiceType | Unset):  Default: 'supervised'.
        supervised (MethodChoiceSupervisedType0 | None | Unset):
        dpo (MethodChoiceDpoType0 | None | Unset):
    """

    type_: MethodChoiceType | Unset = "supervised"
    supervised: MethodChoiceSupervisedType0 | None | Unset = UNSET
    dpo: MethodChoiceDpoType0 | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.method_choice_dpo_type_0 import MethodChoiceDpoType0  # noqa: PLC0415
        from ..models.method_choice_supervised_type_0 import MethodChoiceSupervisedType0  # noqa: PLC0415

        type_: str | Unset = UNSET
        if not isinstance(self.type_, Unset):
            type_ = self.type_

        supervised: dict[str, Any] | None | Unset
        if isinstance(self.supervised, Unset):
            supervised = UNSET
        elif isinstance(self.supervised, MethodChoiceSupervisedType0):
            supervised = self.supervised.to_dict()
        else:
            supervised = self.supervised

        dpo: dict[str, Any] | None | Unset
        if isinstance(self.dpo, Unset):
            dpo = UNSET
        elif isinstance(self.dpo, MethodChoiceDpoType0):
            dpo = self.dpo.to_dict()
        else:
            dpo = self.dpo

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if type_ is not UNSET:
            field_dict["type"] = type_
        if supervised is not UNSET:
            field_dict["supervised"] = supervised
        if dpo is not UNSET:
            field_dict["dpo"] = dpo

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.method_choice_dpo_type_0 import MethodChoiceDpoType0  # noqa: PLC0415
        from ..models.method_choice_supervised_type_0 import MethodChoiceSupervisedType0  # noqa: PLC0415

        d = dict(src_dict)
        _type_ = d.pop("type", UNSET)
        type_: MethodChoiceType | Unset
        if isinstance(_type_, Unset):
            type_ = UNSET
        else:
            type_ = check_method_choice_type(_type_)

        def _parse_supervised(
            data: object,
        ) -> MethodChoiceSupervisedType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                supervised_type_0 = MethodChoiceSupervisedType0.from_dict(data)

                return supervised_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MethodChoiceSupervisedType0 | None | Unset, data)

        supervised = _parse_supervised(d.pop("supervised", UNSET))

        def _parse_dpo(data: object) -> MethodChoiceDpoType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                dpo_type_0 = MethodChoiceDpoType0.from_dict(data)

                return dpo_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MethodChoiceDpoType0 | None | Unset, data)

        dpo = _parse_dpo(d.pop("dpo", UNSET))

        method_choice = cls(
            type_=type_,
            supervised=supervised,
            dpo=dpo,
        )

        return method_choice
