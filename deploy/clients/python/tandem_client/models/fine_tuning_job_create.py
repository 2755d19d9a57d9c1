from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.fine_tuning_job_create_device import (
    FineTuningJobCreateDevice,
    check_fine_tuning_job_create_device,
)
from ..models.fine_tuning_job_create_priority import (
    FineTuningJobCreatePriority,
    check_fine_tuning_job_create_priority,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.fine_tuning_job_create_metadata_type_0 import (
        FineTuningJobCreateMetadataType0,
    )
    from ..models.hyperparameters import Hyperparameters
    from ..models.method import Method
    from ..models.mlflow_integration import MlflowIntegration
    from ..models.wandb_integration import WandbIntegration


T = TypeVar("T", bound="FineTuningJobCreate")


@_attrs_define
class FineTuningJobCreate:
    """Body of `POST /v1/fine_tuning/jobs`.

    Attributes:
        model (str):
        training_file (str):
        validation_file (None | str | Unset):
        suffix (None | str | Unset):
        seed (int | None | Unset):
        hyperparameters (Hyperparameters | None | Unset): Deprecated by OpenAI in favor of `method`.
        method (Method | None | Unset):
        metadata (FineTuningJobCreateMetadataType0 | None | Unset):
        integrations (list[MlflowIntegration | WandbIntegration] | None | Unset): The experiment trackers that the job
            is reported to. Extension: the type `mlflow`.
        priority (FineTuningJobCreatePriority | Unset): Extension. The order of a project's waiting jobs. It does not
            put one project ahead of another. Default: 'normal'.
        device (FineTuningJobCreateDevice | Unset): Extension. The devices that the job may run on. `auto` means any;
            with `cpu` or `gpu`, the job waits for a worker with such a device. Default: 'auto'.
    """

    model: str
    training_file: str
    validation_file: None | str | Unset = UNSET
    suffix: None | str | Unset = UNSET
    seed: int | None | Unset = UNSET
    hyperparameters: Hyperparameters | None | Unset = UNSET
    method: Method | None | Unset = UNSET
    metadata: FineTuningJobCreateMetadataType0 | None | Unset = UNSET
    integrations: list[MlflowIntegration | WandbIntegration] | None | Unset = UNSET
    priority: FineTuningJobCreatePriority | Unset = "normal"
    device: FineTuningJobCreateDevice | Unset = "auto"

    def to_dict(self) -> dict[str, Any]:
        from ..models.fine_tuning_job_create_metadata_type_0 import (
            FineTuningJobCreateMetadataType0,  # noqa: PLC0415
        )
        from ..models.hyperparameters import Hyperparameters  # noqa: PLC0415
        from ..models.method import Method  # noqa: PLC0415
        from ..models.wandb_integration import WandbIntegration  # noqa: PLC0415

        model = self.model

        training_file = self.training_file

        validation_file: None | str | Unset
        if isinstance(self.validation_file, Unset):
            validation_file = UNSET
        else:
            validation_file = self.validation_file

        suffix: None | str | Unset
        if isinstance(self.suffix, Unset):
            suffix = UNSET
        else:
            suffix = self.suffix

        seed: int | None | Unset
        if isinstance(self.seed, Unset):
            seed = UNSET
        else:
            seed = self.seed

        hyperparameters: dict[str, Any] | None | Unset
        if isinstance(self.hyperparameters, Unset):
            hyperparameters = UNSET
        elif isinstance(self.hyperparameters, Hyperparameters):
            hyperparameters = self.hyperparameters.to_dict()
        else:
            hyperparameters = self.hyperparameters

        method: dict[str, Any] | None | Unset
        if isinstance(self.method, Unset):
            method = UNSET
        elif isinstance(self.method, Method):
            method = self.method.to_dict()
        else:
            method = self.method

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, FineTuningJobCreateMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        integrations: list[dict[str, Any]] | None | Unset
        if isinstance(self.integrations, Unset):
            integrations = UNSET
        elif isinstance(self.integrations, list):
            integrations = []
            for integrations_type_0_item_data in self.integrations:
                integrations_type_0_item: dict[str, Any]
                if isinstance(integrations_type_0_item_data, WandbIntegration):
                    integrations_type_0_item = integrations_type_0_item_data.to_dict()
                else:
                    integrations_type_0_item = integrations_type_0_item_data.to_dict()

                integrations.append(integrations_type_0_item)

        else:
            integrations = self.integrations

        priority: str | Unset = UNSET
        if not isinstance(self.priority, Unset):
            priority = self.priority

        device: str | Unset = UNSET
        if not isinstance(self.device, Unset):
            device = self.device

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "model": model,
                "training_file": training_file,
            }
        )
        if validation_file is not UNSET:
            field_dict["validation_file"] = validation_file
        if suffix is not UNSET:
            field_dict["suffix"] = suffix
        if seed is not UNSET:
            field_dict["seed"] = seed
        if hyperparameters is not UNSET:
            field_dict["hyperparameters"] = hyperparameters
        if method is not UNSET:
            field_dict["method"] = method
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if integrations is not UNSET:
            field_dict["integrations"] = integrations
        if priority is not UNSET:
            field_dict["priority"] = priority
        if device is not UNSET:
            field_dict["device"] = device

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.fine_tuning_job_create_metadata_type_0 import (
            FineTuningJobCreateMetadataType0,  # noqa: PLC0415
        )
        from ..models.hyperparameters import Hyperparameters  # noqa: PLC0415
        from ..models.method import Method  # noqa: PLC0415
        from ..models.mlflow_integration import MlflowIntegration  # noqa: PLC0415
        from ..models.wandb_integration import WandbIntegration  # noqa: PLC0415

        d = dict(src_dict)
        model = d.pop("model")

        training_file = d.pop("training_file")

        def _parse_validation_file(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        validation_file = _parse_validation_file(d.pop("validation_file", UNSET))

        def _parse_suffix(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        suffix = _parse_suffix(d.pop("suffix", UNSET))

        def _parse_seed(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        seed = _parse_seed(d.pop("seed", UNSET))

        def _parse_hyperparameters(data: object) -> Hyperparameters | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                hyperparameters_type_0 = Hyperparameters.from_dict(data)

                return hyperparameters_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Hyperparameters | None | Unset, data)

        hyperparameters = _parse_hyperparameters(d.pop("hyperparameters", UNSET))

        def _parse_method(data: object) -> Method | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                method_type_0 = Method.from_dict(data)

                return method_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Method | None | Unset, data)

        method = _parse_method(d.pop("method", UNSET))

        def _parse_metadata(
            data: object,
        ) -> FineTuningJobCreateMetadataType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = FineTuningJobCreateMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FineTuningJobCreateMetadataType0 | None | Unset, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        def _parse_integrations(
            data: object,
        ) -> list[MlflowIntegration | WandbIntegration] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                integrations_type_0 = []
                _integrations_type_0 = data
                for integrations_type_0_item_data in _integrations_type_0:

                    def _parse_integrations_type_0_item(
                        data: object,
                    ) -> MlflowIntegration | WandbIntegration:
                        try:
                            if not isinstance(data, dict):
                                raise TypeError()
                            integrations_type_0_item_type_0 = (
                                WandbIntegration.from_dict(data)
                            )

                            return integrations_type_0_item_type_0
                        except (TypeError, ValueError, AttributeError, KeyError):
                            pass
                        if not isinstance(data, dict):
                            raise TypeError()
                        integrations_type_0_item_type_1 = MlflowIntegration.from_dict(
                            data
                        )

                        return integrations_type_0_item_type_1

                    integrations_type_0_item = _parse_integrations_type_0_item(
                        integrations_type_0_item_data
                    )

                    integrations_type_0.append(integrations_type_0_item)

                return integrations_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[MlflowIntegration | WandbIntegration] | None | Unset, data)

        integrations = _parse_integrations(d.pop("integrations", UNSET))

        _priority = d.pop("priority", UNSET)
        priority: FineTuningJobCreatePriority | Unset
        if isinstance(_priority, Unset):
            priority = UNSET
        else:
            priority = check_fine_tuning_job_create_priority(_priority)

        _device = d.pop("device", UNSET)
        device: FineTuningJobCreateDevice | Unset
        if isinstance(_device, Unset):
            device = UNSET
        else:
            device = check_fine_tuning_job_create_device(_device)

        fine_tuning_job_create = cls(
            model=model,
            training_file=training_file,
            validation_file=validation_file,
            suffix=suffix,
            seed=seed,
            hyperparameters=hyperparameters,
            method=method,
            metadata=metadata,
            integrations=integrations,
            priority=priority,
            device=device,
        )

        return fine_tuning_job_create
