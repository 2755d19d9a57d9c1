from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.fine_tuning_job_retry_device_type_0 import (
    FineTuningJobRetryDeviceType0,
    check_fine_tuning_job_retry_device_type_0,
)
from ..models.fine_tuning_job_retry_priority_type_0 import (
    FineTuningJobRetryPriorityType0,
    check_fine_tuning_job_retry_priority_type_0,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.fine_tuning_job_retry_metadata_type_0 import (
        FineTuningJobRetryMetadataType0,
    )
    from ..models.method import Method
    from ..models.mlflow_integration import MlflowIntegration
    from ..models.wandb_integration import WandbIntegration


T = TypeVar("T", bound="FineTuningJobRetry")


@_attrs_define
class FineTuningJobRetry:
    """Body of `POST /v1/fine_tuning/jobs/{job_id}/retry`: what to change in the new job.

    Attributes:
        method (Method | None | Unset): By default, the method that was requested for the old job.
        suffix (None | str | Unset):
        seed (int | None | Unset):
        metadata (FineTuningJobRetryMetadataType0 | None | Unset):
        integrations (list[MlflowIntegration | WandbIntegration] | None | Unset): By default, those of the old job.
        priority (FineTuningJobRetryPriorityType0 | None | Unset): The order of a project's waiting jobs. It does not
            put one project ahead of another. By default, that of the old job.
        device (FineTuningJobRetryDeviceType0 | None | Unset): The devices that the job may run on. `auto` means any;
            with `cpu` or `gpu`, the job waits for a worker with such a device. By default, that of the old job.
    """

    method: Method | None | Unset = UNSET
    suffix: None | str | Unset = UNSET
    seed: int | None | Unset = UNSET
    metadata: FineTuningJobRetryMetadataType0 | None | Unset = UNSET
    integrations: list[MlflowIntegration | WandbIntegration] | None | Unset = UNSET
    priority: FineTuningJobRetryPriorityType0 | None | Unset = UNSET
    device: FineTuningJobRetryDeviceType0 | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.fine_tuning_job_retry_metadata_type_0 import (
            FineTuningJobRetryMetadataType0,  # noqa: PLC0415
        )
        from ..models.method import Method  # noqa: PLC0415
        from ..models.wandb_integration import WandbIntegration  # noqa: PLC0415

        method: dict[str, Any] | None | Unset
        if isinstance(self.method, Unset):
            method = UNSET
        elif isinstance(self.method, Method):
            method = self.method.to_dict()
        else:
            method = self.method

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

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, FineTuningJobRetryMetadataType0):
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

        priority: None | str | Unset
        if isinstance(self.priority, Unset):
            priority = UNSET
        elif isinstance(self.priority, str):
            priority = self.priority
        else:
            priority = self.priority

        device: None | str | Unset
        if isinstance(self.device, Unset):
            device = UNSET
        elif isinstance(self.device, str):
            device = self.device
        else:
            device = self.device

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if method is not UNSET:
            field_dict["method"] = method
        if suffix is not UNSET:
            field_dict["suffix"] = suffix
        if seed is not UNSET:
            field_dict["seed"] = seed
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
        from ..models.fine_tuning_job_retry_metadata_type_0 import (
            FineTuningJobRetryMetadataType0,  # noqa: PLC0415
        )
        from ..models.method import Method  # noqa: PLC0415
        from ..models.mlflow_integration import MlflowIntegration  # noqa: PLC0415
        from ..models.wandb_integration import WandbIntegration  # noqa: PLC0415

        d = dict(src_dict)

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

        def _parse_metadata(
            data: object,
        ) -> FineTuningJobRetryMetadataType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = FineTuningJobRetryMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FineTuningJobRetryMetadataType0 | None | Unset, data)

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

        def _parse_priority(
            data: object,
        ) -> FineTuningJobRetryPriorityType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                priority_type_0 = check_fine_tuning_job_retry_priority_type_0(data)

                return priority_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FineTuningJobRetryPriorityType0 | None | Unset, data)

        priority = _parse_priority(d.pop("priority", UNSET))

        def _parse_device(data: object) -> FineTuningJobRetryDeviceType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                device_type_0 = check_fine_tuning_job_retry_device_type_0(data)

                return device_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FineTuningJobRetryDeviceType0 | None | Unset, data)

        device = _parse_device(d.pop("device", UNSET))

        fine_tuning_job_retry = cls(
            method=method,
            suffix=suffix,
            seed=seed,
            metadata=metadata,
            integrations=integrations,
            priority=priority,
            device=device,
        )

        return fine_tuning_job_retry
