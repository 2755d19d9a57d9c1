from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="EvalQuestions")


@_attrs_define
class EvalQuestions:
    """An eval whose criteria become graders, and how the rows of `questions_file` become questions.

    `question` is a template, such as `{{item.ticket}}`. `answers` is another, of the accepted answer or a list of them.
    By default, it is
    `{{item.answers}}` for the rows that have this field. Rows without accepted answers need a grader that uses none,
    such as a judge.

        Attributes:
            id (str):
            question (str | Unset):  Default: '{{item.question}}'.
            answers (None | str | Unset):
    """

    id: str
    question: str | Unset = "{{item.question}}"
    answers: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        question = self.question

        answers: None | str | Unset
        if isinstance(self.answers, Unset):
            answers = UNSET
        else:
            answers = self.answers

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
            }
        )
        if question is not UNSET:
            field_dict["question"] = question
        if answers is not UNSET:
            field_dict["answers"] = answers

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        question = d.pop("question", UNSET)

        def _parse_answers(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        answers = _parse_answers(d.pop("answers", UNSET))

        eval_questions = cls(
            id=id,
            question=question,
            answers=answers,
        )

        return eval_questions
