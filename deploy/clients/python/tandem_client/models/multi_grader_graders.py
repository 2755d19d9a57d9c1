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
    from ..models.numeric_grader import NumericGrader
    from ..models.python_grader import PythonGrader
    from ..models.score_model_grader import ScoreModelGrader
    from ..models.string_check_grader import StringCheckGrader
    from ..models.text_similarity_grader import TextSimilarityGrader


T = TypeVar("T", bound="MultiGraderGraders")


@_attrs_define
class MultiGraderGraders:
    additional_properties: dict[
        str,
        AbstentionGrader
        | ContainsGrader
        | ExactMatchGrader
        | F1Grader
        | JsonSchemaGrader
        | LabelModelGrader
        | NumericGrader
        | PythonGrader
        | ScoreModelGrader
        | StringCheckGrader
        | TextSimilarityGrader,
    ] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
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

        field_dict: dict[str, Any] = {}
        for prop_name, prop in self.additional_properties.items():
            if isinstance(prop, StringCheckGrader):
                field_dict[prop_name] = prop.to_dict()
            elif isinstance(prop, TextSimilarityGrader):
                field_dict[prop_name] = prop.to_dict()
            elif isinstance(prop, ScoreModelGrader):
                field_dict[prop_name] = prop.to_dict()
            elif isinstance(prop, LabelModelGrader):
                field_dict[prop_name] = prop.to_dict()
            elif isinstance(prop, PythonGrader):
                field_dict[prop_name] = prop.to_dict()
            elif isinstance(prop, ExactMatchGrader):
                field_dict[prop_name] = prop.to_dict()
            elif isinstance(prop, F1Grader):
                field_dict[prop_name] = prop.to_dict()
            elif isinstance(prop, ContainsGrader):
                field_dict[prop_name] = prop.to_dict()
            elif isinstance(prop, NumericGrader):
                field_dict[prop_name] = prop.to_dict()
            elif isinstance(prop, JsonSchemaGrader):
                field_dict[prop_name] = prop.to_dict()
            else:
                field_dict[prop_name] = prop.to_dict()

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
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

        d = dict(src_dict)
        multi_grader_graders = cls()

        additional_properties = {}
        for prop_name, prop_dict in d.items():

            def _parse_additional_property(
                data: object,
            ) -> (
                AbstentionGrader
                | ContainsGrader
                | ExactMatchGrader
                | F1Grader
                | JsonSchemaGrader
                | LabelModelGrader
                | NumericGrader
                | PythonGrader
                | ScoreModelGrader
                | StringCheckGrader
                | TextSimilarityGrader
            ):
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    additional_property_type_0 = StringCheckGrader.from_dict(data)

                    return additional_property_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    additional_property_type_1 = TextSimilarityGrader.from_dict(data)

                    return additional_property_type_1
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    additional_property_type_2 = ScoreModelGrader.from_dict(data)

                    return additional_property_type_2
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    additional_property_type_3 = LabelModelGrader.from_dict(data)

                    return additional_property_type_3
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    additional_property_type_4 = PythonGrader.from_dict(data)

                    return additional_property_type_4
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    additional_property_type_5 = ExactMatchGrader.from_dict(data)

                    return additional_property_type_5
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    additional_property_type_6 = F1Grader.from_dict(data)

                    return additional_property_type_6
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    additional_property_type_7 = ContainsGrader.from_dict(data)

                    return additional_property_type_7
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    additional_property_type_8 = NumericGrader.from_dict(data)

                    return additional_property_type_8
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    additional_property_type_9 = JsonSchemaGrader.from_dict(data)

                    return additional_property_type_9
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                if not isinstance(data, dict):
                    raise TypeError()
                additional_property_type_10 = AbstentionGrader.from_dict(data)

                return additional_property_type_10

            additional_property = _parse_additional_property(prop_dict)

            additional_properties[prop_name] = additional_property

        multi_grader_graders.additional_properties = additional_properties
        return multi_grader_graders

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(
        self, key: str
    ) -> (
        AbstentionGrader
        | ContainsGrader
        | ExactMatchGrader
        | F1Grader
        | JsonSchemaGrader
        | LabelModelGrader
        | NumericGrader
        | PythonGrader
        | ScoreModelGrader
        | StringCheckGrader
        | TextSimilarityGrader
    ):
        return self.additional_properties[key]

    def __setitem__(
        self,
        key: str,
        value: AbstentionGrader
        | ContainsGrader
        | ExactMatchGrader
        | F1Grader
        | JsonSchemaGrader
        | LabelModelGrader
        | NumericGrader
        | PythonGrader
        | ScoreModelGrader
        | StringCheckGrader
        | TextSimilarityGrader,
    ) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
