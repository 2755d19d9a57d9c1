from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.item_sample_retrieved_type_0_item import ItemSampleRetrievedType0Item
    from ..models.run_error import RunError
    from ..models.sample_message import SampleMessage
    from ..models.sample_usage import SampleUsage


T = TypeVar("T", bound="ItemSample")


@_attrs_define
class ItemSample:
    """What the model was asked and what it answered. `retrieved`, an extension, has the passages that a search found.

    Attributes:
        input_ (list[SampleMessage]):
        output (list[SampleMessage]):
        finish_reason (None | str):
        model (str):
        usage (None | SampleUsage):
        error (None | RunError):
        temperature (float | None):
        max_completion_tokens (int | None):
        top_p (float | None):
        seed (int | None):
        retrieved (list[ItemSampleRetrievedType0Item] | None):
    """

    input_: list[SampleMessage]
    output: list[SampleMessage]
    finish_reason: None | str
    model: str
    usage: None | SampleUsage
    error: None | RunError
    temperature: float | None
    max_completion_tokens: int | None
    top_p: float | None
    seed: int | None
    retrieved: list[ItemSampleRetrievedType0Item] | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.run_error import RunError  # noqa: PLC0415
        from ..models.sample_usage import SampleUsage  # noqa: PLC0415

        input_ = []
        for input_item_data in self.input_:
            input_item = input_item_data.to_dict()
            input_.append(input_item)

        output = []
        for output_item_data in self.output:
            output_item = output_item_data.to_dict()
            output.append(output_item)

        finish_reason: None | str
        finish_reason = self.finish_reason

        model = self.model

        usage: dict[str, Any] | None
        if isinstance(self.usage, SampleUsage):
            usage = self.usage.to_dict()
        else:
            usage = self.usage

        error: dict[str, Any] | None
        if isinstance(self.error, RunError):
            error = self.error.to_dict()
        else:
            error = self.error

        temperature: float | None
        temperature = self.temperature

        max_completion_tokens: int | None
        max_completion_tokens = self.max_completion_tokens

        top_p: float | None
        top_p = self.top_p

        seed: int | None
        seed = self.seed

        retrieved: list[dict[str, Any]] | None
        if isinstance(self.retrieved, list):
            retrieved = []
            for retrieved_type_0_item_data in self.retrieved:
                retrieved_type_0_item = retrieved_type_0_item_data.to_dict()
                retrieved.append(retrieved_type_0_item)

        else:
            retrieved = self.retrieved

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "input": input_,
                "output": output,
                "finish_reason": finish_reason,
                "model": model,
                "usage": usage,
                "error": error,
                "temperature": temperature,
                "max_completion_tokens": max_completion_tokens,
                "top_p": top_p,
                "seed": seed,
                "retrieved": retrieved,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.item_sample_retrieved_type_0_item import (
            ItemSampleRetrievedType0Item,  # noqa: PLC0415
        )
        from ..models.run_error import RunError  # noqa: PLC0415
        from ..models.sample_message import SampleMessage  # noqa: PLC0415
        from ..models.sample_usage import SampleUsage  # noqa: PLC0415

        d = dict(src_dict)
        input_ = []
        _input_ = d.pop("input")
        for input_item_data in _input_:
            input_item = SampleMessage.from_dict(input_item_data)

            input_.append(input_item)

        output = []
        _output = d.pop("output")
        for output_item_data in _output:
            output_item = SampleMessage.from_dict(output_item_data)

            output.append(output_item)

        def _parse_finish_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        finish_reason = _parse_finish_reason(d.pop("finish_reason"))

        model = d.pop("model")

        def _parse_usage(data: object) -> None | SampleUsage:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                usage_type_0 = SampleUsage.from_dict(data)

                return usage_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SampleUsage, data)

        usage = _parse_usage(d.pop("usage"))

        def _parse_error(data: object) -> None | RunError:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                error_type_0 = RunError.from_dict(data)

                return error_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RunError, data)

        error = _parse_error(d.pop("error"))

        def _parse_temperature(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        temperature = _parse_temperature(d.pop("temperature"))

        def _parse_max_completion_tokens(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        max_completion_tokens = _parse_max_completion_tokens(
            d.pop("max_completion_tokens")
        )

        def _parse_top_p(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        top_p = _parse_top_p(d.pop("top_p"))

        def _parse_seed(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        seed = _parse_seed(d.pop("seed"))

        def _parse_retrieved(data: object) -> list[ItemSampleRetrievedType0Item] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                retrieved_type_0 = []
                _retrieved_type_0 = data
                for retrieved_type_0_item_data in _retrieved_type_0:
                    retrieved_type_0_item = ItemSampleRetrievedType0Item.from_dict(
                        retrieved_type_0_item_data
                    )

                    retrieved_type_0.append(retrieved_type_0_item)

                return retrieved_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[ItemSampleRetrievedType0Item] | None, data)

        retrieved = _parse_retrieved(d.pop("retrieved"))

        item_sample = cls(
            input_=input_,
            output=output,
            finish_reason=finish_reason,
            model=model,
            usage=usage,
            error=error,
            temperature=temperature,
            max_completion_tokens=max_completion_tokens,
            top_p=top_p,
            seed=seed,
            retrieved=retrieved,
        )

        item_sample.additional_properties = d
        return item_sample

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
