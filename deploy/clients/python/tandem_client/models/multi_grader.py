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
    from ..models.multi_grader_graders import MultiGraderGraders


T = TypeVar("T", bound="MultiGrader")


@_attrs_define
class MultiGrader:
    """Several graders and a formula with their scores, which can use + - * / ^, min, max, abs, floor, ceil, exp, sqrt and
    log.

        Attributes:
            type_ (Literal['multi']):
            name (str):
            graders (MultiGraderGraders):
            calculate_output (str):
            pass_threshold (float | None | Unset): Extension: the lowest score with which the answer passes.
    """

    type_: Literal["multi"]
    name: str
    graders: MultiGraderGraders
    calculate_output: str
    pass_threshold: float | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        name = self.name

        graders = self.graders.to_dict()

        calculate_output = self.calculate_output

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
                "graders": graders,
                "calculate_output": calculate_output,
            }
        )
        if pass_threshold is not UNSET:
            field_dict["pass_threshold"] = pass_threshold

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.multi_grader_graders import MultiGraderGraders  # noqa: PLC0415

        d = dict(src_dict)
        type_ = cast(Literal["multi"], d.pop("type"))
        if type_ != "multi":
            raise ValueError(f"type must match const 'multi', got '{type_}'")

        name = d.pop("name")

        graders = MultiGraderGraders.from_dict(d.pop("graders"))

        calculate_output = d.pop("calculate_output")

        def _parse_pass_threshold(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        pass_threshold = _parse_pass_threshold(d.pop("pass_threshold", UNSET))

        multi_grader = cls(
            type_=type_,
            name=name,
            graders=graders,
            calculate_output=calculate_output,
            pass_threshold=pass_threshold,
        )

        return multi_grader
