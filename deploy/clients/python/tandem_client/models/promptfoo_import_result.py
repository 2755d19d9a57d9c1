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
    from ..models.eval_ import Eval
    from ..models.promptfoo_run import PromptfooRun
    from ..models.row import Row
    from ..models.skipped_field import SkippedField


T = TypeVar("T", bound="PromptfooImportResult")


@_attrs_define
class PromptfooImportResult:
    """The eval, the rows of its data, the runs to start with them, and what has no counterpart here.

    Attributes:
        object_ (Literal['eval.import']):  Default: 'eval.import'.
        eval_ (Eval): An eval, as the API shows it.

            `data_source_config` has the schema of the rows as `schema`: `item`, and `sample` if answers are graded. Each
            criterion has an `id`,
            which is its key in the results of runs.
        rows (list[Row]):
        runs (list[PromptfooRun]):
        skipped (list[SkippedField]):
    """

    eval_: Eval
    rows: list[Row]
    runs: list[PromptfooRun]
    skipped: list[SkippedField]
    object_: Literal["eval.import"] = "eval.import"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        object_ = self.object_

        eval_ = self.eval_.to_dict()

        rows = []
        for rows_item_data in self.rows:
            rows_item = rows_item_data.to_dict()
            rows.append(rows_item)

        runs = []
        for runs_item_data in self.runs:
            runs_item = runs_item_data.to_dict()
            runs.append(runs_item)

        skipped = []
        for skipped_item_data in self.skipped:
            skipped_item = skipped_item_data.to_dict()
            skipped.append(skipped_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "object": object_,
                "eval": eval_,
                "rows": rows,
                "runs": runs,
                "skipped": skipped,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.eval_ import Eval  # noqa: PLC0415
        from ..models.promptfoo_run import PromptfooRun  # noqa: PLC0415
        from ..models.row import Row  # noqa: PLC0415
        from ..models.skipped_field import SkippedField  # noqa: PLC0415

        d = dict(src_dict)
        object_ = cast(Literal["eval.import"], d.pop("object"))
        if object_ != "eval.import":
            raise ValueError(f"object must match const 'eval.import', got '{object_}'")

        eval_ = Eval.from_dict(d.pop("eval"))

        rows = []
        _rows = d.pop("rows")
        for rows_item_data in _rows:
            rows_item = Row.from_dict(rows_item_data)

            rows.append(rows_item)

        runs = []
        _runs = d.pop("runs")
        for runs_item_data in _runs:
            runs_item = PromptfooRun.from_dict(runs_item_data)

            runs.append(runs_item)

        skipped = []
        _skipped = d.pop("skipped")
        for skipped_item_data in _skipped:
            skipped_item = SkippedField.from_dict(skipped_item_data)

            skipped.append(skipped_item)

        promptfoo_import_result = cls(
            object_=object_,
            eval_=eval_,
            rows=rows,
            runs=runs,
            skipped=skipped,
        )

        promptfoo_import_result.additional_properties = d
        return promptfoo_import_result

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
