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
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.file_validation import FileValidation


T = TypeVar("T", bound="FineTuningValidation")


@_attrs_define
class FineTuningValidation:
    """What was found in the files of a fine-tuning job. It is valid if both files are. Nothing is stored.

    Attributes:
        object_ (Literal['fine_tuning.validation']):  Default: 'fine_tuning.validation'.
        valid (bool):
        training_file (FileValidation): What was found in a file. `problems` has the first 100 of `num_problems`.

            If `complete` is false, the last problem prevents reading the rest. `format` is null if no line is valid.
            `messages` counts the messages
            by role, as they are trained; `lengths` is null without examples. `tokens` is null without `model`, and if no
            tokens could be counted:
            the warning `tokens_not_counted`, or problems with the code `chat_template`, then say why.
        validation_file (FileValidation | None):
        seconds (float): How long the check took.
    """

    valid: bool
    training_file: FileValidation
    validation_file: FileValidation | None
    seconds: float
    object_: Literal["fine_tuning.validation"] = "fine_tuning.validation"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.file_validation import FileValidation  # noqa: PLC0415

        object_ = self.object_

        valid = self.valid

        training_file = self.training_file.to_dict()

        validation_file: dict[str, Any] | None
        if isinstance(self.validation_file, FileValidation):
            validation_file = self.validation_file.to_dict()
        else:
            validation_file = self.validation_file

        seconds = self.seconds

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "object": object_,
                "valid": valid,
                "training_file": training_file,
                "validation_file": validation_file,
                "seconds": seconds,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.file_validation import FileValidation  # noqa: PLC0415

        d = dict(src_dict)
        object_ = cast(Literal["fine_tuning.validation"], d.pop("object"))
        if object_ != "fine_tuning.validation":
            raise ValueError(
                f"object must match const 'fine_tuning.validation', got '{object_}'"
            )

        valid = d.pop("valid")

        training_file = FileValidation.from_dict(d.pop("training_file"))

        def _parse_validation_file(data: object) -> FileValidation | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                validation_file_type_0 = FileValidation.from_dict(data)

                return validation_file_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FileValidation | None, data)

        validation_file = _parse_validation_file(d.pop("validation_file"))

        seconds = d.pop("seconds")

        fine_tuning_validation = cls(
            object_=object_,
            valid=valid,
            training_file=training_file,
            validation_file=validation_file,
            seconds=seconds,
        )

        fine_tuning_validation.additional_properties = d
        return fine_tuning_validation

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
