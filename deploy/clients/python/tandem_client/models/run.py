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

from ..models.run_status import RunStatus, check_run_status

if TYPE_CHECKING:
    from ..models.criterion_result import CriterionResult
    from ..models.model_usage import ModelUsage
    from ..models.pass_rate import PassRate
    from ..models.result_counts import ResultCounts
    from ..models.run_data_source import RunDataSource
    from ..models.run_error import RunError
    from ..models.run_metadata_type_0 import RunMetadataType0


T = TypeVar("T", bound="Run")


@_attrs_define
class Run:
    """A run, as the API shows it. `stage`, `percent` and `pass_rate` are extensions.

    Attributes:
        id (str):
        object_ (Literal['eval.run']):  Default: 'eval.run'.
        created_at (int):
        eval_id (str):
        name (str):
        model (None | str):
        status (RunStatus):
        data_source (RunDataSource):
        error (None | RunError):
        metadata (None | RunMetadataType0):
        per_model_usage (list[ModelUsage] | None):
        per_testing_criteria_results (list[CriterionResult] | None):
        report_url (str):
        result_counts (ResultCounts): How many items passed all criteria, failed one, or could not be answered or
            graded.
        stage (str):
        percent (float):
        pass_rate (None | PassRate):
    """

    id: str
    created_at: int
    eval_id: str
    name: str
    model: None | str
    status: RunStatus
    data_source: RunDataSource
    error: None | RunError
    metadata: None | RunMetadataType0
    per_model_usage: list[ModelUsage] | None
    per_testing_criteria_results: list[CriterionResult] | None
    report_url: str
    result_counts: ResultCounts
    stage: str
    percent: float
    pass_rate: None | PassRate
    object_: Literal["eval.run"] = "eval.run"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.pass_rate import PassRate  # noqa: PLC0415
        from ..models.run_error import RunError  # noqa: PLC0415
        from ..models.run_metadata_type_0 import RunMetadataType0  # noqa: PLC0415

        id = self.id

        object_ = self.object_

        created_at = self.created_at

        eval_id = self.eval_id

        name = self.name

        model: None | str
        model = self.model

        status: str = self.status

        data_source = self.data_source.to_dict()

        error: dict[str, Any] | None
        if isinstance(self.error, RunError):
            error = self.error.to_dict()
        else:
            error = self.error

        metadata: dict[str, Any] | None
        if isinstance(self.metadata, RunMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        per_model_usage: list[dict[str, Any]] | None
        if isinstance(self.per_model_usage, list):
            per_model_usage = []
            for per_model_usage_type_0_item_data in self.per_model_usage:
                per_model_usage_type_0_item = per_model_usage_type_0_item_data.to_dict()
                per_model_usage.append(per_model_usage_type_0_item)

        else:
            per_model_usage = self.per_model_usage

        per_testing_criteria_results: list[dict[str, Any]] | None
        if isinstance(self.per_testing_criteria_results, list):
            per_testing_criteria_results = []
            for (
                per_testing_criteria_results_type_0_item_data
            ) in self.per_testing_criteria_results:
                per_testing_criteria_results_type_0_item = (
                    per_testing_criteria_results_type_0_item_data.to_dict()
                )
                per_testing_criteria_results.append(
                    per_testing_criteria_results_type_0_item
                )

        else:
            per_testing_criteria_results = self.per_testing_criteria_results

        report_url = self.report_url

        result_counts = self.result_counts.to_dict()

        stage = self.stage

        percent = self.percent

        pass_rate: dict[str, Any] | None
        if isinstance(self.pass_rate, PassRate):
            pass_rate = self.pass_rate.to_dict()
        else:
            pass_rate = self.pass_rate

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "object": object_,
                "created_at": created_at,
                "eval_id": eval_id,
                "name": name,
                "model": model,
                "status": status,
                "data_source": data_source,
                "error": error,
                "metadata": metadata,
                "per_model_usage": per_model_usage,
                "per_testing_criteria_results": per_testing_criteria_results,
                "report_url": report_url,
                "result_counts": result_counts,
                "stage": stage,
                "percent": percent,
                "pass_rate": pass_rate,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.criterion_result import CriterionResult  # noqa: PLC0415
        from ..models.model_usage import ModelUsage  # noqa: PLC0415
        from ..models.pass_rate import PassRate  # noqa: PLC0415
        from ..models.result_counts import ResultCounts  # noqa: PLC0415
        from ..models.run_data_source import RunDataSource  # noqa: PLC0415
        from ..models.run_error import RunError  # noqa: PLC0415
        from ..models.run_metadata_type_0 import RunMetadataType0  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        object_ = cast(Literal["eval.run"], d.pop("object"))
        if object_ != "eval.run":
            raise ValueError(f"object must match const 'eval.run', got '{object_}'")

        created_at = d.pop("created_at")

        eval_id = d.pop("eval_id")

        name = d.pop("name")

        def _parse_model(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        model = _parse_model(d.pop("model"))

        status = check_run_status(d.pop("status"))

        data_source = RunDataSource.from_dict(d.pop("data_source"))

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

        def _parse_metadata(data: object) -> None | RunMetadataType0:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = RunMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RunMetadataType0, data)

        metadata = _parse_metadata(d.pop("metadata"))

        def _parse_per_model_usage(data: object) -> list[ModelUsage] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                per_model_usage_type_0 = []
                _per_model_usage_type_0 = data
                for per_model_usage_type_0_item_data in _per_model_usage_type_0:
                    per_model_usage_type_0_item = ModelUsage.from_dict(
                        per_model_usage_type_0_item_data
                    )

                    per_model_usage_type_0.append(per_model_usage_type_0_item)

                return per_model_usage_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[ModelUsage] | None, data)

        per_model_usage = _parse_per_model_usage(d.pop("per_model_usage"))

        def _parse_per_testing_criteria_results(
            data: object,
        ) -> list[CriterionResult] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                per_testing_criteria_results_type_0 = []
                _per_testing_criteria_results_type_0 = data
                for (
                    per_testing_criteria_results_type_0_item_data
                ) in _per_testing_criteria_results_type_0:
                    per_testing_criteria_results_type_0_item = (
                        CriterionResult.from_dict(
                            per_testing_criteria_results_type_0_item_data
                        )
                    )

                    per_testing_criteria_results_type_0.append(
                        per_testing_criteria_results_type_0_item
                    )

                return per_testing_criteria_results_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[CriterionResult] | None, data)

        per_testing_criteria_results = _parse_per_testing_criteria_results(
            d.pop("per_testing_criteria_results")
        )

        report_url = d.pop("report_url")

        result_counts = ResultCounts.from_dict(d.pop("result_counts"))

        stage = d.pop("stage")

        percent = d.pop("percent")

        def _parse_pass_rate(data: object) -> None | PassRate:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                pass_rate_type_0 = PassRate.from_dict(data)

                return pass_rate_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PassRate, data)

        pass_rate = _parse_pass_rate(d.pop("pass_rate"))

        run = cls(
            id=id,
            object_=object_,
            created_at=created_at,
            eval_id=eval_id,
            name=name,
            model=model,
            status=status,
            data_source=data_source,
            error=error,
            metadata=metadata,
            per_model_usage=per_model_usage,
            per_testing_criteria_results=per_testing_criteria_results,
            report_url=report_url,
            result_counts=result_counts,
            stage=stage,
            percent=percent,
            pass_rate=pass_rate,
        )

        run.additional_properties = d
        return run

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
