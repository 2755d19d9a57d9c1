from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.comparison_create_arms_type_0_item_type_0 import (
    ComparisonCreateArmsType0ItemType0,
    check_comparison_create_arms_type_0_item_type_0,
)
from ..models.comparison_create_leaked_questions import (
    ComparisonCreateLeakedQuestions,
    check_comparison_create_leaked_questions,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.abstention_grader import AbstentionGrader
    from ..models.arm import Arm
    from ..models.comparison_create_metadata_type_0 import ComparisonCreateMetadataType0
    from ..models.comparison_retrieval import ComparisonRetrieval
    from ..models.contains_grader import ContainsGrader
    from ..models.eval_questions import EvalQuestions
    from ..models.exact_match_grader import ExactMatchGrader
    from ..models.f1_grader import F1Grader
    from ..models.generator import Generator
    from ..models.json_schema_grader import JsonSchemaGrader
    from ..models.label_model_grader import LabelModelGrader
    from ..models.multi_grader import MultiGrader
    from ..models.numeric_grader import NumericGrader
    from ..models.prices import Prices
    from ..models.python_grader import PythonGrader
    from ..models.score_model_grader import ScoreModelGrader
    from ..models.string_check_grader import StringCheckGrader
    from ..models.text_similarity_grader import TextSimilarityGrader


T = TypeVar("T", bound="ComparisonCreate")


@_attrs_define
class ComparisonCreate:
    """Body of `POST /v1/comparisons`.

    `questions_file` is JSONL or CSV (see the documentation). `model` is a fine-tuned model, or a base model for a
    comparison without
    fine-tuning. `arms` defaults to all standard arms that the inputs allow. If you send `documents` instead of
    questions, a model and
    vector stores, these are made from the documents first. They are ordinary resources, and they remain. With
    `documents`, a base model
    in `model` is the one that is fine-tuned; by default, that is the first of `GET /v1/models`. The response names it
    in `base_model`.

        Attributes:
            name (None | str | Unset):
            questions_file (None | str | Unset):
            eval_ (EvalQuestions | None | Unset): An eval: its criteria become graders. `questions_file` has rows of its
                data.
            model (None | str | Unset):
            vector_store_ids (list[str] | Unset):
            documents (list[str] | Unset): Ids of files with documents.
            generator (Generator | None | Unset): The model that writes questions about `documents`. Default: the base
                model.
            training_file (None | str | Unset): Default: the training file of the fine-tuned model.
            instructions (None | str | Unset): The system message of every arm.
            arms (list[Arm | ComparisonCreateArmsType0ItemType0] | None | Unset):
            graders (list[AbstentionGrader | ContainsGrader | ExactMatchGrader | F1Grader | JsonSchemaGrader |
                LabelModelGrader | MultiGrader | NumericGrader | PythonGrader | ScoreModelGrader | StringCheckGrader |
                TextSimilarityGrader] | Unset): Graders in OpenAI's shapes, and ours. Each needs a `name`.
            grader (str | Unset): The name of the grader that decides: `f1`, `exact_match`, or one of `graders`. Default:
                'f1'.
            margin (float | None | Unset): The smallest difference that matters. Default: 5% of the grader's range.
            max_tokens (int | Unset): The maximum length of an answer, in tokens. Default: 64.
            retrieval (ComparisonRetrieval | Unset): How the arms with documents retrieve. The fields are those of
                `retrieval` in a chat.
            prices (None | Prices | Unset): The price sheet. Without it, the cost is the number of tokens.
            leaked_questions (ComparisonCreateLeakedQuestions | Unset): What to do with questions that the training file
                has. Default: 'leave_out'.
            seed (int | Unset):  Default: 0.
            seeds (int | Unset): How many adapters to compare, each trained with another seed. The verdict is about the
                first. Default: 1.
            extends (None | str | Unset): A comparison to continue with more questions.
            metadata (ComparisonCreateMetadataType0 | None | Unset):
    """

    name: None | str | Unset = UNSET
    questions_file: None | str | Unset = UNSET
    eval_: EvalQuestions | None | Unset = UNSET
    model: None | str | Unset = UNSET
    vector_store_ids: list[str] | Unset = UNSET
    documents: list[str] | Unset = UNSET
    generator: Generator | None | Unset = UNSET
    training_file: None | str | Unset = UNSET
    instructions: None | str | Unset = UNSET
    arms: list[Arm | ComparisonCreateArmsType0ItemType0] | None | Unset = UNSET
    graders: (
        list[
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
        | Unset
    ) = UNSET
    grader: str | Unset = "f1"
    margin: float | None | Unset = UNSET
    max_tokens: int | Unset = 64
    retrieval: ComparisonRetrieval | Unset = UNSET
    prices: None | Prices | Unset = UNSET
    leaked_questions: ComparisonCreateLeakedQuestions | Unset = "leave_out"
    seed: int | Unset = 0
    seeds: int | Unset = 1
    extends: None | str | Unset = UNSET
    metadata: ComparisonCreateMetadataType0 | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.abstention_grader import AbstentionGrader  # noqa: PLC0415
        from ..models.comparison_create_metadata_type_0 import (
            ComparisonCreateMetadataType0,  # noqa: PLC0415
        )
        from ..models.contains_grader import ContainsGrader  # noqa: PLC0415
        from ..models.eval_questions import EvalQuestions  # noqa: PLC0415
        from ..models.exact_match_grader import ExactMatchGrader  # noqa: PLC0415
        from ..models.f1_grader import F1Grader  # noqa: PLC0415
        from ..models.generator import Generator  # noqa: PLC0415
        from ..models.json_schema_grader import JsonSchemaGrader  # noqa: PLC0415
        from ..models.label_model_grader import LabelModelGrader  # noqa: PLC0415
        from ..models.numeric_grader import NumericGrader  # noqa: PLC0415
        from ..models.prices import Prices  # noqa: PLC0415
        from ..models.python_grader import PythonGrader  # noqa: PLC0415
        from ..models.score_model_grader import ScoreModelGrader  # noqa: PLC0415
        from ..models.string_check_grader import StringCheckGrader  # noqa: PLC0415
        from ..models.text_similarity_grader import TextSimilarityGrader  # noqa: PLC0415

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        questions_file: None | str | Unset
        if isinstance(self.questions_file, Unset):
            questions_file = UNSET
        else:
            questions_file = self.questions_file

        eval_: dict[str, Any] | None | Unset
        if isinstance(self.eval_, Unset):
            eval_ = UNSET
        elif isinstance(self.eval_, EvalQuestions):
            eval_ = self.eval_.to_dict()
        else:
            eval_ = self.eval_

        model: None | str | Unset
        if isinstance(self.model, Unset):
            model = UNSET
        else:
            model = self.model

        vector_store_ids: list[str] | Unset = UNSET
        if not isinstance(self.vector_store_ids, Unset):
            vector_store_ids = self.vector_store_ids

        documents: list[str] | Unset = UNSET
        if not isinstance(self.documents, Unset):
            documents = self.documents

        generator: dict[str, Any] | None | Unset
        if isinstance(self.generator, Unset):
            generator = UNSET
        elif isinstance(self.generator, Generator):
            generator = self.generator.to_dict()
        else:
            generator = self.generator

        training_file: None | str | Unset
        if isinstance(self.training_file, Unset):
            training_file = UNSET
        else:
            training_file = self.training_file

        instructions: None | str | Unset
        if isinstance(self.instructions, Unset):
            instructions = UNSET
        else:
            instructions = self.instructions

        arms: list[dict[str, Any] | str] | None | Unset
        if isinstance(self.arms, Unset):
            arms = UNSET
        elif isinstance(self.arms, list):
            arms = []
            for arms_type_0_item_data in self.arms:
                arms_type_0_item: dict[str, Any] | str
                if isinstance(arms_type_0_item_data, str):
                    arms_type_0_item = arms_type_0_item_data
                else:
                    arms_type_0_item = arms_type_0_item_data.to_dict()

                arms.append(arms_type_0_item)

        else:
            arms = self.arms

        graders: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.graders, Unset):
            graders = []
            for graders_item_data in self.graders:
                graders_item: dict[str, Any]
                if isinstance(graders_item_data, StringCheckGrader):
                    graders_item = graders_item_data.to_dict()
                elif isinstance(graders_item_data, TextSimilarityGrader):
                    graders_item = graders_item_data.to_dict()
                elif isinstance(graders_item_data, ScoreModelGrader):
                    graders_item = graders_item_data.to_dict()
                elif isinstance(graders_item_data, LabelModelGrader):
                    graders_item = graders_item_data.to_dict()
                elif isinstance(graders_item_data, PythonGrader):
                    graders_item = graders_item_data.to_dict()
                elif isinstance(graders_item_data, ExactMatchGrader):
                    graders_item = graders_item_data.to_dict()
                elif isinstance(graders_item_data, F1Grader):
                    graders_item = graders_item_data.to_dict()
                elif isinstance(graders_item_data, ContainsGrader):
                    graders_item = graders_item_data.to_dict()
                elif isinstance(graders_item_data, NumericGrader):
                    graders_item = graders_item_data.to_dict()
                elif isinstance(graders_item_data, JsonSchemaGrader):
                    graders_item = graders_item_data.to_dict()
                elif isinstance(graders_item_data, AbstentionGrader):
                    graders_item = graders_item_data.to_dict()
                else:
                    graders_item = graders_item_data.to_dict()

                graders.append(graders_item)

        grader = self.grader

        margin: float | None | Unset
        if isinstance(self.margin, Unset):
            margin = UNSET
        else:
            margin = self.margin

        max_tokens = self.max_tokens

        retrieval: dict[str, Any] | Unset = UNSET
        if not isinstance(self.retrieval, Unset):
            retrieval = self.retrieval.to_dict()

        prices: dict[str, Any] | None | Unset
        if isinstance(self.prices, Unset):
            prices = UNSET
        elif isinstance(self.prices, Prices):
            prices = self.prices.to_dict()
        else:
            prices = self.prices

        leaked_questions: str | Unset = UNSET
        if not isinstance(self.leaked_questions, Unset):
            leaked_questions = self.leaked_questions

        seed = self.seed

        seeds = self.seeds

        extends: None | str | Unset
        if isinstance(self.extends, Unset):
            extends = UNSET
        else:
            extends = self.extends

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, ComparisonCreateMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if name is not UNSET:
            field_dict["name"] = name
        if questions_file is not UNSET:
            field_dict["questions_file"] = questions_file
        if eval_ is not UNSET:
            field_dict["eval"] = eval_
        if model is not UNSET:
            field_dict["model"] = model
        if vector_store_ids is not UNSET:
            field_dict["vector_store_ids"] = vector_store_ids
        if documents is not UNSET:
            field_dict["documents"] = documents
        if generator is not UNSET:
            field_dict["generator"] = generator
        if training_file is not UNSET:
            field_dict["training_file"] = training_file
        if instructions is not UNSET:
            field_dict["instructions"] = instructions
        if arms is not UNSET:
            field_dict["arms"] = arms
        if graders is not UNSET:
            field_dict["graders"] = graders
        if grader is not UNSET:
            field_dict["grader"] = grader
        if margin is not UNSET:
            field_dict["margin"] = margin
        if max_tokens is not UNSET:
            field_dict["max_tokens"] = max_tokens
        if retrieval is not UNSET:
            field_dict["retrieval"] = retrieval
        if prices is not UNSET:
            field_dict["prices"] = prices
        if leaked_questions is not UNSET:
            field_dict["leaked_questions"] = leaked_questions
        if seed is not UNSET:
            field_dict["seed"] = seed
        if seeds is not UNSET:
            field_dict["seeds"] = seeds
        if extends is not UNSET:
            field_dict["extends"] = extends
        if metadata is not UNSET:
            field_dict["metadata"] = metadata

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.abstention_grader import AbstentionGrader  # noqa: PLC0415
        from ..models.arm import Arm  # noqa: PLC0415
        from ..models.comparison_create_metadata_type_0 import (
            ComparisonCreateMetadataType0,  # noqa: PLC0415
        )
        from ..models.comparison_retrieval import ComparisonRetrieval  # noqa: PLC0415
        from ..models.contains_grader import ContainsGrader  # noqa: PLC0415
        from ..models.eval_questions import EvalQuestions  # noqa: PLC0415
        from ..models.exact_match_grader import ExactMatchGrader  # noqa: PLC0415
        from ..models.f1_grader import F1Grader  # noqa: PLC0415
        from ..models.generator import Generator  # noqa: PLC0415
        from ..models.json_schema_grader import JsonSchemaGrader  # noqa: PLC0415
        from ..models.label_model_grader import LabelModelGrader  # noqa: PLC0415
        from ..models.multi_grader import MultiGrader  # noqa: PLC0415
        from ..models.numeric_grader import NumericGrader  # noqa: PLC0415
        from ..models.prices import Prices  # noqa: PLC0415
        from ..models.python_grader import PythonGrader  # noqa: PLC0415
        from ..models.score_model_grader import ScoreModelGrader  # noqa: PLC0415
        from ..models.string_check_grader import StringCheckGrader  # noqa: PLC0415
        from ..models.text_similarity_grader import TextSimilarityGrader  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        def _parse_questions_file(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        questions_file = _parse_questions_file(d.pop("questions_file", UNSET))

        def _parse_eval_(data: object) -> EvalQuestions | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                eval_type_0 = EvalQuestions.from_dict(data)

                return eval_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(EvalQuestions | None | Unset, data)

        eval_ = _parse_eval_(d.pop("eval", UNSET))

        def _parse_model(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        model = _parse_model(d.pop("model", UNSET))

        vector_store_ids = cast(list[str], d.pop("vector_store_ids", UNSET))

        documents = cast(list[str], d.pop("documents", UNSET))

        def _parse_generator(data: object) -> Generator | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                generator_type_0 = Generator.from_dict(data)

                return generator_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Generator | None | Unset, data)

        generator = _parse_generator(d.pop("generator", UNSET))

        def _parse_training_file(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        training_file = _parse_training_file(d.pop("training_file", UNSET))

        def _parse_instructions(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        instructions = _parse_instructions(d.pop("instructions", UNSET))

        def _parse_arms(
            data: object,
        ) -> list[Arm | ComparisonCreateArmsType0ItemType0] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                arms_type_0 = []
                _arms_type_0 = data
                for arms_type_0_item_data in _arms_type_0:

                    def _parse_arms_type_0_item(
                        data: object,
                    ) -> Arm | ComparisonCreateArmsType0ItemType0:
                        try:
                            if not isinstance(data, str):
                                raise TypeError()
                            arms_type_0_item_type_0 = (
                                check_comparison_create_arms_type_0_item_type_0(data)
                            )

                            return arms_type_0_item_type_0
                        except (TypeError, ValueError, AttributeError, KeyError):
                            pass
                        if not isinstance(data, dict):
                            raise TypeError()
                        arms_type_0_item_type_1 = Arm.from_dict(data)

                        return arms_type_0_item_type_1

                    arms_type_0_item = _parse_arms_type_0_item(arms_type_0_item_data)

                    arms_type_0.append(arms_type_0_item)

                return arms_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(
                list[Arm | ComparisonCreateArmsType0ItemType0] | None | Unset, data
            )

        arms = _parse_arms(d.pop("arms", UNSET))

        _graders = d.pop("graders", UNSET)
        graders: (
            list[
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
            | Unset
        ) = UNSET
        if _graders is not UNSET:
            graders = []
            for graders_item_data in _graders:

                def _parse_graders_item(
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
                        graders_item_type_0 = StringCheckGrader.from_dict(data)

                        return graders_item_type_0
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        graders_item_type_1 = TextSimilarityGrader.from_dict(data)

                        return graders_item_type_1
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        graders_item_type_2 = ScoreModelGrader.from_dict(data)

                        return graders_item_type_2
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        graders_item_type_3 = LabelModelGrader.from_dict(data)

                        return graders_item_type_3
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        graders_item_type_4 = PythonGrader.from_dict(data)

                        return graders_item_type_4
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        graders_item_type_5 = ExactMatchGrader.from_dict(data)

                        return graders_item_type_5
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        graders_item_type_6 = F1Grader.from_dict(data)

                        return graders_item_type_6
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        graders_item_type_7 = ContainsGrader.from_dict(data)

                        return graders_item_type_7
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        graders_item_type_8 = NumericGrader.from_dict(data)

                        return graders_item_type_8
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        graders_item_type_9 = JsonSchemaGrader.from_dict(data)

                        return graders_item_type_9
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        graders_item_type_10 = AbstentionGrader.from_dict(data)

                        return graders_item_type_10
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    if not isinstance(data, dict):
                        raise TypeError()
                    graders_item_type_11 = MultiGrader.from_dict(data)

                    return graders_item_type_11

                graders_item = _parse_graders_item(graders_item_data)

                graders.append(graders_item)

        grader = d.pop("grader", UNSET)

        def _parse_margin(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        margin = _parse_margin(d.pop("margin", UNSET))

        max_tokens = d.pop("max_tokens", UNSET)

        _retrieval = d.pop("retrieval", UNSET)
        retrieval: ComparisonRetrieval | Unset
        if isinstance(_retrieval, Unset):
            retrieval = UNSET
        else:
            retrieval = ComparisonRetrieval.from_dict(_retrieval)

        def _parse_prices(data: object) -> None | Prices | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                prices_type_0 = Prices.from_dict(data)

                return prices_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Prices | Unset, data)

        prices = _parse_prices(d.pop("prices", UNSET))

        _leaked_questions = d.pop("leaked_questions", UNSET)
        leaked_questions: ComparisonCreateLeakedQuestions | Unset
        if isinstance(_leaked_questions, Unset):
            leaked_questions = UNSET
        else:
            leaked_questions = check_comparison_create_leaked_questions(
                _leaked_questions
            )

        seed = d.pop("seed", UNSET)

        seeds = d.pop("seeds", UNSET)

        def _parse_extends(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        extends = _parse_extends(d.pop("extends", UNSET))

        def _parse_metadata(
            data: object,
        ) -> ComparisonCreateMetadataType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = ComparisonCreateMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ComparisonCreateMetadataType0 | None | Unset, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        comparison_create = cls(
            name=name,
            questions_file=questions_file,
            eval_=eval_,
            model=model,
            vector_store_ids=vector_store_ids,
            documents=documents,
            generator=generator,
            training_file=training_file,
            instructions=instructions,
            arms=arms,
            graders=graders,
            grader=grader,
            margin=margin,
            max_tokens=max_tokens,
            retrieval=retrieval,
            prices=prices,
            leaked_questions=leaked_questions,
            seed=seed,
            seeds=seeds,
            extends=extends,
            metadata=metadata,
        )

        return comparison_create
