from __future__ import annotations

from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

from ..models.numeric_grader_select import (
    NumericGraderSelect,
    check_numeric_grader_select,
)
from ..types import UNSET, Unset

T = TypeVar("T", bound="NumericGrader")


@_attrs_define
class NumericGrader:
    """Extension: 1 if the answer has the number of the reference, within the larger tolerance and with the reference's
    unit, if it has one.

    If the answer has several numbers with the unit, `select` says which one counts.

        Attributes:
            name (str):
            type_ (Literal['numeric']):
            input_ (str | Unset):  Default: '{{sample.output_text}}'.
            reference (list[str] | str | Unset):  Default: '{{item.answers}}'.
            phrases (list[str] | Unset): More phrases with which an answer abstains, in addition to the known ones.
            absolute_tolerance (float | Unset):  Default: 0.0.
            relative_tolerance (float | Unset):  Default: 0.0.
            select (NumericGraderSelect | Unset):  Default: 'last'.
    """

    name: str
    type_: Literal["numeric"]
    input_: str | Unset = "{{sample.output_text}}"
    reference: list[str] | str | Unset = "{{item.answers}}"
    phrases: list[str] | Unset = UNSET
    absolute_tolerance: float | Unset = 0.0
    relative_tolerance: float | Unset = 0.0
    select: NumericGraderSelect | Unset = "last"

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        type_ = self.type_

        input_ = self.input_

        reference: list[str] | str | Unset
        if isinstance(self.reference, Unset):
            reference = UNSET
        elif isinstance(self.reference, list):
            reference = self.reference

        else:
            reference = self.reference

        phrases: list[str] | Unset = UNSET
        if not isinstance(self.phrases, Unset):
            phrases = self.phrases

        absolute_tolerance = self.absolute_tolerance

        relative_tolerance = self.relative_tolerance

        select: str | Unset = UNSET
        if not isinstance(self.select, Unset):
            select = self.select

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "type": type_,
            }
        )
        if input_ is not UNSET:
            field_dict["input"] = input_
        if reference is not UNSET:
            field_dict["reference"] = reference
        if phrases is not UNSET:
            field_dict["phrases"] = phrases
        if absolute_tolerance is not UNSET:
            field_dict["absolute_tolerance"] = absolute_tolerance
        if relative_tolerance is not UNSET:
            field_dict["relative_tolerance"] = relative_tolerance
        if select is not UNSET:
            field_dict["select"] = select

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        type_ = cast(Literal["numeric"], d.pop("type"))
        if type_ != "numeric":
            raise ValueError(f"type must match const 'numeric', got '{type_}'")

        input_ = d.pop("input", UNSET)

        def _parse_reference(data: object) -> list[str] | str | Unset:
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                reference_type_1 = cast(list[str], data)

                return reference_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | str | Unset, data)

        reference = _parse_reference(d.pop("reference", UNSET))

        phrases = cast(list[str], d.pop("phrases", UNSET))

        absolute_tolerance = d.pop("absolute_tolerance", UNSET)

        relative_tolerance = d.pop("relative_tolerance", UNSET)

        _select = d.pop("select", UNSET)
        select: NumericGraderSelect | Unset
        if isinstance(_select, Unset):
            select = UNSET
        else:
            select = check_numeric_grader_select(_select)

        numeric_grader = cls(
            name=name,
            type_=type_,
            input_=input_,
            reference=reference,
            phrases=phrases,
            absolute_tolerance=absolute_tolerance,
            relative_tolerance=relative_tolerance,
            select=select,
        )

        return numeric_grader
