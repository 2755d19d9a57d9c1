from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.file_validation_format_type_0 import (
    FileValidationFormatType0,
    check_file_validation_format_type_0,
)

if TYPE_CHECKING:
    from ..models.example_lengths import ExampleLengths
    from ..models.example_tokens import ExampleTokens
    from ..models.file_problem import FileProblem
    from ..models.file_validation_messages import FileValidationMessages
    from ..models.file_warning import FileWarning


T = TypeVar("T", bound="FileValidation")


@_attrs_define
class FileValidation:
    """What was found in a file. `problems` has the first 100 of `num_problems`.

    If `complete` is false, the last problem prevents reading the rest. `format` is null if no line is valid. `messages`
    counts the messages
    by role, as they are trained; `lengths` is null without examples. `tokens` is null without `model`, and if no tokens
    could be counted:
    the warning `tokens_not_counted`, or problems with the code `chat_template`, then say why.

        Attributes:
            id (str):
            filename (str):
            bytes_ (int):
            valid (bool):
            complete (bool):
            format_ (FileValidationFormatType0 | None):
            examples (int):
            wrong_lines (int):
            messages (FileValidationMessages):
            num_problems (int):
            problems (list[FileProblem]):
            warnings (list[FileWarning]):
            lengths (ExampleLengths | None):
            tokens (ExampleTokens | None):
    """

    id: str
    filename: str
    bytes_: int
    valid: bool
    complete: bool
    format_: FileValidationFormatType0 | None
    examples: int
    wrong_lines: int
    messages: FileValidationMessages
    num_problems: int
    problems: list[FileProblem]
    warnings: list[FileWarning]
    lengths: ExampleLengths | None
    tokens: ExampleTokens | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.example_lengths import ExampleLengths  # noqa: PLC0415
        from ..models.example_tokens import ExampleTokens  # noqa: PLC0415

        id = self.id

        filename = self.filename

        bytes_ = self.bytes_

        valid = self.valid

        complete = self.complete

        format_: None | str
        if isinstance(self.format_, str):
            format_ = self.format_
        else:
            format_ = self.format_

        examples = self.examples

        wrong_lines = self.wrong_lines

        messages = self.messages.to_dict()

        num_problems = self.num_problems

        problems = []
        for problems_item_data in self.problems:
            problems_item = problems_item_data.to_dict()
            problems.append(problems_item)

        warnings = []
        for warnings_item_data in self.warnings:
            warnings_item = warnings_item_data.to_dict()
            warnings.append(warnings_item)

        lengths: dict[str, Any] | None
        if isinstance(self.lengths, ExampleLengths):
            lengths = self.lengths.to_dict()
        else:
            lengths = self.lengths

        tokens: dict[str, Any] | None
        if isinstance(self.tokens, ExampleTokens):
            tokens = self.tokens.to_dict()
        else:
            tokens = self.tokens

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "filename": filename,
                "bytes": bytes_,
                "valid": valid,
                "complete": complete,
                "format": format_,
                "examples": examples,
                "wrong_lines": wrong_lines,
                "messages": messages,
                "num_problems": num_problems,
                "problems": problems,
                "warnings": warnings,
                "lengths": lengths,
                "tokens": tokens,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.example_lengths import ExampleLengths  # noqa: PLC0415
        from ..models.example_tokens import ExampleTokens  # noqa: PLC0415
        from ..models.file_problem import FileProblem  # noqa: PLC0415
        from ..models.file_validation_messages import FileValidationMessages  # noqa: PLC0415
        from ..models.file_warning import FileWarning  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        filename = d.pop("filename")

        bytes_ = d.pop("bytes")

        valid = d.pop("valid")

        complete = d.pop("complete")

        def _parse_format_(data: object) -> FileValidationFormatType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                format_type_0 = check_file_validation_format_type_0(data)

                return format_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FileValidationFormatType0 | None, data)

        format_ = _parse_format_(d.pop("format"))

        examples = d.pop("examples")

        wrong_lines = d.pop("wrong_lines")

        messages = FileValidationMessages.from_dict(d.pop("messages"))

        num_problems = d.pop("num_problems")

        problems = []
        _problems = d.pop("problems")
        for problems_item_data in _problems:
            problems_item = FileProblem.from_dict(problems_item_data)

            problems.append(problems_item)

        warnings = []
        _warnings = d.pop("warnings")
        for warnings_item_data in _warnings:
            warnings_item = FileWarning.from_dict(warnings_item_data)

            warnings.append(warnings_item)

        def _parse_lengths(data: object) -> ExampleLengths | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                lengths_type_0 = ExampleLengths.from_dict(data)

                return lengths_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ExampleLengths | None, data)

        lengths = _parse_lengths(d.pop("lengths"))

        def _parse_tokens(data: object) -> ExampleTokens | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                tokens_type_0 = ExampleTokens.from_dict(data)

                return tokens_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ExampleTokens | None, data)

        tokens = _parse_tokens(d.pop("tokens"))

        file_validation = cls(
            id=id,
            filename=filename,
            bytes_=bytes_,
            valid=valid,
            complete=complete,
            format_=format_,
            examples=examples,
            wrong_lines=wrong_lines,
            messages=messages,
            num_problems=num_problems,
            problems=problems,
            warnings=warnings,
            lengths=lengths,
            tokens=tokens,
        )

        file_validation.additional_properties = d
        return file_validation

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
