from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.model_export_create_dtype import (
    ModelExportCreateDtype,
    check_model_export_create_dtype,
)
from ..types import UNSET, Unset

T = TypeVar("T", bound="ModelExportCreate")


@_attrs_define
class ModelExportCreate:
    """Body of `POST /v1/models/{model}/export`.

    Attributes:
        merge (bool | Unset): Must be true: the adapter is added to the base model's weights. Default: True.
        dtype (ModelExportCreateDtype | Unset): The data type of the weights. Default: 'bfloat16'.
    """

    merge: bool | Unset = True
    dtype: ModelExportCreateDtype | Unset = "bfloat16"

    def to_dict(self) -> dict[str, Any]:
        merge = self.merge

        dtype: str | Unset = UNSET
        if not isinstance(self.dtype, Unset):
            dtype = self.dtype

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if merge is not UNSET:
            field_dict["merge"] = merge
        if dtype is not UNSET:
            field_dict["dtype"] = dtype

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        merge = d.pop("merge", UNSET)

        _dtype = d.pop("dtype", UNSET)
        dtype: ModelExportCreateDtype | Unset
        if isinstance(_dtype, Unset):
            dtype = UNSET
        else:
            dtype = check_model_export_create_dtype(_dtype)

        model_export_create = cls(
            merge=merge,
            dtype=dtype,
        )

        return model_export_create
