from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.method import Method
    from ..models.prices import Prices


T = TypeVar("T", bound="FineTuningEstimateCreate")


@_attrs_define
class FineTuningEstimateCreate:
    """Body of `POST /v1/fine_tuning/estimate`: the fields of a job that decide what it takes, and a price sheet.

    Without `training_file`, every example is assumed to have `max_length` tokens, and tokens, time and cost are not
    known. The
    `validation_file` is checked as for a job, but only together with a training file.

        Attributes:
            model (str):
            training_file (None | str | Unset):
            validation_file (None | str | Unset):
            method (Method | Unset): How to fine-tune: on the answers of chats (`supervised`), or on pairs of a preferred
                and another answer (`dpo`).
            prices (None | Prices | Unset): The price sheet of comparisons; only `training_hour` matters.
    """

    model: str
    training_file: None | str | Unset = UNSET
    validation_file: None | str | Unset = UNSET
    method: Method | Unset = UNSET
    prices: None | Prices | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.prices import Prices  # noqa: PLC0415

        model = self.model

        training_file: None | str | Unset
        if isinstance(self.training_file, Unset):
            training_file = UNSET
        else:
            training_file = self.training_file

        validation_file: None | str | Unset
        if isinstance(self.validation_file, Unset):
            validation_file = UNSET
        else:
            validation_file = self.validation_file

        method: dict[str, Any] | Unset = UNSET
        if not isinstance(self.method, Unset):
            method = self.method.to_dict()

        prices: dict[str, Any] | None | Unset
        if isinstance(self.prices, Unset):
            prices = UNSET
        elif isinstance(self.prices, Prices):
            prices = self.prices.to_dict()
        else:
            prices = self.prices

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "model": model,
            }
        )
        if training_file is not UNSET:
            field_dict["training_file"] = training_file
        if validation_file is not UNSET:
            field_dict["validation_file"] = validation_file
        if method is not UNSET:
            field_dict["method"] = method
        if prices is not UNSET:
            field_dict["prices"] = prices

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.method import Method  # noqa: PLC0415
        from ..models.prices import Prices  # noqa: PLC0415

        d = dict(src_dict)
        model = d.pop("model")

        def _parse_training_file(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        training_file = _parse_training_file(d.pop("training_file", UNSET))

        def _parse_validation_file(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        validation_file = _parse_validation_file(d.pop("validation_file", UNSET))

        _method = d.pop("method", UNSET)
        method: Method | Unset
        if isinstance(_method, Unset):
            method = UNSET
        else:
            method = Method.from_dict(_method)

        def _parse_prices(data: object) -> None | Prices | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                prices_type_0 = Prices.from_dict(data)

                return prices_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Prices | Unset, data)

        prices = _parse_prices(d.pop("prices", UNSET))

        fine_tuning_estimate_create = cls(
            model=model,
            training_file=training_file,
            validation_file=validation_file,
            method=method,
            prices=prices,
        )

        return fine_tuning_estimate_create
