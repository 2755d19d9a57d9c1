from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.abstention_grader import AbstentionGrader
    from ..models.contains_grader import ContainsGrader
    from ..models.custom_config import CustomConfig
    from ..models.eval_create_metadata_type_0 import EvalCreateMetadataType0
    from ..models.exact_match_grader import ExactMatchGrader
    from ..models.f1_grader import F1Grader
    from ..models.json_schema_grader import JsonSchemaGrader
    from ..models.label_model_grader import LabelModelGrader
    from ..models.logs_config import LogsConfig
    from ..models.multi_grader import MultiGrader
    from ..models.numeric_grader import NumericGrader
    from ..models.python_grader import PythonGrader
    from ..models.score_model_grader import ScoreModelGrader
    from ..models.stored_completions_config import StoredCompletionsConfig
    from ..models.string_check_grader import StringCheckGrader
    from ..models.text_similarity_grader import TextSimilarityGrader


T = TypeVar("T", bound="EvalCreate")


@_attrs_define
class EvalCreate:
    """Body of `POST /v1/evals`.

    Attributes:
        data_source_config (CustomConfig | LogsConfig | StoredCompletionsConfig):
        testing_criteria (list[AbstentionGrader | ContainsGrader | ExactMatchGrader | F1Grader | JsonSchemaGrader |
            LabelModelGrader | MultiGrader | NumericGrader | PythonGrader | ScoreModelGrader | StringCheckGrader |
            TextSimilarityGrader]):
        name (None | str | Unset): Defaults to the type of the data source and the date.
        metadata (EvalCreateMetadataType0 | None | Unset):
    """

    data_source_config: CustomConfig | LogsConfig | StoredCompletionsConfig
    testing_criteria: list[
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
    ]
    name: None | str | Unset = UNSET
    metadata: EvalCreateMetadataType0 | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.abstention_grader import AbstentionGrader  # noqa: PLC0415
        from ..models.contains_grader import ContainsGrader  # noqa: PLC0415
        from ..models.custom_config import CustomConfig  # noqa: PLC0415
        from ..models.eval_create_metadata_type_0 import EvalCreateMetadataType0  # noqa: PLC0415
        from ..models.exact_match_grader import ExactMatchGrader  # noqa: PLC0415
        from ..models.f1_grader import F1Grader  # noqa: PLC0415
        from ..models.json_schema_grader import JsonSchemaGrader  # noqa: PLC0415
        from ..models.label_model_grader import LabelModelGrader  # noqa: PLC0415
        from ..models.logs_config import LogsConfig  # noqa: PLC0415
        from ..models.numeric_grader import NumericGrader  # noqa: PLC0415
        from ..models.python_grader import PythonGrader  # noqa: PLC0415
        from ..models.score_model_grader import ScoreModelGrader  # noqa: PLC0415
        from ..models.string_check_grader import StringCheckGrader  # noqa: PLC0415
        from ..models.text_similarity_grader import TextSimilarityGrader  # noqa: PLC0415

        data_source_config: dict[str, Any]
        if isinstance(self.data_source_config, CustomConfig):
            data_source_config = self.data_source_config.to_dict()
        elif isinstance(self.data_source_config, LogsConfig):
            data_source_config = self.data_source_config.to_dict()
        else:
            data_source_config = self.data_source_config.to_dict()

        testing_criteria = []
        for testing_criteria_item_data in self.testing_criteria:
            testing_criteria_item: dict[str, Any]
            if isinstance(testing_criteria_item_data, StringCheckGrader):
                testing_criteria_item = testing_criteria_item_data.to_dict()
            elif isinstance(testing_criteria_item_data, TextSimilarityGrader):
                testing_criteria_item = testing_criteria_item_data.to_dict()
            elif isinstance(testing_criteria_item_data, ScoreModelGrader):
                testing_criteria_item = testing_criteria_item_data.to_dict()
            elif isinstance(testing_criteria_item_data, LabelModelGrader):
                testing_criteria_item = testing_criteria_item_data.to_dict()
            elif isinstance(testing_criteria_item_data, PythonGrader):
                testing_criteria_item = testing_criteria_item_data.to_dict()
            elif isinstance(testing_criteria_item_data, ExactMatchGrader):
                testing_criteria_item = testing_criteria_item_data.to_dict()
            elif isinstance(testing_criteria_item_data, F1Grader):
                testing_criteria_item = testing_criteria_item_data.to_dict()
            elif isinstance(testing_criteria_item_data, ContainsGrader):
                testing_criteria_item = testing_criteria_item_data.to_dict()
            elif isinstance(testing_criteria_item_data, NumericGrader):
                testing_criteria_item = testing_criteria_item_data.to_dict()
            elif isinstance(testing_criteria_item_data, JsonSchemaGrader):
                testing_criteria_item = testing_criteria_item_data.to_dict()
            elif isinstance(testing_criteria_item_data, AbstentionGrader):
                testing_criteria_item = testing_criteria_item_data.to_dict()
            else:
                testing_criteria_item = testing_criteria_item_data.to_dict()

            testing_criteria.append(testing_criteria_item)

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, EvalCreateMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "data_source_config": data_source_config,
                "testing_criteria": testing_criteria,
            }
        )
        if name is not UNSET:
            field_dict["name"] = name
        if metadata is not UNSET:
            field_dict["metadata"] = metadata

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.abstention_grader import AbstentionGrader  # noqa: PLC0415
        from ..models.contains_grader import ContainsGrader  # noqa: PLC0415
        from ..models.custom_config import CustomConfig  # noqa: PLC0415
        from ..models.eval_create_metadata_type_0 import EvalCreateMetadataType0  # noqa: PLC0415
        from ..models.exact_match_grader import ExactMatchGrader  # noqa: PLC0415
        from ..models.f1_grader import F1Grader  # noqa: PLC0415
        from ..models.json_schema_grader import JsonSchemaGrader  # noqa: PLC0415
        from ..models.label_model_grader import LabelModelGrader  # noqa: PLC0415
        from ..models.logs_config import LogsConfig  # noqa: PLC0415
        from ..models.multi_grader import MultiGrader  # noqa: PLC0415
        from ..models.numeric_grader import NumericGrader  # noqa: PLC0415
        from ..models.python_grader import PythonGrader  # noqa: PLC0415
        from ..models.score_model_grader import ScoreModelGrader  # noqa: PLC0415
        from ..models.stored_completions_config import StoredCompletionsConfig  # noqa: PLC0415
        from ..models.string_check_grader import StringCheckGrader  # noqa: PLC0415
        from ..models.text_similarity_grader import TextSimilarityGrader  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_data_source_config(
            data: object,
        ) -> CustomConfig | LogsConfig | StoredCompletionsConfig:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                data_source_config_type_0 = CustomConfig.from_dict(data)

                return data_source_config_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                data_source_config_type_1 = LogsConfig.from_dict(data)

                return data_source_config_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            data_source_config_type_2 = StoredCompletionsConfig.from_dict(data)

            return data_source_config_type_2

        data_source_config = _parse_data_source_config(d.pop("data_source_config"))

        testing_criteria = []
        _testing_criteria = d.pop("testing_criteria")
        for testing_criteria_item_data in _testing_criteria:

            def _parse_testing_criteria_item(
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
                    testing_criteria_item_type_0 = StringCheckGrader.from_dict(data)

                    return testing_criteria_item_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    testing_criteria_item_type_1 = TextSimilarityGrader.from_dict(data)

                    return testing_criteria_item_type_1
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    testing_criteria_item_type_2 = ScoreModelGrader.from_dict(data)

                    return testing_criteria_item_type_2
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    testing_criteria_item_type_3 = LabelModelGrader.from_dict(data)

                    return testing_criteria_item_type_3
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    testing_criteria_item_type_4 = PythonGrader.from_dict(data)

                    return testing_criteria_item_type_4
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    testing_criteria_item_type_5 = ExactMatchGrader.from_dict(data)

                    return testing_criteria_item_type_5
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    testing_criteria_item_type_6 = F1Grader.from_dict(data)

                    return testing_criteria_item_type_6
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    testing_criteria_item_type_7 = ContainsGrader.from_dict(data)

                    return testing_criteria_item_type_7
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    testing_criteria_item_type_8 = NumericGrader.from_dict(data)

                    return testing_criteria_item_type_8
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    testing_criteria_item_type_9 = JsonSchemaGrader.from_dict(data)

                    return testing_criteria_item_type_9
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    testing_criteria_item_type_10 = AbstentionGrader.from_dict(data)

                    return testing_criteria_item_type_10
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                if not isinstance(data, dict):
                    raise TypeError()
                testing_criteria_item_type_11 = MultiGrader.from_dict(data)

                return testing_criteria_item_type_11

            testing_criteria_item = _parse_testing_criteria_item(
                testing_criteria_item_data
            )

            testing_criteria.append(testing_criteria_item)

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        def _parse_metadata(data: object) -> EvalCreateMetadataType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = EvalCreateMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(EvalCreateMetadataType0 | None | Unset, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        eval_create = cls(
            data_source_config=data_source_config,
            testing_criteria=testing_criteria,
            name=name,
            metadata=metadata,
        )

        return eval_create
