from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.hyperparameters_batch_size_type_0 import (
    HyperparametersBatchSizeType0,
    check_hyperparameters_batch_size_type_0,
)
from ..models.hyperparameters_learning_rate_multiplier_type_0 import (
    HyperparametersLearningRateMultiplierType0,
    check_hyperparameters_learning_rate_multiplier_type_0,
)
from ..models.hyperparameters_n_epochs_type_0 import (
    HyperparametersNEpochsType0,
    check_hyperparameters_n_epochs_type_0,
)
from ..types import UNSET, Unset

T = TypeVar("T", bound="Hyperparameters")


@_attrs_define
class Hyperparameters:
    """OpenAI's hyperparameters. With `auto` the trainer chooses. The learning rate is the multiplier times 1e-4.

    Attributes:
        n_epochs (HyperparametersNEpochsType0 | int | Unset):  Default: 'auto'.
        batch_size (HyperparametersBatchSizeType0 | int | Unset):  Default: 'auto'.
        learning_rate_multiplier (float | HyperparametersLearningRateMultiplierType0 | Unset):  Default: 'auto'.
    """

    n_epochs: HyperparametersNEpochsType0 | int | Unset = "auto"
    batch_size: HyperparametersBatchSizeType0 | int | Unset = "auto"
    learning_rate_multiplier: (
        float | HyperparametersLearningRateMultiplierType0 | Unset
    ) = "auto"

    def to_dict(self) -> dict[str, Any]:
        n_epochs: int | str | Unset
        if isinstance(self.n_epochs, Unset):
            n_epochs = UNSET
        elif isinstance(self.n_epochs, str):
            n_epochs = self.n_epochs
        else:
            n_epochs = self.n_epochs

        batch_size: int | str | Unset
        if isinstance(self.batch_size, Unset):
            batch_size = UNSET
        elif isinstance(self.batch_size, str):
            batch_size = self.batch_size
        else:
            batch_size = self.batch_size

        learning_rate_multiplier: float | str | Unset
        if isinstance(self.learning_rate_multiplier, Unset):
            learning_rate_multiplier = UNSET
        elif isinstance(self.learning_rate_multiplier, str):
            learning_rate_multiplier = self.learning_rate_multiplier
        else:
            learning_rate_multiplier = self.learning_rate_multiplier

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if n_epochs is not UNSET:
            field_dict["n_epochs"] = n_epochs
        if batch_size is not UNSET:
            field_dict["batch_size"] = batch_size
        if learning_rate_multiplier is not UNSET:
            field_dict["learning_rate_multiplier"] = learning_rate_multiplier

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_n_epochs(data: object) -> HyperparametersNEpochsType0 | int | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                n_epochs_type_0 = check_hyperparameters_n_epochs_type_0(data)

                return n_epochs_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(HyperparametersNEpochsType0 | int | Unset, data)

        n_epochs = _parse_n_epochs(d.pop("n_epochs", UNSET))

        def _parse_batch_size(
            data: object,
        ) -> HyperparametersBatchSizeType0 | int | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                batch_size_type_0 = check_hyperparameters_batch_size_type_0(data)

                return batch_size_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(HyperparametersBatchSizeType0 | int | Unset, data)

        batch_size = _parse_batch_size(d.pop("batch_size", UNSET))

        def _parse_learning_rate_multiplier(
            data: object,
        ) -> float | HyperparametersLearningRateMultiplierType0 | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                learning_rate_multiplier_type_0 = (
                    check_hyperparameters_learning_rate_multiplier_type_0(data)
                )

                return learning_rate_multiplier_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(
                float | HyperparametersLearningRateMultiplierType0 | Unset, data
            )

        learning_rate_multiplier = _parse_learning_rate_multiplier(
            d.pop("learning_rate_multiplier", UNSET)
        )

        hyperparameters = cls(
            n_epochs=n_epochs,
            batch_size=batch_size,
            learning_rate_multiplier=learning_rate_multiplier,
        )

        return hyperparameters
