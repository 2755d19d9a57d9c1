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
from ..models.hyperparameters_lr_scheduler_type import (
    HyperparametersLrSchedulerType,
    check_hyperparameters_lr_scheduler_type,
)
from ..models.hyperparameters_max_length_type_0 import (
    HyperparametersMaxLengthType0,
    check_hyperparameters_max_length_type_0,
)
from ..models.hyperparameters_n_epochs_type_0 import (
    HyperparametersNEpochsType0,
    check_hyperparameters_n_epochs_type_0,
)
from ..models.hyperparameters_warmup_steps_type_0 import (
    HyperparametersWarmupStepsType0,
    check_hyperparameters_warmup_steps_type_0,
)
from ..types import UNSET, Unset

T = TypeVar("T", bound="Hyperparameters")


@_attrs_define
class Hyperparameters:
    """OpenAI's hyperparameters, then extensions with the names that TRL has for them.

    With `auto` the trainer chooses. The learning rate is the multiplier times 1e-4.

        Attributes:
            n_epochs (HyperparametersNEpochsType0 | int | Unset):  Default: 'auto'.
            batch_size (HyperparametersBatchSizeType0 | int | Unset):  Default: 'auto'.
            learning_rate_multiplier (float | HyperparametersLearningRateMultiplierType0 | Unset):  Default: 'auto'.
            lr_scheduler_type (HyperparametersLrSchedulerType | Unset): After the warm-up, the learning rate falls to 0,
                linearly or along a cosine, or stays constant. Default: 'linear'.
            warmup_ratio (float | Unset): Share of the steps in which the learning rate rises from 0. Default: 0.05.
            warmup_steps (HyperparametersWarmupStepsType0 | int | Unset): A number replaces `warmup_ratio`. Default: 'auto'.
            weight_decay (float | Unset): AdamW's decoupled weight decay. Default: 0.0.
            gradient_accumulation_steps (int | Unset): A batch of `batch_size` examples is computed in at least this many
                parts; in more if memory is short. Default: 1.
            max_length (HyperparametersMaxLengthType0 | int | Unset): Tokens after which an example is truncated. Default:
                'auto'.
            early_stopping_patience (int | None | Unset): The training ends after this many epochs in a row without a lower
                validation loss. It needs a `validation_file`.
            early_stopping_threshold (float | Unset): The loss must fall by more than this to count as lower for
                `early_stopping_patience`. Default: 0.0.
            packing (bool | Unset): Several examples share a row of tokens, without seeing each other, instead of being
                padded. Default: False.
    """

    n_epochs: HyperparametersNEpochsType0 | int | Unset = "auto"
    batch_size: HyperparametersBatchSizeType0 | int | Unset = "auto"
    learning_rate_multiplier: (
        float | HyperparametersLearningRateMultiplierType0 | Unset
    ) = "auto"
    lr_scheduler_type: HyperparametersLrSchedulerType | Unset = "linear"
    warmup_ratio: float | Unset = 0.05
    warmup_steps: HyperparametersWarmupStepsType0 | int | Unset = "auto"
    weight_decay: float | Unset = 0.0
    gradient_accumulation_steps: int | Unset = 1
    max_length: HyperparametersMaxLengthType0 | int | Unset = "auto"
    early_stopping_patience: int | None | Unset = UNSET
    early_stopping_threshold: float | Unset = 0.0
    packing: bool | Unset = False

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

        lr_scheduler_type: str | Unset = UNSET
        if not isinstance(self.lr_scheduler_type, Unset):
            lr_scheduler_type = self.lr_scheduler_type

        warmup_ratio = self.warmup_ratio

        warmup_steps: int | str | Unset
        if isinstance(self.warmup_steps, Unset):
            warmup_steps = UNSET
        elif isinstance(self.warmup_steps, str):
            warmup_steps = self.warmup_steps
        else:
            warmup_steps = self.warmup_steps

        weight_decay = self.weight_decay

        gradient_accumulation_steps = self.gradient_accumulation_steps

        max_length: int | str | Unset
        if isinstance(self.max_length, Unset):
            max_length = UNSET
        elif isinstance(self.max_length, str):
            max_length = self.max_length
        else:
            max_length = self.max_length

        early_stopping_patience: int | None | Unset
        if isinstance(self.early_stopping_patience, Unset):
            early_stopping_patience = UNSET
        else:
            early_stopping_patience = self.early_stopping_patience

        early_stopping_threshold = self.early_stopping_threshold

        packing = self.packing

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if n_epochs is not UNSET:
            field_dict["n_epochs"] = n_epochs
        if batch_size is not UNSET:
            field_dict["batch_size"] = batch_size
        if learning_rate_multiplier is not UNSET:
            field_dict["learning_rate_multiplier"] = learning_rate_multiplier
        if lr_scheduler_type is not UNSET:
            field_dict["lr_scheduler_type"] = lr_scheduler_type
        if warmup_ratio is not UNSET:
            field_dict["warmup_ratio"] = warmup_ratio
        if warmup_steps is not UNSET:
            field_dict["warmup_steps"] = warmup_steps
        if weight_decay is not UNSET:
            field_dict["weight_decay"] = weight_decay
        if gradient_accumulation_steps is not UNSET:
            field_dict["gradient_accumulation_steps"] = gradient_accumulation_steps
        if max_length is not UNSET:
            field_dict["max_length"] = max_length
        if early_stopping_patience is not UNSET:
            field_dict["early_stopping_patience"] = early_stopping_patience
        if early_stopping_threshold is not UNSET:
            field_dict["early_stopping_threshold"] = early_stopping_threshold
        if packing is not UNSET:
            field_dict["packing"] = packing

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

        _lr_scheduler_type = d.pop("lr_scheduler_type", UNSET)
        lr_scheduler_type: HyperparametersLrSchedulerType | Unset
        if isinstance(_lr_scheduler_type, Unset):
            lr_scheduler_type = UNSET
        else:
            lr_scheduler_type = check_hyperparameters_lr_scheduler_type(
                _lr_scheduler_type
            )

        warmup_ratio = d.pop("warmup_ratio", UNSET)

        def _parse_warmup_steps(
            data: object,
        ) -> HyperparametersWarmupStepsType0 | int | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                warmup_steps_type_0 = check_hyperparameters_warmup_steps_type_0(data)

                return warmup_steps_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(HyperparametersWarmupStepsType0 | int | Unset, data)

        warmup_steps = _parse_warmup_steps(d.pop("warmup_steps", UNSET))

        weight_decay = d.pop("weight_decay", UNSET)

        gradient_accumulation_steps = d.pop("gradient_accumulation_steps", UNSET)

        def _parse_max_length(
            data: object,
        ) -> HyperparametersMaxLengthType0 | int | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                max_length_type_0 = check_hyperparameters_max_length_type_0(data)

                return max_length_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(HyperparametersMaxLengthType0 | int | Unset, data)

        max_length = _parse_max_length(d.pop("max_length", UNSET))

        def _parse_early_stopping_patience(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        early_stopping_patience = _parse_early_stopping_patience(
            d.pop("early_stopping_patience", UNSET)
        )

        early_stopping_threshold = d.pop("early_stopping_threshold", UNSET)

        packing = d.pop("packing", UNSET)

        hyperparameters = cls(
            n_epochs=n_epochs,
            batch_size=batch_size,
            learning_rate_multiplier=learning_rate_multiplier,
            lr_scheduler_type=lr_scheduler_type,
            warmup_ratio=warmup_ratio,
            warmup_steps=warmup_steps,
            weight_decay=weight_decay,
            gradient_accumulation_steps=gradient_accumulation_steps,
            max_length=max_length,
            early_stopping_patience=early_stopping_patience,
            early_stopping_threshold=early_stopping_threshold,
            packing=packing,
        )

        return hyperparameters
