from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.probe_status import ProbeStatus, check_probe_status

if TYPE_CHECKING:
    from ..models.log_probability_change import LogProbabilityChange


T = TypeVar("T", bound="Probe")


@_attrs_define
class Probe:
    """Whether the adapter differs from the model that the training started from: the base model, or the fine-tuned model
    that it continued.

    `differs`: the served adapter answers a training prompt differently, or it changes log-probabilities by more than 3
    times the noise;
    `same`: neither, so the training shows no effect; `not_run`: see `detail`. `log_probabilities` is null if they were
    not measured.

        Attributes:
            status (ProbeStatus):
            detail (str):
            log_probabilities (LogProbabilityChange | None):
    """

    status: ProbeStatus
    detail: str
    log_probabilities: LogProbabilityChange | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.log_probability_change import LogProbabilityChange  # noqa: PLC0415

        status: str = self.status

        detail = self.detail

        log_probabilities: dict[str, Any] | None
        if isinstance(self.log_probabilities, LogProbabilityChange):
            log_probabilities = self.log_probabilities.to_dict()
        else:
            log_probabilities = self.log_probabilities

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status": status,
                "detail": detail,
                "log_probabilities": log_probabilities,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.log_probability_change import LogProbabilityChange  # noqa: PLC0415

        d = dict(src_dict)
        status = check_probe_status(d.pop("status"))

        detail = d.pop("detail")

        def _parse_log_probabilities(data: object) -> LogProbabilityChange | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                log_probabilities_type_0 = LogProbabilityChange.from_dict(data)

                return log_probabilities_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LogProbabilityChange | None, data)

        log_probabilities = _parse_log_probabilities(d.pop("log_probabilities"))

        probe = cls(
            status=status,
            detail=detail,
            log_probabilities=log_probabilities,
        )

        probe.additional_properties = d
        return probe

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
