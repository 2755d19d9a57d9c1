from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.method_choice import MethodChoice


T = TypeVar("T", bound="FineTuningValidationCreate")


@_attrs_define
class FineTuningValidationCreate:
    """Body of `POST /v1/fine_tuning/validate`. With `stream`, the response is a stream of events.

    With `model`, the engine counts the tokens of the examples.

        Attributes:
            training_file (str):
            validation_file (None | str | Unset):
            model (None | str | Unset):
            method (MethodChoice | Unset): The `method` of a fine-tuning job. Only its `type` and the `max_length` of its
                hyperparameters matter here.
            stream (bool | Unset):  Default: False.
    """

    training_file: str
    validation_file: None | str | Unset = UNSET
    model: None | str | Unset = UNSET
    method: MethodChoice | Unset = UNSET
    stream: bool | Unset = False

    def to_dict(self) -> dict[str, Any]:
        training_file = self.training_file

        validation_file: None | str | Unset
        if isinstance(self.validation_file, Unset):
            validation_file = UNSET
        else:
            validation_file = self.validation_file

        model: None | str | Unset
        if isinstance(self.model, Unset):
            model = UNSET
        else:
            model = self.model

        method: dict[str, Any] | Unset = UNSET
        if not isinstance(self.method, Unset):
            method = self.method.to_dict()

        stream = self.stream

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "training_file": training_file,
            }
        )
        if validation_file is not UNSET:
            field_dict["validation_file"] = validation_file
        if model is not UNSET:
            field_dict["model"] = model
        if method is not UNSET:
            field_dict["method"] = method
        if stream is not UNSET:
            field_dict["stream"] = stream

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.method_choice import MethodChoice  # noqa: PLC0415

        d = dict(src_dict)
        training_file = d.pop("training_file")

        def _parse_validation_file(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        validation_file = _parse_validation_file(d.pop("validation_file", UNSET))

        def _parse_model(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        model = _parse_model(d.pop("model", UNSET))

        _method = d.pop("method", UNSET)
        method: MethodChoice | Unset
        if isinstance(_method, Unset):
            method = UNSET
        else:
            method = MethodChoice.from_dict(_method)

        stream = d.pop("stream", UNSET)

        fine_tuning_validation_create = cls(
            training_file=training_file,
            validation_file=validation_file,
            model=model,
            method=method,
            stream=stream,
        )

        return fine_tuning_validation_create
