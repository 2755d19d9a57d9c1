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


T = TypeVar("T", bound="ScoreModelGrader")


@_attrs_define
class ScoreModelGrader:
    """A model gives a score within `range`, which defaults to `[0, 1]`. The model's output is constrained to steps and a
    result.

        Attributes:
            type_ (Literal['score_model']):
            name (str):
            model (str):
            input_ (list[GraderMessage]):
            range_ (list[float] | None | Unset):
            sampling_params (None | SamplingParams | Unset):
            pass_threshold (float | None | Unset): The lowest score with which the answer passes.
    """

    type_: Literal["score_model"]
    name: str
    model: str
    input_: list[GraderMessage]
    range_: list[float] | None | Unset = UNSET
    sampling_params: None | SamplingParams | Unset = UNSET
    pass_threshold: float | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.sampling_params import SamplingParams  # noqa: PLC0415

        type_ = self.type_

        name = self.name

        model = self.model

        input_ = []
        for input_item_data in self.input_:
            input_item = input_item_data.to_dict()
            input_.append(input_item)

        range_: list[float] | None | Unset
        if isinstance(self.range_, Unset):
            range_ = UNSET
        elif isinstance(self.range_, list):
            range_ = self.range_

        else:
            range_ = self.range_

        sampling_params: dict[str, Any] | None | Unset
        if isinstance(self.sampling_params, Unset):
            sampling_params = UNSET
        elif isinstance(self.sampling_params, SamplingParams):
            sampling_params = self.sampling_params.to_dict()
        else:
            sampling_params = self.sampling_params

        pass_threshold: float | None | Unset
        if isinstance(self.pass_threshold, Unset):
            pass_threshold = UNSET
        else:
            pass_threshold = self.pass_threshold

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
                "name": name,
                "model": model,
                "input": input_,
            }
        )
        if range_ is not UNSET:
            field_dict["range"] = range_
        if sampling_params is not UNSET:
            field_dict["sampling_params"] = sampling_params
        if pass_threshold is not UNSET:
            field_dict["pass_threshold"] = pass_threshold

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.grader_message import GraderMessage  # noqa: PLC0415
        from ..models.sampling_params import SamplingParams  # noqa: PLC0415

        d = dict(src_dict)
        type_ = cast(Literal["score_model"], d.pop("type"))
        if type_ != "score_model":
            raise ValueError(f"type must match const 'score_model', got '{type_}'")

        name = d.pop("name")

        model = d.pop("model")

        input_ = []
        _input_ = d.pop("input")
        for input_item_data in _input_:
            input_item = GraderMessage.from_dict(input_item_data)

            input_.append(input_item)

        def _parse_range_(data: object) -> list[float] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                range_type_0 = cast(list[float], data)

                return range_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[float] | None | Unset, data)

        range_ = _parse_range_(d.pop("range", UNSET))

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

        def _parse_pass_threshold(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        pass_threshold = _parse_pass_threshold(d.pop("pass_threshold", UNSET))

        score_model_grader = cls(
            type_=type_,
            name=name,
            model=model,
            input_=input_,
            range_=range_,
            sampling_params=sampling_params,
            pass_threshold=pass_threshold,
        )

        return score_model_grader
