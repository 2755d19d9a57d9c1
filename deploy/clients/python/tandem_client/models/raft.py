from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="Raft")


@_attrs_define
class Raft:
    """Training examples with passages in the prompt (RAFT, Zhang et al. 2024, arXiv 2403.10131), in the form of the built-
    in template.

    `oracle_share` of the examples have the passage with the answer among `distractors` other passages from a search.
    `unanswerable_share` have only other passages, and `abstention` as their answer. `plain_share` have the question
    alone. The rest
    have only other passages but keep their answer, as in the paper.

        Attributes:
            oracle_share (float | Unset):  Default: 0.8.
            unanswerable_share (float | Unset):  Default: 0.2.
            plain_share (float | Unset):  Default: 0.0.
            distractors (int | Unset):  Default: 3.
            abstention (str | Unset):  Default: 'The documents do not answer this question.'.
    """

    oracle_share: float | Unset = 0.8
    unanswerable_share: float | Unset = 0.2
    plain_share: float | Unset = 0.0
    distractors: int | Unset = 3
    abstention: str | Unset = "The documents do not answer this question."

    def to_dict(self) -> dict[str, Any]:
        oracle_share = self.oracle_share

        unanswerable_share = self.unanswerable_share

        plain_share = self.plain_share

        distractors = self.distractors

        abstention = self.abstention

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if oracle_share is not UNSET:
            field_dict["oracle_share"] = oracle_share
        if unanswerable_share is not UNSET:
            field_dict["unanswerable_share"] = unanswerable_share
        if plain_share is not UNSET:
            field_dict["plain_share"] = plain_share
        if distractors is not UNSET:
            field_dict["distractors"] = distractors
        if abstention is not UNSET:
            field_dict["abstention"] = abstention

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        oracle_share = d.pop("oracle_share", UNSET)

        unanswerable_share = d.pop("unanswerable_share", UNSET)

        plain_share = d.pop("plain_share", UNSET)

        distractors = d.pop("distractors", UNSET)

        abstention = d.pop("abstention", UNSET)

        raft = cls(
            oracle_share=oracle_share,
            unanswerable_share=unanswerable_share,
            plain_share=plain_share,
            distractors=distractors,
            abstention=abstention,
        )

        return raft
