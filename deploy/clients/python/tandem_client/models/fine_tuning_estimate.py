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
    from ..models.device_estimate import DeviceEstimate
    from ..models.methods_memory import MethodsMemory
    from ..models.token_estimate import TokenEstimate
    from ..models.trainable_here import TrainableHere
    from ..models.trained_parameters import TrainedParameters


T = TypeVar("T", bound="FineTuningEstimate")


@_attrs_define
class FineTuningEstimate:
    """What a fine-tuning job would take. Nothing is stored or loaded: it follows from the base model's `config.json`.

    `length` is what memory is estimated for: the tokens of the longest example, or `max_length`; for a preference pair,
    twice as many.
    `n_epochs` is null if it is `auto` and there is no file. `tokens` is null without a file, and if none could be
    counted: `detail` then
    says why.

        Attributes:
            object_ (Literal['fine_tuning.estimate']):  Default: 'fine_tuning.estimate'.
            model (str):
            base (str):
            parameters (int):
            trained_parameters (TrainedParameters): How many parameters a method trains. Jobs train `lora`, or `qlora` with
                `load_in_4bit`; `full` is for comparison.
            trainable_here (TrainableHere): Which methods a job can use here. `qlora` is true if a running training worker
                has a GPU and the base model can be in 4 bits.
            batch_size (int):
            max_length (int):
            length (int):
            n_epochs (int | None):
            tokens (None | TokenEstimate):
            memory (list[MethodsMemory]):
            devices (list[DeviceEstimate]):
            detail (str):
    """

    model: str
    base: str
    parameters: int
    trained_parameters: TrainedParameters
    trainable_here: TrainableHere
    batch_size: int
    max_length: int
    length: int
    n_epochs: int | None
    tokens: None | TokenEstimate
    memory: list[MethodsMemory]
    devices: list[DeviceEstimate]
    detail: str
    object_: Literal["fine_tuning.estimate"] = "fine_tuning.estimate"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.token_estimate import TokenEstimate  # noqa: PLC0415

        object_ = self.object_

        model = self.model

        base = self.base

        parameters = self.parameters

        trained_parameters = self.trained_parameters.to_dict()

        trainable_here = self.trainable_here.to_dict()

        batch_size = self.batch_size

        max_length = self.max_length

        length = self.length

        n_epochs: int | None
        n_epochs = self.n_epochs

        tokens: dict[str, Any] | None
        if isinstance(self.tokens, TokenEstimate):
            tokens = self.tokens.to_dict()
        else:
            tokens = self.tokens

        memory = []
        for memory_item_data in self.memory:
            memory_item = memory_item_data.to_dict()
            memory.append(memory_item)

        devices = []
        for devices_item_data in self.devices:
            devices_item = devices_item_data.to_dict()
            devices.append(devices_item)

        detail = self.detail

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "object": object_,
                "model": model,
                "base": base,
                "parameters": parameters,
                "trained_parameters": trained_parameters,
                "trainable_here": trainable_here,
                "batch_size": batch_size,
                "max_length": max_length,
                "length": length,
                "n_epochs": n_epochs,
                "tokens": tokens,
                "memory": memory,
                "devices": devices,
                "detail": detail,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.device_estimate import DeviceEstimate  # noqa: PLC0415
        from ..models.methods_memory import MethodsMemory  # noqa: PLC0415
        from ..models.token_estimate import TokenEstimate  # noqa: PLC0415
        from ..models.trainable_here import TrainableHere  # noqa: PLC0415
        from ..models.trained_parameters import TrainedParameters  # noqa: PLC0415

        d = dict(src_dict)
        object_ = cast(Literal["fine_tuning.estimate"], d.pop("object"))
        if object_ != "fine_tuning.estimate":
            raise ValueError(
                f"object must match const 'fine_tuning.estimate', got '{object_}'"
            )

        model = d.pop("model")

        base = d.pop("base")

        parameters = d.pop("parameters")

        trained_parameters = TrainedParameters.from_dict(d.pop("trained_parameters"))

        trainable_here = TrainableHere.from_dict(d.pop("trainable_here"))

        batch_size = d.pop("batch_size")

        max_length = d.pop("max_length")

        length = d.pop("length")

        def _parse_n_epochs(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        n_epochs = _parse_n_epochs(d.pop("n_epochs"))

        def _parse_tokens(data: object) -> None | TokenEstimate:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                tokens_type_0 = TokenEstimate.from_dict(data)

                return tokens_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | TokenEstimate, data)

        tokens = _parse_tokens(d.pop("tokens"))

        memory = []
        _memory = d.pop("memory")
        for memory_item_data in _memory:
            memory_item = MethodsMemory.from_dict(memory_item_data)

            memory.append(memory_item)

        devices = []
        _devices = d.pop("devices")
        for devices_item_data in _devices:
            devices_item = DeviceEstimate.from_dict(devices_item_data)

            devices.append(devices_item)

        detail = d.pop("detail")

        fine_tuning_estimate = cls(
            object_=object_,
            model=model,
            base=base,
            parameters=parameters,
            trained_parameters=trained_parameters,
            trainable_here=trainable_here,
            batch_size=batch_size,
            max_length=max_length,
            length=length,
            n_epochs=n_epochs,
            tokens=tokens,
            memory=memory,
            devices=devices,
            detail=detail,
        )

        fine_tuning_estimate.additional_properties = d
        return fine_tuning_estimate

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
