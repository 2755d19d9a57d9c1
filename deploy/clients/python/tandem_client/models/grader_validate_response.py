from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.abstention_grader import AbstentionGrader
    from ..models.contains_grader import ContainsGrader
    from ..models.exact_match_grader import ExactMatchGrader
    from ..models.f1_grader import F1Grader
    from ..models.json_schema_grader import JsonSchemaGrader
    from ..models.label_model_grader import LabelModelGrader
    from ..models.multi_grader import MultiGrader
    from ..models.numeric_grader import NumericGrader
    from ..models.python_grader import PythonGrader
    from ..models.score_model_grader import ScoreModelGrader
    from ..models.string_check_grader import StringCheckGrader
    from ..models.text_similarity_grader import TextSimilarityGrader


T = TypeVar("T", bound="GraderValidateResponse")


@_attrs_define
class GraderValidateResponse:
    """The grader as it was understood, with its defaults.

    Attributes:
        grader (AbstentionGrader | ContainsGrader | ExactMatchGrader | F1Grader | JsonSchemaGrader | LabelModelGrader |
            MultiGrader | NumericGrader | PythonGrader | ScoreModelGrader | StringCheckGrader | TextSimilarityGrader):
    """

    grader: (
        AbstentionGrader
        | ContainsGrader
        | ExactMatchGrader
        | F1Grader
        | JsonSchemaGrader
        | LabelModelGrader
        | MultiGrader
        | NumericGrader
        | PythonGrader
        | ScoreModelGrader
        | StringCheckGrader
        | TextSimilarityGrader
    )
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.abstention_grader import AbstentionGrader  # noqa: PLC0415
        from ..models.contains_grader import ContainsGrader  # noqa: PLC0415
        from ..models.exact_match_grader import ExactMatchGrader  # noqa: PLC0415
        from ..models.f1_grader import F1Grader  # noqa: PLC0415
        from ..models.json_schema_grader import JsonSchemaGrader  # noqa: PLC0415
        from ..models.label_model_grader import LabelModelGrader  # noqa: PLC0415
        from ..models.numeric_grader import NumericGrader  # noqa: PLC0415
        from ..models.python_grader import PythonGrader  # noqa: PLC0415
        from ..models.score_model_grader import ScoreModelGrader  # noqa: PLC0415
        from ..models.string_check_grader import StringCheckGrader  # noqa: PLC0415
        from ..models.text_similarity_grader import TextSimilarityGrader  # noqa: PLC0415

        grader: dict[str, Any]
        if isinstance(self.grader, StringCheckGrader):
            grader = self.grader.to_dict()
        elif isinstance(self.grader, TextSimilarityGrader):
            grader = self.grader.to_dict()
        elif isinstance(self.grader, ScoreModelGrader):
            grader = self.grader.to_dict()
        elif isinstance(self.grader, LabelModelGrader):
            grader = self.grader.to_dict()
        elif isinstance(self.grader, PythonGrader):
            grader = self.grader.to_dict()
        elif isinstance(self.grader, ExactMatchGrader):
            grader = self.grader.to_dict()
        elif isinstance(self.grader, F1Grader):
            grader = self.grader.to_dict()
        elif isinstance(self.grader, ContainsGrader):
            grader = self.grader.to_dict()
        elif isinstance(self.grader, NumericGrader):
            grader = self.grader.to_dict()
        elif isinstance(self.grader, JsonSchemaGrader):
            grader = self.grader.to_dict()
        elif isinstance(self.grader, AbstentionGrader):
            grader = self.grader.to_dict()
        else:
            grader = self.grader.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "grader": grader,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.abstention_grader import AbstentionGrader  # noqa: PLC0415
        from ..models.contains_grader import ContainsGrader  # noqa: PLC0415
        from ..models.exact_match_grader import ExactMatchGrader  # noqa: PLC0415
        from ..models.f1_grader import F1Grader  # noqa: PLC0415
        from ..models.json_schema_grader import JsonSchemaGrader  # noqa: PLC0415
        from ..models.label_model_grader import LabelModelGrader  # noqa: PLC0415
        from ..models.multi_grader import MultiGrader  # noqa: PLC0415
        from ..models.numeric_grader import NumericGrader  # noqa: PLC0415
        from ..models.python_grader import PythonGrader  # noqa: PLC0415
        from ..models.score_model_grader import ScoreModelGrader  # noqa: PLC0415
        from ..models.string_check_grader import StringCheckGrader  # noqa: PLC0415
        from ..models.text_similarity_grader import TextSimilarityGrader  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_grader(
            data: object,
        ) -> (
            AbstentionGrader
            | ContainsGrader
            | ExactMatchGrader
            | F1Grader
            | JsonSchemaGrader
            | LabelModelGrader
            | MultiGrader
            | NumericGrader
            | PythonGrader
            | ScoreModelGrader
            | StringCheckGrader
            | TextSimilarityGrader
        ):
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                grader_type_0 = StringCheckGrader.from_dict(data)

                return grader_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                grader_type_1 = TextSimilarityGrader.from_dict(data)

                return grader_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                grader_type_2 = ScoreModelGrader.from_dict(data)

                return grader_type_2
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                grader_type_3 = LabelModelGrader.from_dict(data)

                return grader_type_3
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                grader_type_4 = PythonGrader.from_dict(data)

                return grader_type_4
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                grader_type_5 = ExactMatchGrader.from_dict(data)

                return grader_type_5
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                grader_type_6 = F1Grader.from_dict(data)

                return grader_type_6
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                grader_type_7 = ContainsGrader.from_dict(data)

                return grader_type_7
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                grader_type_8 = NumericGrader.from_dict(data)

                return grader_type_8
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                grader_type_9 = JsonSchemaGrader.from_dict(data)

                return grader_type_9
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                grader_type_10 = AbstentionGrader.from_dict(data)

                return grader_type_10
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            grader_type_11 = MultiGrader.from_dict(data)

            return grader_type_11

        grader = _parse_grader(d.pop("grader"))

        grader_validate_response = cls(
            grader=grader,
        )

        grader_validate_response.additional_properties = d
        return grader_validate_response

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
