from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.dataset_result_conversations import DatasetResultConversations
    from ..models.dataset_result_difficulties import DatasetResultDifficulties
    from ..models.dataset_result_documents import DatasetResultDocuments
    from ..models.dataset_result_examples import DatasetResultExamples
    from ..models.dataset_result_filtered import DatasetResultFiltered
    from ..models.dataset_result_kinds import DatasetResultKinds


T = TypeVar("T", bound="DatasetResult")


@_attrs_define
class DatasetResult:
    """What a dataset contains: the ids of its files, and counts.

    A file is null if its share is 0. `examples`, `documents` and `conversations` count by part; `kinds` and
    `difficulties` count examples.
    `requested` is how many questions the generator was asked to write, or how many stored answers matched, and
    `filtered` how many of
    them were left out, by reason.

        Attributes:
            training_file (None | str):
            validation_file (None | str):
            questions_file (None | str):
            examples (DatasetResultExamples):
            documents (DatasetResultDocuments):
            conversations (DatasetResultConversations):
            kinds (DatasetResultKinds):
            difficulties (DatasetResultDifficulties):
            requested (int):
            filtered (DatasetResultFiltered):
            prompt_tokens (int):  Default: 0.
            completion_tokens (int):  Default: 0.
            warnings (list[str]):
    """

    training_file: None | str
    validation_file: None | str
    questions_file: None | str
    examples: DatasetResultExamples
    documents: DatasetResultDocuments
    conversations: DatasetResultConversations
    kinds: DatasetResultKinds
    difficulties: DatasetResultDifficulties
    requested: int
    filtered: DatasetResultFiltered
    warnings: list[str]
    prompt_tokens: int = 0
    completion_tokens: int = 0
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        training_file: None | str
        training_file = self.training_file

        validation_file: None | str
        validation_file = self.validation_file

        questions_file: None | str
        questions_file = self.questions_file

        examples = self.examples.to_dict()

        documents = self.documents.to_dict()

        conversations = self.conversations.to_dict()

        kinds = self.kinds.to_dict()

        difficulties = self.difficulties.to_dict()

        requested = self.requested

        filtered = self.filtered.to_dict()

        prompt_tokens = self.prompt_tokens

        completion_tokens = self.completion_tokens

        warnings = self.warnings

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "training_file": training_file,
                "validation_file": validation_file,
                "questions_file": questions_file,
                "examples": examples,
                "documents": documents,
                "conversations": conversations,
                "kinds": kinds,
                "difficulties": difficulties,
                "requested": requested,
                "filtered": filtered,
                "prompt_tokens": prompt_tokens,
                "completion_tokens": completion_tokens,
                "warnings": warnings,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.dataset_result_conversations import DatasetResultConversations  # noqa: PLC0415
        from ..models.dataset_result_difficulties import DatasetResultDifficulties  # noqa: PLC0415
        from ..models.dataset_result_documents import DatasetResultDocuments  # noqa: PLC0415
        from ..models.dataset_result_examples import DatasetResultExamples  # noqa: PLC0415
        from ..models.dataset_result_filtered import DatasetResultFiltered  # noqa: PLC0415
        from ..models.dataset_result_kinds import DatasetResultKinds  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_training_file(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        training_file = _parse_training_file(d.pop("training_file"))

        def _parse_validation_file(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        validation_file = _parse_validation_file(d.pop("validation_file"))

        def _parse_questions_file(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        questions_file = _parse_questions_file(d.pop("questions_file"))

        examples = DatasetResultExamples.from_dict(d.pop("examples"))

        documents = DatasetResultDocuments.from_dict(d.pop("documents"))

        conversations = DatasetResultConversations.from_dict(d.pop("conversations"))

        kinds = DatasetResultKinds.from_dict(d.pop("kinds"))

        difficulties = DatasetResultDifficulties.from_dict(d.pop("difficulties"))

        requested = d.pop("requested")

        filtered = DatasetResultFiltered.from_dict(d.pop("filtered"))

        prompt_tokens = d.pop("prompt_tokens")

        completion_tokens = d.pop("completion_tokens")

        warnings = cast(list[str], d.pop("warnings"))

        dataset_result = cls(
            training_file=training_file,
            validation_file=validation_file,
            questions_file=questions_file,
            examples=examples,
            documents=documents,
            conversations=conversations,
            kinds=kinds,
            difficulties=difficulties,
            requested=requested,
            filtered=filtered,
            prompt_tokens=prompt_tokens,
            completion_tokens=completion_tokens,
            warnings=warnings,
        )

        dataset_result.additional_properties = d
        return dataset_result

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
