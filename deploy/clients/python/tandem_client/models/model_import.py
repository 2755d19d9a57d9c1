from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any, TypeVar

from attrs import define as _attrs_define

from .. import types
from ..types import UNSET, File, Unset

T = TypeVar("T", bound="ModelImport")


@_attrs_define
class ModelImport:
    """
    Attributes:
        file (File): A PEFT directory as .tar or .tar.gz.
        model (str): The base model that the adapter belongs to.
        suffix (str | Unset): A part of the new model's name.
    """

    file: File
    model: str
    suffix: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        file = self.file.to_tuple()

        model = self.model

        suffix = self.suffix

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "file": file,
                "model": model,
            }
        )
        if suffix is not UNSET:
            field_dict["suffix"] = suffix

        return field_dict

    def to_multipart(self) -> types.RequestFiles:
        files: types.RequestFiles = []

        files.append(("file", self.file.to_tuple()))

        files.append(("model", (None, str(self.model).encode(), "text/plain")))

        if not isinstance(self.suffix, Unset):
            files.append(("suffix", (None, str(self.suffix).encode(), "text/plain")))

        return files

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        file = File(payload=BytesIO(d.pop("file")))

        model = d.pop("model")

        suffix = d.pop("suffix", UNSET)

        model_import = cls(
            file=file,
            model=model,
            suffix=suffix,
        )

        return model_import
