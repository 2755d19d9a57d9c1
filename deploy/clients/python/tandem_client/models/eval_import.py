from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.eval_import_models import EvalImportModels
    from ..models.imported_eval import ImportedEval
    from ..models.imported_item import ImportedItem
    from ..models.imported_run import ImportedRun


T = TypeVar("T", bound="EvalImport")


@_attrs_define
class EvalImport:
    """Body of `POST /v1/evals/import`: objects as OpenAI's API returns them.

    `models` names models here that replace those in the criteria: `{"gpt-4o": "smollm2-135m-instruct"}`. If one request
    cannot have all of it, send more with `eval_id`, the id that the eval got here, instead of `eval`. A `run_id` may
    then be the id that a
    run got here.

        Attributes:
            eval_ (ImportedEval | None | Unset):
            eval_id (None | str | Unset):
            runs (list[ImportedRun] | Unset):
            output_items (list[ImportedItem] | Unset):
            models (EvalImportModels | Unset):
    """

    eval_: ImportedEval | None | Unset = UNSET
    eval_id: None | str | Unset = UNSET
    runs: list[ImportedRun] | Unset = UNSET
    output_items: list[ImportedItem] | Unset = UNSET
    models: EvalImportModels | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.imported_eval import ImportedEval  # noqa: PLC0415

        eval_: dict[str, Any] | None | Unset
        if isinstance(self.eval_, Unset):
            eval_ = UNSET
        elif isinstance(self.eval_, ImportedEval):
            eval_ = self.eval_.to_dict()
        else:
            eval_ = self.eval_

        eval_id: None | str | Unset
        if isinstance(self.eval_id, Unset):
            eval_id = UNSET
        else:
            eval_id = self.eval_id

        runs: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.runs, Unset):
            runs = []
            for runs_item_data in self.runs:
                runs_item = runs_item_data.to_dict()
                runs.append(runs_item)

        output_items: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.output_items, Unset):
            output_items = []
            for output_items_item_data in self.output_items:
                output_items_item = output_items_item_data.to_dict()
                output_items.append(output_items_item)

        models: dict[str, Any] | Unset = UNSET
        if not isinstance(self.models, Unset):
            models = self.models.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if eval_ is not UNSET:
            field_dict["eval"] = eval_
        if eval_id is not UNSET:
            field_dict["eval_id"] = eval_id
        if runs is not UNSET:
            field_dict["runs"] = runs
        if output_items is not UNSET:
            field_dict["output_items"] = output_items
        if models is not UNSET:
            field_dict["models"] = models

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.eval_import_models import EvalImportModels  # noqa: PLC0415
        from ..models.imported_eval import ImportedEval  # noqa: PLC0415
        from ..models.imported_item import ImportedItem  # noqa: PLC0415
        from ..models.imported_run import ImportedRun  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_eval_(data: object) -> ImportedEval | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                eval_type_0 = ImportedEval.from_dict(data)

                return eval_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ImportedEval | None | Unset, data)

        eval_ = _parse_eval_(d.pop("eval", UNSET))

        def _parse_eval_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        eval_id = _parse_eval_id(d.pop("eval_id", UNSET))

        _runs = d.pop("runs", UNSET)
        runs: list[ImportedRun] | Unset = UNSET
        if _runs is not UNSET:
            runs = []
            for runs_item_data in _runs:
                runs_item = ImportedRun.from_dict(runs_item_data)

                runs.append(runs_item)

        _output_items = d.pop("output_items", UNSET)
        output_items: list[ImportedItem] | Unset = UNSET
        if _output_items is not UNSET:
            output_items = []
            for output_items_item_data in _output_items:
                output_items_item = ImportedItem.from_dict(output_items_item_data)

                output_items.append(output_items_item)

        _models = d.pop("models", UNSET)
        models: EvalImportModels | Unset
        if isinstance(_models, Unset):
            models = UNSET
        else:
            models = EvalImportModels.from_dict(_models)

        eval_import = cls(
            eval_=eval_,
            eval_id=eval_id,
            runs=runs,
            output_items=output_items,
            models=models,
        )

        return eval_import
