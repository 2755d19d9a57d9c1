from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.dataset_create_kinds_item import (
    DatasetCreateKindsItem,
    check_dataset_create_kinds_item,
)
from ..models.dataset_create_source import (
    DatasetCreateSource,
    check_dataset_create_source,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.dataset_create_metadata_type_0 import DatasetCreateMetadataType0
    from ..models.generator import Generator
    from ..models.raft import Raft
    from ..models.split import Split
    from ..models.stored_answers import StoredAnswers


T = TypeVar("T", bound="DatasetCreate")


@_attrs_define
class DatasetCreate:
    """Body of `POST /v1/datasets`.

    With the source `documents`, `vector_store_ids` is required, and `generator` defaults to the base model. `examples`
    is how many examples
    are wanted in all parts together; the job ends earlier if every passage was tried. With the sources `responses` and
    `chat_completions`,
    these fields, `questions_per_passage`, `kinds` and `raft` cannot be sent, and `split` has no questions.
    `instructions` become the system
    message of every training example.

        Attributes:
            name (None | str | Unset):
            source (DatasetCreateSource | Unset):  Default: 'documents'.
            responses (None | StoredAnswers | Unset): Only with the source `responses`. If null, all of the project's are
                used.
            chat_completions (None | StoredAnswers | Unset): Only with the source `chat_completions`. If null, all of the
                project's stored ones are used.
            vector_store_ids (list[str] | None | Unset):
            generator (Generator | None | Unset):
            examples (int | Unset):  Default: 200.
            questions_per_passage (int | Unset): How many questions are requested for a passage, at most. Default: 3.
            kinds (list[DatasetCreateKindsItem] | Unset): The kinds of questions, in equal shares if possible.
            split (Split | Unset): The share of the examples in each part. The shares add up to 1. A document is in one part
                only.
            raft (None | Raft | Unset): Null: training examples are questions without passages.
            instructions (None | str | Unset):
            seed (int | Unset):  Default: 0.
            metadata (DatasetCreateMetadataType0 | None | Unset):
    """

    name: None | str | Unset = UNSET
    source: DatasetCreateSource | Unset = "documents"
    responses: None | StoredAnswers | Unset = UNSET
    chat_completions: None | StoredAnswers | Unset = UNSET
    vector_store_ids: list[str] | None | Unset = UNSET
    generator: Generator | None | Unset = UNSET
    examples: int | Unset = 200
    questions_per_passage: int | Unset = 3
    kinds: list[DatasetCreateKindsItem] | Unset = UNSET
    split: Split | Unset = UNSET
    raft: None | Raft | Unset = UNSET
    instructions: None | str | Unset = UNSET
    seed: int | Unset = 0
    metadata: DatasetCreateMetadataType0 | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.dataset_create_metadata_type_0 import DatasetCreateMetadataType0  # noqa: PLC0415
        from ..models.generator import Generator  # noqa: PLC0415
        from ..models.raft import Raft  # noqa: PLC0415
        from ..models.stored_answers import StoredAnswers  # noqa: PLC0415

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        source: str | Unset = UNSET
        if not isinstance(self.source, Unset):
            source = self.source

        responses: dict[str, Any] | None | Unset
        if isinstance(self.responses, Unset):
            responses = UNSET
        elif isinstance(self.responses, StoredAnswers):
            responses = self.responses.to_dict()
        else:
            responses = self.responses

        chat_completions: dict[str, Any] | None | Unset
        if isinstance(self.chat_completions, Unset):
            chat_completions = UNSET
        elif isinstance(self.chat_completions, StoredAnswers):
            chat_completions = self.chat_completions.to_dict()
        else:
            chat_completions = self.chat_completions

        vector_store_ids: list[str] | None | Unset
        if isinstance(self.vector_store_ids, Unset):
            vector_store_ids = UNSET
        elif isinstance(self.vector_store_ids, list):
            vector_store_ids = self.vector_store_ids

        else:
            vector_store_ids = self.vector_store_ids

        generator: dict[str, Any] | None | Unset
        if isinstance(self.generator, Unset):
            generator = UNSET
        elif isinstance(self.generator, Generator):
            generator = self.generator.to_dict()
        else:
            generator = self.generator

        examples = self.examples

        questions_per_passage = self.questions_per_passage

        kinds: list[str] | Unset = UNSET
        if not isinstance(self.kinds, Unset):
            kinds = []
            for kinds_item_data in self.kinds:
                kinds_item: str = kinds_item_data
                kinds.append(kinds_item)

        split: dict[str, Any] | Unset = UNSET
        if not isinstance(self.split, Unset):
            split = self.split.to_dict()

        raft: dict[str, Any] | None | Unset
        if isinstance(self.raft, Unset):
            raft = UNSET
        elif isinstance(self.raft, Raft):
            raft = self.raft.to_dict()
        else:
            raft = self.raft

        instructions: None | str | Unset
        if isinstance(self.instructions, Unset):
            instructions = UNSET
        else:
            instructions = self.instructions

        seed = self.seed

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, DatasetCreateMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if name is not UNSET:
            field_dict["name"] = name
        if source is not UNSET:
            field_dict["source"] = source
        if responses is not UNSET:
            field_dict["responses"] = responses
        if chat_completions is not UNSET:
            field_dict["chat_completions"] = chat_completions
        if vector_store_ids is not UNSET:
            field_dict["vector_store_ids"] = vector_store_ids
        if generator is not UNSET:
            field_dict["generator"] = generator
        if examples is not UNSET:
            field_dict["examples"] = examples
        if questions_per_passage is not UNSET:
            field_dict["questions_per_passage"] = questions_per_passage
        if kinds is not UNSET:
            field_dict["kinds"] = kinds
        if split is not UNSET:
            field_dict["split"] = split
        if raft is not UNSET:
            field_dict["raft"] = raft
        if instructions is not UNSET:
            field_dict["instructions"] = instructions
        if seed is not UNSET:
            field_dict["seed"] = seed
        if metadata is not UNSET:
            field_dict["metadata"] = metadata

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.dataset_create_metadata_type_0 import DatasetCreateMetadataType0  # noqa: PLC0415
        from ..models.generator import Generator  # noqa: PLC0415
        from ..models.raft import Raft  # noqa: PLC0415
        from ..models.split import Split  # noqa: PLC0415
        from ..models.stored_answers import StoredAnswers  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        _source = d.pop("source", UNSET)
        source: DatasetCreateSource | Unset
        if isinstance(_source, Unset):
            source = UNSET
        else:
            source = check_dataset_create_source(_source)

        def _parse_responses(data: object) -> None | StoredAnswers | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                responses_type_0 = StoredAnswers.from_dict(data)

                return responses_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | StoredAnswers | Unset, data)

        responses = _parse_responses(d.pop("responses", UNSET))

        def _parse_chat_completions(data: object) -> None | StoredAnswers | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                chat_completions_type_0 = StoredAnswers.from_dict(data)

                return chat_completions_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | StoredAnswers | Unset, data)

        chat_completions = _parse_chat_completions(d.pop("chat_completions", UNSET))

        def _parse_vector_store_ids(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                vector_store_ids_type_0 = cast(list[str], data)

                return vector_store_ids_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        vector_store_ids = _parse_vector_store_ids(d.pop("vector_store_ids", UNSET))

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

        examples = d.pop("examples", UNSET)

        questions_per_passage = d.pop("questions_per_passage", UNSET)

        _kinds = d.pop("kinds", UNSET)
        kinds: list[DatasetCreateKindsItem] | Unset = UNSET
        if _kinds is not UNSET:
            kinds = []
            for kinds_item_data in _kinds:
                kinds_item = check_dataset_create_kinds_item(kinds_item_data)

                kinds.append(kinds_item)

        _split = d.pop("split", UNSET)
        split: Split | Unset
        if isinstance(_split, Unset):
            split = UNSET
        else:
            split = Split.from_dict(_split)

        def _parse_raft(data: object) -> None | Raft | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                raft_type_0 = Raft.from_dict(data)

                return raft_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Raft | Unset, data)

        raft = _parse_raft(d.pop("raft", UNSET))

        def _parse_instructions(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        instructions = _parse_instructions(d.pop("instructions", UNSET))

        seed = d.pop("seed", UNSET)

        def _parse_metadata(data: object) -> DatasetCreateMetadataType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = DatasetCreateMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DatasetCreateMetadataType0 | None | Unset, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        dataset_create = cls(
            name=name,
            source=source,
            responses=responses,
            chat_completions=chat_completions,
            vector_store_ids=vector_store_ids,
            generator=generator,
            examples=examples,
            questions_per_passage=questions_per_passage,
            kinds=kinds,
            split=split,
            raft=raft,
            instructions=instructions,
            seed=seed,
            metadata=metadata,
        )

        return dataset_create
