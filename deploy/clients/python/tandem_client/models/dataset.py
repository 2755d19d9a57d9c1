from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.dataset_kinds_type_0_item import (
    DatasetKindsType0Item,
    check_dataset_kinds_type_0_item,
)
from ..models.dataset_source import DatasetSource, check_dataset_source
from ..models.dataset_status import DatasetStatus, check_dataset_status

if TYPE_CHECKING:
    from ..models.dataset_metadata_type_0 import DatasetMetadataType0
    from ..models.dataset_result import DatasetResult
    from ..models.generator import Generator
    from ..models.job_error import JobError
    from ..models.raft import Raft
    from ..models.split import Split
    from ..models.stored_answers import StoredAnswers


T = TypeVar("T", bound="Dataset")


@_attrs_define
class Dataset:
    """A dataset, as the API shows it. Fields that its source does not have are null.

    Attributes:
        id (str):
        object_ (Literal['dataset']):  Default: 'dataset'.
        created_at (int):
        started_at (int | None):
        finished_at (int | None):
        name (None | str):
        status (DatasetStatus):
        stage (str):
        percent (float):
        source (DatasetSource):  Default: 'documents'.
        responses (None | StoredAnswers):
        chat_completions (None | StoredAnswers):
        vector_store_ids (list[str] | None):
        generator (Generator | None):
        examples (int | None):
        questions_per_passage (int | None):
        kinds (list[DatasetKindsType0Item] | None):
        split (Split): The share of the examples in each part. The shares add up to 1. A document is in one part only.
        raft (None | Raft):
        instructions (None | str):
        seed (int):
        result (DatasetResult | None):
        error (JobError | None):
        metadata (DatasetMetadataType0 | None):
    """

    id: str
    created_at: int
    started_at: int | None
    finished_at: int | None
    name: None | str
    status: DatasetStatus
    stage: str
    percent: float
    responses: None | StoredAnswers
    chat_completions: None | StoredAnswers
    vector_store_ids: list[str] | None
    generator: Generator | None
    examples: int | None
    questions_per_passage: int | None
    kinds: list[DatasetKindsType0Item] | None
    split: Split
    raft: None | Raft
    instructions: None | str
    seed: int
    result: DatasetResult | None
    error: JobError | None
    metadata: DatasetMetadataType0 | None
    object_: Literal["dataset"] = "dataset"
    source: DatasetSource = "documents"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.dataset_metadata_type_0 import DatasetMetadataType0  # noqa: PLC0415
        from ..models.dataset_result import DatasetResult  # noqa: PLC0415
        from ..models.generator import Generator  # noqa: PLC0415
        from ..models.job_error import JobError  # noqa: PLC0415
        from ..models.raft import Raft  # noqa: PLC0415
        from ..models.stored_answers import StoredAnswers  # noqa: PLC0415

        id = self.id

        object_ = self.object_

        created_at = self.created_at

        started_at: int | None
        started_at = self.started_at

        finished_at: int | None
        finished_at = self.finished_at

        name: None | str
        name = self.name

        status: str = self.status

        stage = self.stage

        percent = self.percent

        source: str = self.source

        responses: dict[str, Any] | None
        if isinstance(self.responses, StoredAnswers):
            responses = self.responses.to_dict()
        else:
            responses = self.responses

        chat_completions: dict[str, Any] | None
        if isinstance(self.chat_completions, StoredAnswers):
            chat_completions = self.chat_completions.to_dict()
        else:
            chat_completions = self.chat_completions

        vector_store_ids: list[str] | None
        if isinstance(self.vector_store_ids, list):
            vector_store_ids = self.vector_store_ids

        else:
            vector_store_ids = self.vector_store_ids

        generator: dict[str, Any] | None
        if isinstance(self.generator, Generator):
            generator = self.generator.to_dict()
        else:
            generator = self.generator

        examples: int | None
        examples = self.examples

        questions_per_passage: int | None
        questions_per_passage = self.questions_per_passage

        kinds: list[str] | None
        if isinstance(self.kinds, list):
            kinds = []
            for kinds_type_0_item_data in self.kinds:
                kinds_type_0_item: str = kinds_type_0_item_data
                kinds.append(kinds_type_0_item)

        else:
            kinds = self.kinds

        split = self.split.to_dict()

        raft: dict[str, Any] | None
        if isinstance(self.raft, Raft):
            raft = self.raft.to_dict()
        else:
            raft = self.raft

        instructions: None | str
        instructions = self.instructions

        seed = self.seed

        result: dict[str, Any] | None
        if isinstance(self.result, DatasetResult):
            result = self.result.to_dict()
        else:
            result = self.result

        error: dict[str, Any] | None
        if isinstance(self.error, JobError):
            error = self.error.to_dict()
        else:
            error = self.error

        metadata: dict[str, Any] | None
        if isinstance(self.metadata, DatasetMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "object": object_,
                "created_at": created_at,
                "started_at": started_at,
                "finished_at": finished_at,
                "name": name,
                "status": status,
                "stage": stage,
                "percent": percent,
                "source": source,
                "responses": responses,
                "chat_completions": chat_completions,
                "vector_store_ids": vector_store_ids,
                "generator": generator,
                "examples": examples,
                "questions_per_passage": questions_per_passage,
                "kinds": kinds,
                "split": split,
                "raft": raft,
                "instructions": instructions,
                "seed": seed,
                "result": result,
                "error": error,
                "metadata": metadata,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.dataset_metadata_type_0 import DatasetMetadataType0  # noqa: PLC0415
        from ..models.dataset_result import DatasetResult  # noqa: PLC0415
        from ..models.generator import Generator  # noqa: PLC0415
        from ..models.job_error import JobError  # noqa: PLC0415
        from ..models.raft import Raft  # noqa: PLC0415
        from ..models.split import Split  # noqa: PLC0415
        from ..models.stored_answers import StoredAnswers  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        object_ = cast(Literal["dataset"], d.pop("object"))
        if object_ != "dataset":
            raise ValueError(f"object must match const 'dataset', got '{object_}'")

        created_at = d.pop("created_at")

        def _parse_started_at(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        started_at = _parse_started_at(d.pop("started_at"))

        def _parse_finished_at(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        finished_at = _parse_finished_at(d.pop("finished_at"))

        def _parse_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        name = _parse_name(d.pop("name"))

        status = check_dataset_status(d.pop("status"))

        stage = d.pop("stage")

        percent = d.pop("percent")

        source = check_dataset_source(d.pop("source"))

        def _parse_responses(data: object) -> None | StoredAnswers:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                responses_type_0 = StoredAnswers.from_dict(data)

                return responses_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | StoredAnswers, data)

        responses = _parse_responses(d.pop("responses"))

        def _parse_chat_completions(data: object) -> None | StoredAnswers:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                chat_completions_type_0 = StoredAnswers.from_dict(data)

                return chat_completions_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | StoredAnswers, data)

        chat_completions = _parse_chat_completions(d.pop("chat_completions"))

        def _parse_vector_store_ids(data: object) -> list[str] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                vector_store_ids_type_0 = cast(list[str], data)

                return vector_store_ids_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None, data)

        vector_store_ids = _parse_vector_store_ids(d.pop("vector_store_ids"))

        def _parse_generator(data: object) -> Generator | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                generator_type_0 = Generator.from_dict(data)

                return generator_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Generator | None, data)

        generator = _parse_generator(d.pop("generator"))

        def _parse_examples(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        examples = _parse_examples(d.pop("examples"))

        def _parse_questions_per_passage(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        questions_per_passage = _parse_questions_per_passage(
            d.pop("questions_per_passage")
        )

        def _parse_kinds(data: object) -> list[DatasetKindsType0Item] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                kinds_type_0 = []
                _kinds_type_0 = data
                for kinds_type_0_item_data in _kinds_type_0:
                    kinds_type_0_item = check_dataset_kinds_type_0_item(
                        kinds_type_0_item_data
                    )

                    kinds_type_0.append(kinds_type_0_item)

                return kinds_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[DatasetKindsType0Item] | None, data)

        kinds = _parse_kinds(d.pop("kinds"))

        split = Split.from_dict(d.pop("split"))

        def _parse_raft(data: object) -> None | Raft:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                raft_type_0 = Raft.from_dict(data)

                return raft_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Raft, data)

        raft = _parse_raft(d.pop("raft"))

        def _parse_instructions(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        instructions = _parse_instructions(d.pop("instructions"))

        seed = d.pop("seed")

        def _parse_result(data: object) -> DatasetResult | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                result_type_0 = DatasetResult.from_dict(data)

                return result_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DatasetResult | None, data)

        result = _parse_result(d.pop("result"))

        def _parse_error(data: object) -> JobError | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                error_type_0 = JobError.from_dict(data)

                return error_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(JobError | None, data)

        error = _parse_error(d.pop("error"))

        def _parse_metadata(data: object) -> DatasetMetadataType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = DatasetMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DatasetMetadataType0 | None, data)

        metadata = _parse_metadata(d.pop("metadata"))

        dataset = cls(
            id=id,
            object_=object_,
            created_at=created_at,
            started_at=started_at,
            finished_at=finished_at,
            name=name,
            status=status,
            stage=stage,
            percent=percent,
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
            result=result,
            error=error,
            metadata=metadata,
        )

        dataset.additional_properties = d
        return dataset

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
