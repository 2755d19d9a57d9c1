from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.imported_run_status import ImportedRunStatus, check_imported_run_status
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.imported_criterion_result import ImportedCriterionResult
    from ..models.imported_error import ImportedError
    from ..models.imported_run_data_source import ImportedRunDataSource
    from ..models.imported_run_metadata_type_0 import ImportedRunMetadataType0
    from ..models.imported_usage import ImportedUsage
    from ..models.result_counts import ResultCounts


T = TypeVar("T", bound="ImportedRun")


@_attrs_define
class ImportedRun:
    """A run that has ended, as `evals.runs.retrieve` returns it.

    Attributes:
        id (str):
        name (str):
        created_at (int):
        status (ImportedRunStatus):
        data_source (ImportedRunDataSource):
        result_counts (ResultCounts): How many items passed all criteria, failed one, or could not be answered or
            graded.
        per_model_usage (list[ImportedUsage] | None | Unset):
        per_testing_criteria_results (list[ImportedCriterionResult] | None | Unset):
        error (ImportedError | None | Unset):
        metadata (ImportedRunMetadataType0 | None | Unset):
    """

    id: str
    name: str
    created_at: int
    status: ImportedRunStatus
    data_source: ImportedRunDataSource
    result_counts: ResultCounts
    per_model_usage: list[ImportedUsage] | None | Unset = UNSET
    per_testing_criteria_results: list[ImportedCriterionResult] | None | Unset = UNSET
    error: ImportedError | None | Unset = UNSET
    metadata: ImportedRunMetadataType0 | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.imported_error import ImportedError  # noqa: PLC0415
        from ..models.imported_run_metadata_type_0 import ImportedRunMetadataType0  # noqa: PLC0415

        id = self.id

        name = self.name

        created_at = self.created_at

        status: str = self.status

        data_source = self.data_source.to_dict()

        result_counts = self.result_counts.to_dict()

        per_model_usage: list[dict[str, Any]] | None | Unset
        if isinstance(self.per_model_usage, Unset):
            per_model_usage = UNSET
        elif isinstance(self.per_model_usage, list):
            per_model_usage = []
            for per_model_usage_type_0_item_data in self.per_model_usage:
                per_model_usage_type_0_item = per_model_usage_type_0_item_data.to_dict()
                per_model_usage.append(per_model_usage_type_0_item)

        else:
            per_model_usage = self.per_model_usage

        per_testing_criteria_results: list[dict[str, Any]] | None | Unset
        if isinstance(self.per_testing_criteria_results, Unset):
            per_testing_criteria_results = UNSET
        elif isinstance(self.per_testing_criteria_results, list):
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

        error: dict[str, Any] | None | Unset
        if isinstance(self.error, Unset):
            error = UNSET
        elif isinstance(self.error, ImportedError):
            error = self.error.to_dict()
        else:
            error = self.error

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, ImportedRunMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "name": name,
                "created_at": created_at,
                "status": status,
                "data_source": data_source,
                "result_counts": result_counts,
            }
        )
        if per_model_usage is not UNSET:
            field_dict["per_model_usage"] = per_model_usage
        if per_testing_criteria_results is not UNSET:
            field_dict["per_testing_criteria_results"] = per_testing_criteria_results
        if error is not UNSET:
            field_dict["error"] = error
        if metadata is not UNSET:
            field_dict["metadata"] = metadata

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.imported_criterion_result import ImportedCriterionResult  # noqa: PLC0415
        from ..models.imported_error import ImportedError  # noqa: PLC0415
        from ..models.imported_run_data_source import ImportedRunDataSource  # noqa: PLC0415
        from ..models.imported_run_metadata_type_0 import ImportedRunMetadataType0  # noqa: PLC0415
        from ..models.imported_usage import ImportedUsage  # noqa: PLC0415
        from ..models.result_counts import ResultCounts  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        name = d.pop("name")

        created_at = d.pop("created_at")

        status = check_imported_run_status(d.pop("status"))

        data_source = ImportedRunDataSource.from_dict(d.pop("data_source"))

        result_counts = ResultCounts.from_dict(d.pop("result_counts"))

        def _parse_per_model_usage(data: object) -> list[ImportedUsage] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                per_model_usage_type_0 = []
                _per_model_usage_type_0 = data
                for per_model_usage_type_0_item_data in _per_model_usage_type_0:
                    per_model_usage_type_0_item = ImportedUsage.from_dict(
                        per_model_usage_type_0_item_data
                    )

                    per_model_usage_type_0.append(per_model_usage_type_0_item)

                return per_model_usage_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[ImportedUsage] | None | Unset, data)

        per_model_usage = _parse_per_model_usage(d.pop("per_model_usage", UNSET))

        def _parse_per_testing_criteria_results(
            data: object,
        ) -> list[ImportedCriterionResult] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
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
                        ImportedCriterionResult.from_dict(
                            per_testing_criteria_results_type_0_item_data
                        )
                    )

                    per_testing_criteria_results_type_0.append(
                        per_testing_criteria_results_type_0_item
                    )

                return per_testing_criteria_results_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[ImportedCriterionResult] | None | Unset, data)

        per_testing_criteria_results = _parse_per_testing_criteria_results(
            d.pop("per_testing_criteria_results", UNSET)
        )

        def _parse_error(data: object) -> ImportedError | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                error_type_0 = ImportedError.from_dict(data)

                return error_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ImportedError | None | Unset, data)

        error = _parse_error(d.pop("error", UNSET))

        def _parse_metadata(data: object) -> ImportedRunMetadataType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = ImportedRunMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ImportedRunMetadataType0 | None | Unset, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        imported_run = cls(
            id=id,
            name=name,
            created_at=created_at,
            status=status,
            data_source=data_source,
            result_counts=result_counts,
            per_model_usage=per_model_usage,
            per_testing_criteria_results=per_testing_criteria_results,
            error=error,
            metadata=metadata,
        )

        imported_run.additional_properties = d
        return imported_run

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
