from __future__ import annotations

from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ExactMatchGrader")


@_attrs_define
class ExactMatchGrader:
    """Extension: 1 if the answer is an accepted one, apart from case, punctuation and articles (SQuAD). Numbers, signs and
    units count.

        Attributes:
            name (str):
            type_ (Literal['exact_match']):
            input_ (str | Unset):  Default: '{{sample.output_text}}'.
            reference (list[str] | str | Unset):  Default: '{{item.answers}}'.
            phrases (list[str] | Unset): More phrases with which an answer abstains, in addition to the known ones.
    """

    name: str
    type_: Literal["exact_match"]
    input_: str | Unset = "{{sample.output_text}}"
    reference: list[str] | str | Unset = "{{item.answers}}"
    phrases: list[str] | Unset = UNSET

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

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        type_ = cast(Literal["exact_match"], d.pop("type"))
        if type_ != "exact_match":
            raise ValueError(f"type must match const 'exact_match', got '{type_}'")

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

        exact_match_grader = cls(
            name=name,
            type_=type_,
            input_=input_,
            reference=reference,
            phrases=phrases,
        )

        return exact_match_grader
