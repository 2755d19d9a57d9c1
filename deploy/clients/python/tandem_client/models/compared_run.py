from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.pass_rate import PassRate


T = TypeVar("T", bound="ComparedRun")


@_attrs_define
class ComparedRun:
    """One of the runs. Its pass rate is that of the items that are compared, with the 95% interval of this run alone.

    Attributes:
        run_id (str):
        name (str):
        model (None | str):
        pass_rate (PassRate): Extension: the share of graded items that passed, with its 95% interval (Wilson's). Items
            that errored are left out.
    """

    run_id: str
    name: str
    model: None | str
    pass_rate: PassRate
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        run_id = self.run_id

        name = self.name

        model: None | str
        model = self.model

        pass_rate = self.pass_rate.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "run_id": run_id,
                "name": name,
                "model": model,
                "pass_rate": pass_rate,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.pass_rate import PassRate  # noqa: PLC0415

        d = dict(src_dict)
        run_id = d.pop("run_id")

        name = d.pop("name")

        def _parse_model(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        model = _parse_model(d.pop("model"))

        pass_rate = PassRate.from_dict(d.pop("pass_rate"))

        compared_run = cls(
            run_id=run_id,
            name=name,
            model=model,
            pass_rate=pass_rate,
        )

        compared_run.additional_properties = d
        return compared_run

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
