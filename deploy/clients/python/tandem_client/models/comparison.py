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

from ..models.comparison_status import ComparisonStatus, check_comparison_status

if TYPE_CHECKING:
    from ..models.comparison_metadata_type_0 import ComparisonMetadataType0
    from ..models.comparison_result import ComparisonResult
    from ..models.eval_questions import EvalQuestions
    from ..models.job_error import JobError


T = TypeVar("T", bound="Comparison")


@_attrs_define
class Comparison:
    """A comparison, as the API shows it.

    `look` is the number of the verdict: 1, or one more for each comparison that this one extends. `reuses` names an
    earlier comparison
    with the same questions. `dataset_id` and `fine_tuning_jobs` were made for this comparison, if it was created from
    `documents`.

        Attributes:
            id (str):
            object_ (Literal['comparison']):  Default: 'comparison'.
            created_at (int):
            started_at (int | None):
            finished_at (int | None):
            name (None | str):
            status (ComparisonStatus):
            stage (str):
            percent (float):
            questions_file (None | str):
            eval_ (EvalQuestions | None):
            model (None | str):
            base_model (str):
            vector_store_ids (list[str]):
            training_file (None | str):
            instructions (None | str):
            arms (list[str]):
            grader (str):
            margin (float | None):
            look (int):
            extends (None | str):
            reuses (None | str):
            dataset_id (None | str):
            fine_tuning_jobs (list[str]):
            result (ComparisonResult | None):
            error (JobError | None):
            metadata (ComparisonMetadataType0 | None):
    """

    id: str
    created_at: int
    started_at: int | None
    finished_at: int | None
    name: None | str
    status: ComparisonStatus
    stage: str
    percent: float
    questions_file: None | str
    eval_: EvalQuestions | None
    model: None | str
    base_model: str
    vector_store_ids: list[str]
    training_file: None | str
    instructions: None | str
    arms: list[str]
    grader: str
    margin: float | None
    look: int
    extends: None | str
    reuses: None | str
    dataset_id: None | str
    fine_tuning_jobs: list[str]
    result: ComparisonResult | None
    error: JobError | None
    metadata: ComparisonMetadataType0 | None
    object_: Literal["comparison"] = "comparison"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.comparison_metadata_type_0 import ComparisonMetadataType0  # noqa: PLC0415
        from ..models.comparison_result import ComparisonResult  # noqa: PLC0415
        from ..models.eval_questions import EvalQuestions  # noqa: PLC0415
        from ..models.job_error import JobError  # noqa: PLC0415

        id = self.id

        object_ = self.object_

        created_at = self.created_at

        started_at: int | None
        started_at = self.started_at

        finished_at: int | None
        finished_at = self.finished_at

        name: None | str
        name = self.name

        status: str = self.status

        stage = self.stage

        percent = self.percent

        questions_file: None | str
        questions_file = self.questions_file

        eval_: dict[str, Any] | None
        if isinstance(self.eval_, EvalQuestions):
            eval_ = self.eval_.to_dict()
        else:
            eval_ = self.eval_

        model: None | str
        model = self.model

        base_model = self.base_model

        vector_store_ids = self.vector_store_ids

        training_file: None | str
        training_file = self.training_file

        instructions: None | str
        instructions = self.instructions

        arms = self.arms

        grader = self.grader

        margin: float | None
        margin = self.margin

        look = self.look

        extends: None | str
        extends = self.extends

        reuses: None | str
        reuses = self.reuses

        dataset_id: None | str
        dataset_id = self.dataset_id

        fine_tuning_jobs = self.fine_tuning_jobs

        result: dict[str, Any] | None
        if isinstance(self.result, ComparisonResult):
            result = self.result.to_dict()
        else:
            result = self.result

        error: dict[str, Any] | None
        if isinstance(self.error, JobError):
            error = self.error.to_dict()
        else:
            error = self.error

        metadata: dict[str, Any] | None
        if isinstance(self.metadata, ComparisonMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "object": object_,
                "created_at": created_at,
                "started_at": started_at,
                "finished_at": finished_at,
                "name": name,
                "status": status,
                "stage": stage,
                "percent": percent,
                "questions_file": questions_file,
                "eval": eval_,
                "model": model,
                "base_model": base_model,
                "vector_store_ids": vector_store_ids,
                "training_file": training_file,
                "instructions": instructions,
                "arms": arms,
                "grader": grader,
                "margin": margin,
                "look": look,
                "extends": extends,
                "reuses": reuses,
                "dataset_id": dataset_id,
                "fine_tuning_jobs": fine_tuning_jobs,
                "result": result,
                "error": error,
                "metadata": metadata,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.comparison_metadata_type_0 import ComparisonMetadataType0  # noqa: PLC0415
        from ..models.comparison_result import ComparisonResult  # noqa: PLC0415
        from ..models.eval_questions import EvalQuestions  # noqa: PLC0415
        from ..models.job_error import JobError  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        object_ = cast(Literal["comparison"], d.pop("object"))
        if object_ != "comparison":
            raise ValueError(f"object must match const 'comparison', got '{object_}'")

        created_at = d.pop("created_at")

        def _parse_started_at(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        started_at = _parse_started_at(d.pop("started_at"))

        def _parse_finished_at(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        finished_at = _parse_finished_at(d.pop("finished_at"))

        def _parse_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        name = _parse_name(d.pop("name"))

        status = check_comparison_status(d.pop("status"))

        stage = d.pop("stage")

        percent = d.pop("percent")

        def _parse_questions_file(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        questions_file = _parse_questions_file(d.pop("questions_file"))

        def _parse_eval_(data: object) -> EvalQuestions | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                eval_type_0 = EvalQuestions.from_dict(data)

                return eval_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(EvalQuestions | None, data)

        eval_ = _parse_eval_(d.pop("eval"))

        def _parse_model(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        model = _parse_model(d.pop("model"))

        base_model = d.pop("base_model")

        vector_store_ids = cast(list[str], d.pop("vector_store_ids"))

        def _parse_training_file(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        training_file = _parse_training_file(d.pop("training_file"))

        def _parse_instructions(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        instructions = _parse_instructions(d.pop("instructions"))

        arms = cast(list[str], d.pop("arms"))

        grader = d.pop("grader")

        def _parse_margin(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        margin = _parse_margin(d.pop("margin"))

        look = d.pop("look")

        def _parse_extends(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        extends = _parse_extends(d.pop("extends"))

        def _parse_reuses(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reuses = _parse_reuses(d.pop("reuses"))

        def _parse_dataset_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        dataset_id = _parse_dataset_id(d.pop("dataset_id"))

        fine_tuning_jobs = cast(list[str], d.pop("fine_tuning_jobs"))

        def _parse_result(data: object) -> ComparisonResult | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                result_type_0 = ComparisonResult.from_dict(data)

                return result_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ComparisonResult | None, data)

        result = _parse_result(d.pop("result"))

        def _parse_error(data: object) -> JobError | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                error_type_0 = JobError.from_dict(data)

                return error_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(JobError | None, data)

        error = _parse_error(d.pop("error"))

        def _parse_metadata(data: object) -> ComparisonMetadataType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = ComparisonMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ComparisonMetadataType0 | None, data)

        metadata = _parse_metadata(d.pop("metadata"))

        comparison = cls(
            id=id,
            object_=object_,
            created_at=created_at,
            started_at=started_at,
            finished_at=finished_at,
            name=name,
            status=status,
            stage=stage,
            percent=percent,
            questions_file=questions_file,
            eval_=eval_,
            model=model,
            base_model=base_model,
            vector_store_ids=vector_store_ids,
            training_file=training_file,
            instructions=instructions,
            arms=arms,
            grader=grader,
            margin=margin,
            look=look,
            extends=extends,
            reuses=reuses,
            dataset_id=dataset_id,
            fine_tuning_jobs=fine_tuning_jobs,
            result=result,
            error=error,
            metadata=metadata,
        )

        comparison.additional_properties = d
        return comparison

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
