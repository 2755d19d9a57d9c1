from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.row_item import RowItem
    from ..models.row_sample_type_0 import RowSampleType0


T = TypeVar("T", bound="Row")


@_attrs_define
class Row:
    """A row of data. `sample` is the answer to grade, if no model is asked: a chat completion, a response, or the fields
    of one.

        Attributes:
            item (RowItem):
            sample (None | RowSampleType0 | Unset):
    """

    item: RowItem
    sample: None | RowSampleType0 | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.row_sample_type_0 import RowSampleType0  # noqa: PLC0415

        item = self.item.to_dict()

        sample: dict[str, Any] | None | Unset
        if isinstance(self.sample, Unset):
            sample = UNSET
        elif isinstance(self.sample, RowSampleType0):
            sample = self.sample.to_dict()
        else:
            sample = self.sample

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "item": item,
            }
        )
        if sample is not UNSET:
            field_dict["sample"] = sample

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.row_item import RowItem  # noqa: PLC0415
        from ..models.row_sample_type_0 import RowSampleType0  # noqa: PLC0415

        d = dict(src_dict)
        item = RowItem.from_dict(d.pop("item"))

        def _parse_sample(data: object) -> None | RowSampleType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                sample_type_0 = RowSampleType0.from_dict(data)

                return sample_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RowSampleType0 | Unset, data)

        sample = _parse_sample(d.pop("sample", UNSET))

        row = cls(
            item=item,
            sample=sample,
        )

        return row
