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

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.grader_message import GraderMessage
    from ..models.sampling_params import SamplingParams


T = TypeVar("T", bound="LabelModelGrader")


@_attrs_define
class LabelModelGrader:
    """A model gives one of `labels`, to which its output is constrained. The answer passes if it is one of
    `passing_labels`.

        Attributes:
            type_ (Literal['label_model']):
            name (str):
            model (str):
            input_ (list[GraderMessage]):
            labels (list[str]):
            passing_labels (list[str]):
            sampling_params (None | SamplingParams | Unset): Extension, as in `score_model`.
    """

    type_: Literal["label_model"]
    name: str
    model: str
    input_: list[GraderMessage]
    labels: list[str]
    passing_labels: list[str]
    sampling_params: None | SamplingParams | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.sampling_params import SamplingParams  # noqa: PLC0415

        type_ = self.type_

        name = self.name

        model = self.model

        input_ = []
        for input_item_data in self.input_:
            input_item = input_item_data.to_dict()
            input_.append(input_item)

        labels = self.labels

        passing_labels = self.passing_labels

        sampling_params: dict[str, Any] | None | Unset
        if isinstance(self.sampling_params, Unset):
            sampling_params = UNSET
        elif isinstance(self.sampling_params, SamplingParams):
            sampling_params = self.sampling_params.to_dict()
        else:
            sampling_params = self.sampling_params

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
                "name": name,
                "model": model,
                "input": input_,
                "labels": labels,
                "passing_labels": passing_labels,
            }
        )
        if sampling_params is not UNSET:
            field_dict["sampling_params"] = sampling_params

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.grader_message import GraderMessage  # noqa: PLC0415
        from ..models.sampling_params import SamplingParams  # noqa: PLC0415

        d = dict(src_dict)
        type_ = cast(Literal["label_model"], d.pop("type"))
        if type_ != "label_model":
            raise ValueError(f"type must match const 'label_model', got '{type_}'")

        name = d.pop("name")

        model = d.pop("model")

        input_ = []
        _input_ = d.pop("input")
        for input_item_data in _input_:
            input_item = GraderMessage.from_dict(input_item_data)

            input_.append(input_item)

        labels = cast(list[str], d.pop("labels"))

        passing_labels = cast(list[str], d.pop("passing_labels"))

        def _parse_sampling_params(data: object) -> None | SamplingParams | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                sampling_params_type_0 = SamplingParams.from_dict(data)

                return sampling_params_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SamplingParams | Unset, data)

        sampling_params = _parse_sampling_params(d.pop("sampling_params", UNSET))

        label_model_grader = cls(
            type_=type_,
            name=name,
            model=model,
            input_=input_,
            labels=labels,
            passing_labels=passing_labels,
            sampling_params=sampling_params,
        )

        return label_model_grader
