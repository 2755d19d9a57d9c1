from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.validation_event_type import (
    ValidationEventType,
    check_validation_event_type,
)

if TYPE_CHECKING:
    from ..models.fine_tuning_validation import FineTuningValidation
    from ..models.validation_event_error_type_0 import ValidationEventErrorType0
    from ..models.validation_progress import ValidationProgress


T = TypeVar("T", bound="ValidationEvent")


@_attrs_define
class ValidationEvent:
    """An event of a stream.

    `fine_tuning.validation.progress` is sent about twice a second, with `progress`. The last event is
    `fine_tuning.validation.completed` with `validation`, or `error` with `error`.

        Attributes:
            type_ (ValidationEventType):
            progress (None | ValidationProgress):
            validation (FineTuningValidation | None):
            error (None | ValidationEventErrorType0):
    """

    type_: ValidationEventType
    progress: None | ValidationProgress
    validation: FineTuningValidation | None
    error: None | ValidationEventErrorType0
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.fine_tuning_validation import FineTuningValidation  # noqa: PLC0415
        from ..models.validation_event_error_type_0 import ValidationEventErrorType0  # noqa: PLC0415
        from ..models.validation_progress import ValidationProgress  # noqa: PLC0415

        type_: str = self.type_

        progress: dict[str, Any] | None
        if isinstance(self.progress, ValidationProgress):
            progress = self.progress.to_dict()
        else:
            progress = self.progress

        validation: dict[str, Any] | None
        if isinstance(self.validation, FineTuningValidation):
            validation = self.validation.to_dict()
        else:
            validation = self.validation

        error: dict[str, Any] | None
        if isinstance(self.error, ValidationEventErrorType0):
            error = self.error.to_dict()
        else:
            error = self.error

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
                "progress": progress,
                "validation": validation,
                "error": error,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.fine_tuning_validation import FineTuningValidation  # noqa: PLC0415
        from ..models.validation_event_error_type_0 import ValidationEventErrorType0  # noqa: PLC0415
        from ..models.validation_progress import ValidationProgress  # noqa: PLC0415

        d = dict(src_dict)
        type_ = check_validation_event_type(d.pop("type"))

        def _parse_progress(data: object) -> None | ValidationProgress:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                progress_type_0 = ValidationProgress.from_dict(data)

                return progress_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ValidationProgress, data)

        progress = _parse_progress(d.pop("progress"))

        def _parse_validation(data: object) -> FineTuningValidation | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                validation_type_0 = FineTuningValidation.from_dict(data)

                return validation_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FineTuningValidation | None, data)

        validation = _parse_validation(d.pop("validation"))

        def _parse_error(data: object) -> None | ValidationEventErrorType0:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                error_type_0 = ValidationEventErrorType0.from_dict(data)

                return error_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ValidationEventErrorType0, data)

        error = _parse_error(d.pop("error"))

        validation_event = cls(
            type_=type_,
            progress=progress,
            validation=validation,
            error=error,
        )

        validation_event.additional_properties = d
        return validation_event

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
