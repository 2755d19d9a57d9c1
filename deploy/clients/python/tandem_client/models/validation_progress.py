from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.validation_progress_file import (
    ValidationProgressFile,
    check_validation_progress_file,
)

T = TypeVar("T", bound="ValidationProgress")


@_attrs_define
class ValidationProgress:
    """How far the check is: bytes of both files together, and lines and problems of the file that is being read.

    After the files are read, `examples_counted` examples of a file have had their tokens counted.

        Attributes:
            file (ValidationProgressFile):
            percent (float):
            bytes_read (int):
            bytes_ (int):
            lines (int):
            num_problems (int):
            examples_counted (int):  Default: 0.
    """

    file: ValidationProgressFile
    percent: float
    bytes_read: int
    bytes_: int
    lines: int
    num_problems: int
    examples_counted: int = 0
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        file: str = self.file

        percent = self.percent

        bytes_read = self.bytes_read

        bytes_ = self.bytes_

        lines = self.lines

        num_problems = self.num_problems

        examples_counted = self.examples_counted

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "file": file,
                "percent": percent,
                "bytes_read": bytes_read,
                "bytes": bytes_,
                "lines": lines,
                "num_problems": num_problems,
                "examples_counted": examples_counted,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        file = check_validation_progress_file(d.pop("file"))

        percent = d.pop("percent")

        bytes_read = d.pop("bytes_read")

        bytes_ = d.pop("bytes")

        lines = d.pop("lines")

        num_problems = d.pop("num_problems")

        examples_counted = d.pop("examples_counted")

        validation_progress = cls(
            file=file,
            percent=percent,
            bytes_read=bytes_read,
            bytes_=bytes_,
            lines=lines,
            num_problems=num_problems,
            examples_counted=examples_counted,
        )

        validation_progress.additional_properties = d
        return validation_progress

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
