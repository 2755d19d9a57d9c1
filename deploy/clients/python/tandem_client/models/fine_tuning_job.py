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

from ..models.fine_tuning_job_device import (
    FineTuningJobDevice,
    check_fine_tuning_job_device,
)
from ..models.fine_tuning_job_priority import (
    FineTuningJobPriority,
    check_fine_tuning_job_priority,
)
from ..models.fine_tuning_job_status import (
    FineTuningJobStatus,
    check_fine_tuning_job_status,
)

if TYPE_CHECKING:
    from ..models.fine_tuning_job_metadata_type_0 import FineTuningJobMetadataType0
    from ..models.fine_tuning_job_metrics_type_0 import FineTuningJobMetricsType0
    from ..models.fine_tuning_job_usage_metrics_type_0 import (
        FineTuningJobUsageMetricsType0,
    )
    from ..models.hyperparameters import Hyperparameters
    from ..models.job_error import JobError
    from ..models.method import Method
    from ..models.mlflow_integration import MlflowIntegration
    from ..models.probe import Probe
    from ..models.training_effect import TrainingEffect
    from ..models.wandb_integration import WandbIntegration


T = TypeVar("T", bound="FineTuningJob")


@_attrs_define
class FineTuningJob:
    """A fine-tuning job.

    Extensions: `stage`, `percent` (0-100), `probe`, `metrics`, `effect`, `priority`, `device`, and `retry_of`, the job
    that this one
    repeats. `stage` is `waiting_for_project` or `waiting_for_device` while a job waits because of a limit that the
    operator has set, and
    `waiting_for_memory` while it waits for free GPU memory.

    `hyperparameters`, and those in `method`, are `auto` until the worker has read the files, and then what it trains
    with.
    `usage_metrics` is always null: OpenAI has it for reinforcement fine-tuning only.
    `result_files` has the metrics of the steps: a CSV file, then an event file for TensorBoard.

        Attributes:
            id (str):
            object_ (Literal['fine_tuning.job']):  Default: 'fine_tuning.job'.
            created_at (int):
            finished_at (int | None):
            model (str):
            fine_tuned_model (None | str):
            organization_id (str):
            status (FineTuningJobStatus):
            training_file (str):
            validation_file (None | str):
            hyperparameters (Hyperparameters): OpenAI's hyperparameters, then extensions with the names that TRL has for
                them.

                With `auto` the trainer chooses. The learning rate is the multiplier times 1e-4.
            method (Method): How to fine-tune: on the answers of chats (`supervised`), or on pairs of a preferred and
                another answer (`dpo`).
            seed (int):
            trained_tokens (int | None):
            result_files (list[str]):
            error (JobError | None):
            estimated_finish (int | None):
            integrations (list[MlflowIntegration | WandbIntegration]):
            metadata (FineTuningJobMetadataType0 | None):
            user_provided_suffix (None | str):
            usage_metrics (FineTuningJobUsageMetricsType0 | None):
            stage (str):
            percent (float):
            probe (None | Probe):
            metrics (FineTuningJobMetricsType0 | None):
            effect (None | TrainingEffect):
            retry_of (None | str):
            priority (FineTuningJobPriority):  Default: 'normal'.
            device (FineTuningJobDevice):  Default: 'auto'.
    """

    id: str
    created_at: int
    finished_at: int | None
    model: str
    fine_tuned_model: None | str
    organization_id: str
    status: FineTuningJobStatus
    training_file: str
    validation_file: None | str
    hyperparameters: Hyperparameters
    method: Method
    seed: int
    trained_tokens: int | None
    result_files: list[str]
    error: JobError | None
    estimated_finish: int | None
    integrations: list[MlflowIntegration | WandbIntegration]
    metadata: FineTuningJobMetadataType0 | None
    user_provided_suffix: None | str
    usage_metrics: FineTuningJobUsageMetricsType0 | None
    stage: str
    percent: float
    probe: None | Probe
    metrics: FineTuningJobMetricsType0 | None
    effect: None | TrainingEffect
    retry_of: None | str
    object_: Literal["fine_tuning.job"] = "fine_tuning.job"
    priority: FineTuningJobPriority = "normal"
    device: FineTuningJobDevice = "auto"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.fine_tuning_job_metadata_type_0 import FineTuningJobMetadataType0  # noqa: PLC0415
        from ..models.fine_tuning_job_metrics_type_0 import FineTuningJobMetricsType0  # noqa: PLC0415
        from ..models.fine_tuning_job_usage_metrics_type_0 import (
            FineTuningJobUsageMetricsType0,  # noqa: PLC0415
        )
        from ..models.job_error import JobError  # noqa: PLC0415
        from ..models.probe import Probe  # noqa: PLC0415
        from ..models.training_effect import TrainingEffect  # noqa: PLC0415
        from ..models.wandb_integration import WandbIntegration  # noqa: PLC0415

        id = self.id

        object_ = self.object_

        created_at = self.created_at

        finished_at: int | None
        finished_at = self.finished_at

        model = self.model

        fine_tuned_model: None | str
        fine_tuned_model = self.fine_tuned_model

        organization_id = self.organization_id

        status: str = self.status

        training_file = self.training_file

        validation_file: None | str
        validation_file = self.validation_file

        hyperparameters = self.hyperparameters.to_dict()

        method = self.method.to_dict()

        seed = self.seed

        trained_tokens: int | None
        trained_tokens = self.trained_tokens

        result_files = self.result_files

        error: dict[str, Any] | None
        if isinstance(self.error, JobError):
            error = self.error.to_dict()
        else:
            error = self.error

        estimated_finish: int | None
        estimated_finish = self.estimated_finish

        integrations = []
        for integrations_item_data in self.integrations:
            integrations_item: dict[str, Any]
            if isinstance(integrations_item_data, WandbIntegration):
                integrations_item = integrations_item_data.to_dict()
            else:
                integrations_item = integrations_item_data.to_dict()

            integrations.append(integrations_item)

        metadata: dict[str, Any] | None
        if isinstance(self.metadata, FineTuningJobMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        user_provided_suffix: None | str
        user_provided_suffix = self.user_provided_suffix

        usage_metrics: dict[str, Any] | None
        if isinstance(self.usage_metrics, FineTuningJobUsageMetricsType0):
            usage_metrics = self.usage_metrics.to_dict()
        else:
            usage_metrics = self.usage_metrics

        stage = self.stage

        percent = self.percent

        probe: dict[str, Any] | None
        if isinstance(self.probe, Probe):
            probe = self.probe.to_dict()
        else:
            probe = self.probe

        metrics: dict[str, Any] | None
        if isinstance(self.metrics, FineTuningJobMetricsType0):
            metrics = self.metrics.to_dict()
        else:
            metrics = self.metrics

        effect: dict[str, Any] | None
        if isinstance(self.effect, TrainingEffect):
            effect = self.effect.to_dict()
        else:
            effect = self.effect

        retry_of: None | str
        retry_of = self.retry_of

        priority: str = self.priority

        device: str = self.device

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "object": object_,
                "created_at": created_at,
                "finished_at": finished_at,
                "model": model,
                "fine_tuned_model": fine_tuned_model,
                "organization_id": organization_id,
                "status": status,
                "training_file": training_file,
                "validation_file": validation_file,
                "hyperparameters": hyperparameters,
                "method": method,
                "seed": seed,
                "trained_tokens": trained_tokens,
                "result_files": result_files,
                "error": error,
                "estimated_finish": estimated_finish,
                "integrations": integrations,
                "metadata": metadata,
                "user_provided_suffix": user_provided_suffix,
                "usage_metrics": usage_metrics,
                "stage": stage,
                "percent": percent,
                "probe": probe,
                "metrics": metrics,
                "effect": effect,
                "retry_of": retry_of,
                "priority": priority,
                "device": device,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.fine_tuning_job_metadata_type_0 import FineTuningJobMetadataType0  # noqa: PLC0415
        from ..models.fine_tuning_job_metrics_type_0 import FineTuningJobMetricsType0  # noqa: PLC0415
        from ..models.fine_tuning_job_usage_metrics_type_0 import (
            FineTuningJobUsageMetricsType0,  # noqa: PLC0415
        )
        from ..models.hyperparameters import Hyperparameters  # noqa: PLC0415
        from ..models.job_error import JobError  # noqa: PLC0415
        from ..models.method import Method  # noqa: PLC0415
        from ..models.mlflow_integration import MlflowIntegration  # noqa: PLC0415
        from ..models.probe import Probe  # noqa: PLC0415
        from ..models.training_effect import TrainingEffect  # noqa: PLC0415
        from ..models.wandb_integration import WandbIntegration  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        object_ = cast(Literal["fine_tuning.job"], d.pop("object"))
        if object_ != "fine_tuning.job":
            raise ValueError(
                f"object must match const 'fine_tuning.job', got '{object_}'"
            )

        created_at = d.pop("created_at")

        def _parse_finished_at(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        finished_at = _parse_finished_at(d.pop("finished_at"))

        model = d.pop("model")

        def _parse_fine_tuned_model(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        fine_tuned_model = _parse_fine_tuned_model(d.pop("fine_tuned_model"))

        organization_id = d.pop("organization_id")

        status = check_fine_tuning_job_status(d.pop("status"))

        training_file = d.pop("training_file")

        def _parse_validation_file(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        validation_file = _parse_validation_file(d.pop("validation_file"))

        hyperparameters = Hyperparameters.from_dict(d.pop("hyperparameters"))

        method = Method.from_dict(d.pop("method"))

        seed = d.pop("seed")

        def _parse_trained_tokens(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        trained_tokens = _parse_trained_tokens(d.pop("trained_tokens"))

        result_files = cast(list[str], d.pop("result_files"))

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

        def _parse_estimated_finish(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        estimated_finish = _parse_estimated_finish(d.pop("estimated_finish"))

        integrations = []
        _integrations = d.pop("integrations")
        for integrations_item_data in _integrations:

            def _parse_integrations_item(
                data: object,
            ) -> MlflowIntegration | WandbIntegration:
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    integrations_item_type_0 = WandbIntegration.from_dict(data)

                    return integrations_item_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                if not isinstance(data, dict):
                    raise TypeError()
                integrations_item_type_1 = MlflowIntegration.from_dict(data)

                return integrations_item_type_1

            integrations_item = _parse_integrations_item(integrations_item_data)

            integrations.append(integrations_item)

        def _parse_metadata(data: object) -> FineTuningJobMetadataType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = FineTuningJobMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FineTuningJobMetadataType0 | None, data)

        metadata = _parse_metadata(d.pop("metadata"))

        def _parse_user_provided_suffix(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        user_provided_suffix = _parse_user_provided_suffix(
            d.pop("user_provided_suffix")
        )

        def _parse_usage_metrics(data: object) -> FineTuningJobUsageMetricsType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                usage_metrics_type_0 = FineTuningJobUsageMetricsType0.from_dict(data)

                return usage_metrics_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FineTuningJobUsageMetricsType0 | None, data)

        usage_metrics = _parse_usage_metrics(d.pop("usage_metrics"))

        stage = d.pop("stage")

        percent = d.pop("percent")

        def _parse_probe(data: object) -> None | Probe:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                probe_type_0 = Probe.from_dict(data)

                return probe_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Probe, data)

        probe = _parse_probe(d.pop("probe"))

        def _parse_metrics(data: object) -> FineTuningJobMetricsType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metrics_type_0 = FineTuningJobMetricsType0.from_dict(data)

                return metrics_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FineTuningJobMetricsType0 | None, data)

        metrics = _parse_metrics(d.pop("metrics"))

        def _parse_effect(data: object) -> None | TrainingEffect:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                effect_type_0 = TrainingEffect.from_dict(data)

                return effect_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | TrainingEffect, data)

        effect = _parse_effect(d.pop("effect"))

        def _parse_retry_of(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        retry_of = _parse_retry_of(d.pop("retry_of"))

        priority = check_fine_tuning_job_priority(d.pop("priority"))

        device = check_fine_tuning_job_device(d.pop("device"))

        fine_tuning_job = cls(
            id=id,
            object_=object_,
            created_at=created_at,
            finished_at=finished_at,
            model=model,
            fine_tuned_model=fine_tuned_model,
            organization_id=organization_id,
            status=status,
            training_file=training_file,
            validation_file=validation_file,
            hyperparameters=hyperparameters,
            method=method,
            seed=seed,
            trained_tokens=trained_tokens,
            result_files=result_files,
            error=error,
            estimated_finish=estimated_finish,
            integrations=integrations,
            metadata=metadata,
            user_provided_suffix=user_provided_suffix,
            usage_metrics=usage_metrics,
            stage=stage,
            percent=percent,
            probe=probe,
            metrics=metrics,
            effect=effect,
            retry_of=retry_of,
            priority=priority,
            device=device,
        )

        fine_tuning_job.additional_properties = d
        return fine_tuning_job

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
