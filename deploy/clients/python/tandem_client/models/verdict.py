from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.verdict_outcome import VerdictOutcome, check_verdict_outcome

if TYPE_CHECKING:
    from ..models.more_questions import MoreQuestions


T = TypeVar("T", bound="Verdict")


@_attrs_define
class Verdict:
    """The recommendation, and what it rests on.

    `recommended` is the cheapest arm shown to be no worse than every other by `margin` or more, if it is also shown to
    be better than
    every cheaper arm. `candidates` are the arms shown to be no worse than every other, `not_excluded` those that may be
    the best.
    `best` is the arm with the highest mean. A look is one verdict on the questions so far; `alpha` is its one-sided
    error level.

        Attributes:
            outcome (VerdictOutcome):
            recommended (None | str):
            best (str):
            text (str):
            headline (str):  Default: ''.
            candidates (list[str]):
            not_excluded (list[str]):
            none_answers_well (bool):  Default: False.
            margin (float | None):
            look (int):  Default: 1.
            alpha (float | None):
            more_questions (MoreQuestions | None):
            flip_rate (float | None):
            warnings (list[str]):
            method (str):  Default: 'bootstrap'.
    """

    outcome: VerdictOutcome
    recommended: None | str
    best: str
    text: str
    candidates: list[str]
    not_excluded: list[str]
    margin: float | None
    alpha: float | None
    more_questions: MoreQuestions | None
    flip_rate: float | None
    warnings: list[str]
    headline: str = ""
    none_answers_well: bool = False
    look: int = 1
    method: str = "bootstrap"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.more_questions import MoreQuestions  # noqa: PLC0415

        outcome: str = self.outcome

        recommended: None | str
        recommended = self.recommended

        best = self.best

        text = self.text

        headline = self.headline

        candidates = self.candidates

        not_excluded = self.not_excluded

        none_answers_well = self.none_answers_well

        margin: float | None
        margin = self.margin

        look = self.look

        alpha: float | None
        alpha = self.alpha

        more_questions: dict[str, Any] | None
        if isinstance(self.more_questions, MoreQuestions):
            more_questions = self.more_questions.to_dict()
        else:
            more_questions = self.more_questions

        flip_rate: float | None
        flip_rate = self.flip_rate

        warnings = self.warnings

        method = self.method

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "outcome": outcome,
                "recommended": recommended,
                "best": best,
                "text": text,
                "headline": headline,
                "candidates": candidates,
                "not_excluded": not_excluded,
                "none_answers_well": none_answers_well,
                "margin": margin,
                "look": look,
                "alpha": alpha,
                "more_questions": more_questions,
                "flip_rate": flip_rate,
                "warnings": warnings,
                "method": method,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.more_questions import MoreQuestions  # noqa: PLC0415

        d = dict(src_dict)
        outcome = check_verdict_outcome(d.pop("outcome"))

        def _parse_recommended(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        recommended = _parse_recommended(d.pop("recommended"))

        best = d.pop("best")

        text = d.pop("text")

        headline = d.pop("headline")

        candidates = cast(list[str], d.pop("candidates"))

        not_excluded = cast(list[str], d.pop("not_excluded"))

        none_answers_well = d.pop("none_answers_well")

        def _parse_margin(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        margin = _parse_margin(d.pop("margin"))

        look = d.pop("look")

        def _parse_alpha(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        alpha = _parse_alpha(d.pop("alpha"))

        def _parse_more_questions(data: object) -> MoreQuestions | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                more_questions_type_0 = MoreQuestions.from_dict(data)

                return more_questions_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MoreQuestions | None, data)

        more_questions = _parse_more_questions(d.pop("more_questions"))

        def _parse_flip_rate(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        flip_rate = _parse_flip_rate(d.pop("flip_rate"))

        warnings = cast(list[str], d.pop("warnings"))

        method = d.pop("method")

        verdict = cls(
            outcome=outcome,
            recommended=recommended,
            best=best,
            text=text,
            headline=headline,
            candidates=candidates,
            not_excluded=not_excluded,
            none_answers_well=none_answers_well,
            margin=margin,
            look=look,
            alpha=alpha,
            more_questions=more_questions,
            flip_rate=flip_rate,
            warnings=warnings,
            method=method,
        )

        verdict.additional_properties = d
        return verdict

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
