from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.trace import Trace


T = TypeVar("T", bound="GroundingSummary")


@_attrs_define
class GroundingSummary:
    """How an answer from documents was made.

    `abstained` is true if no model was called. `notes` say what the caller should know, such as passages that did not
    fit.
    `trace` is included if the request asks for it.

        Attributes:
            abstained (bool):  Default: False.
            notes (list[str]):
            trace (None | Trace):
    """

    notes: list[str]
    trace: None | Trace
    abstained: bool = False
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.trace import Trace  # noqa: PLC0415

        abstained = self.abstained

        notes = self.notes

        trace: dict[str, Any] | None
        if isinstance(self.trace, Trace):
            trace = self.trace.to_dict()
        else:
            trace = self.trace

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "abstained": abstained,
                "notes": notes,
                "trace": trace,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.trace import Trace  # noqa: PLC0415

        d = dict(src_dict)
        abstained = d.pop("abstained")

        notes = cast(list[str], d.pop("notes"))

        def _parse_trace(data: object) -> None | Trace:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                trace_type_0 = Trace.from_dict(data)

                return trace_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Trace, data)

        trace = _parse_trace(d.pop("trace"))

        grounding_summary = cls(
            abstained=abstained,
            notes=notes,
            trace=trace,
        )

        grounding_summary.additional_properties = d
        return grounding_summary

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
