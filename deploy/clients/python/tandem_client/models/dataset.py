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

from ..models.dataset_kinds_item import DatasetKindsItem, check_dataset_kinds_item
from ..models.dataset_status import DatasetStatus, check_dataset_status

if TYPE_CHECKING:
    from ..models.dataset_metadata_type_0 import DatasetMetadataType0
    from ..models.dataset_result import DatasetResult
    from ..models.generator import Generator
    from ..models.job_error import JobError
    from ..models.raft import Raft
    from ..models.split import Split


T = TypeVar("T", bound="Dataset")


@_attrs_define
class Dataset:
    """A dataset, as the API shows it.

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
        vector_store_ids (list[str]):
        generator (Generator): The model that writes and checks the examples.

            Without `url`, it is a model that this API serves. `url` is the base URL of another OpenAI-compatible API, such
            as
            `https://models.example.com/v1`. The operator must have allowed it in `EVALUATION_EXTERNAL_GENERATORS`, which
            also has its key.
        examples (int):
        questions_per_passage (int):
        kinds (list[DatasetKindsItem]):
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
    vector_store_ids: list[str]
    generator: Generator
    examples: int
    questions_per_passage: int
    kinds: list[DatasetKindsItem]
    split: Split
    raft: None | Raft
    instructions: None | str
    seed: int
    result: DatasetResult | None
    error: JobError | None
    metadata: DatasetMetadataType0 | None
    object_: Literal["dataset"] = "dataset"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.dataset_metadata_type_0 import DatasetMetadataType0  # noqa: PLC0415
        from ..models.dataset_result import DatasetResult  # noqa: PLC0415
        from ..models.job_error import JobError  # noqa: PLC0415
        from ..models.raft import Raft  # noqa: PLC0415

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

        vector_store_ids = self.vector_store_ids

        generator = self.generator.to_dict()

        examples = self.examples

        questions_per_passage = self.questions_per_passage

        kinds = []
        for kinds_item_data in self.kinds:
            kinds_item: str = kinds_item_data
            kinds.append(kinds_item)

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

        vector_store_ids = cast(list[str], d.pop("vector_store_ids"))

        generator = Generator.from_dict(d.pop("generator"))

        examples = d.pop("examples")

        questions_per_passage = d.pop("questions_per_passage")

        kinds = []
        _kinds = d.pop("kinds")
        for kinds_item_data in _kinds:
            kinds_item = check_dataset_kinds_item(kinds_item_data)

            kinds.append(kinds_item)

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
