from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.method_type import MethodType, check_method_type
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.dpo_method import DpoMethod
    from ..models.supervised_method import SupervisedMethod


T = TypeVar("T", bound="Method")


@_attrs_define
class Method:
    """How to fine-tune: on the answers of chats (`supervised`), or on pairs of a preferred and another answer (`dpo`).

    Attributes:
        type_ (MethodType | Unset):  Default: 'supervised'.
        supervised (None | SupervisedMethod | Unset):
        dpo (DpoMethod | None | Unset):
    """

    type_: MethodType | Unset = "supervised"
    supervised: None | SupervisedMethod | Unset = UNSET
    dpo: DpoMethod | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.dpo_method import DpoMethod  # noqa: PLC0415
        from ..models.supervised_method import SupervisedMethod  # noqa: PLC0415

        type_: str | Unset = UNSET
        if not isinstance(self.type_, Unset):
            type_ = self.type_

        supervised: dict[str, Any] | None | Unset
        if isinstance(self.supervised, Unset):
            supervised = UNSET
        elif isinstance(self.supervised, SupervisedMethod):
            supervised = self.supervised.to_dict()
        else:
            supervised = self.supervised

        dpo: dict[str, Any] | None | Unset
        if isinstance(self.dpo, Unset):
            dpo = UNSET
        elif isinstance(self.dpo, DpoMethod):
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
        from ..models.dpo_method import DpoMethod  # noqa: PLC0415
        from ..models.supervised_method import SupervisedMethod  # noqa: PLC0415

        d = dict(src_dict)
        _type_ = d.pop("type", UNSET)
        type_: MethodType | Unset
        if isinstance(_type_, Unset):
            type_ = UNSET
        else:
            type_ = check_method_type(_type_)

        def _parse_supervised(data: object) -> None | SupervisedMethod | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                supervised_type_0 = SupervisedMethod.from_dict(data)

                return supervised_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SupervisedMethod | Unset, data)

        supervised = _parse_supervised(d.pop("supervised", UNSET))

        def _parse_dpo(data: object) -> DpoMethod | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                dpo_type_0 = DpoMethod.from_dict(data)

                return dpo_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DpoMethod | None | Unset, data)

        dpo = _parse_dpo(d.pop("dpo", UNSET))

        method = cls(
            type_=type_,
            supervised=supervised,
            dpo=dpo,
        )

        return method
