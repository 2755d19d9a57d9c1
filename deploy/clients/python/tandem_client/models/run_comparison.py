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

from ..models.run_comparison_outcome import (
    RunComparisonOutcome,
    check_run_comparison_outcome,
)

if TYPE_CHECKING:
    from ..models.compared_run import ComparedRun
    from ..models.run_difference import RunDifference


T = TypeVar("T", bound="RunComparison")


@_attrs_define
class RunComparison:
    """What the runs show.

    `items` counts the items that are compared: those that all runs have and could grade. `left_out` counts the others.
    `best` is the run
    that is shown to be better than all others, null if there is none. `not_shown_to_be_worse` lists the runs that no
    other run is shown to
    be better than.

        Attributes:
            object_ (Literal['eval.run_comparison']):  Default: 'eval.run_comparison'.
            eval_id (str):
            outcome (RunComparisonOutcome):
            text (str):
            best (None | str):
            not_shown_to_be_worse (list[str]):
            items (int):
            left_out (int):
            runs (list[ComparedRun]):
            differences (list[RunDifference]):
    """

    eval_id: str
    outcome: RunComparisonOutcome
    text: str
    best: None | str
    not_shown_to_be_worse: list[str]
    items: int
    left_out: int
    runs: list[ComparedRun]
    differences: list[RunDifference]
    object_: Literal["eval.run_comparison"] = "eval.run_comparison"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        object_ = self.object_

        eval_id = self.eval_id

        outcome: str = self.outcome

        text = self.text

        best: None | str
        best = self.best

        not_shown_to_be_worse = self.not_shown_to_be_worse

        items = self.items

        left_out = self.left_out

        runs = []
        for runs_item_data in self.runs:
            runs_item = runs_item_data.to_dict()
            runs.append(runs_item)

        differences = []
        for differences_item_data in self.differences:
            differences_item = differences_item_data.to_dict()
            differences.append(differences_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "object": object_,
                "eval_id": eval_id,
                "outcome": outcome,
                "text": text,
                "best": best,
                "not_shown_to_be_worse": not_shown_to_be_worse,
                "items": items,
                "left_out": left_out,
                "runs": runs,
                "differences": differences,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.compared_run import ComparedRun  # noqa: PLC0415
        from ..models.run_difference import RunDifference  # noqa: PLC0415

        d = dict(src_dict)
        object_ = cast(Literal["eval.run_comparison"], d.pop("object"))
        if object_ != "eval.run_comparison":
            raise ValueError(
                f"object must match const 'eval.run_comparison', got '{object_}'"
            )

        eval_id = d.pop("eval_id")

        outcome = check_run_comparison_outcome(d.pop("outcome"))

        text = d.pop("text")

        def _parse_best(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        best = _parse_best(d.pop("best"))

        not_shown_to_be_worse = cast(list[str], d.pop("not_shown_to_be_worse"))

        items = d.pop("items")

        left_out = d.pop("left_out")

        runs = []
        _runs = d.pop("runs")
        for runs_item_data in _runs:
            runs_item = ComparedRun.from_dict(runs_item_data)

            runs.append(runs_item)

        differences = []
        _differences = d.pop("differences")
        for differences_item_data in _differences:
            differences_item = RunDifference.from_dict(differences_item_data)

            differences.append(differences_item)

        run_comparison = cls(
            object_=object_,
            eval_id=eval_id,
            outcome=outcome,
            text=text,
            best=best,
            not_shown_to_be_worse=not_shown_to_be_worse,
            items=items,
            left_out=left_out,
            runs=runs,
            differences=differences,
        )

        run_comparison.additional_properties = d
        return run_comparison

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
