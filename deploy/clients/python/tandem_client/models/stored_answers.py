from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.stored_answers_instructions import (
    StoredAnswersInstructions,
    check_stored_answers_instructions,
)
from ..models.stored_answers_passages import (
    StoredAnswersPassages,
    check_stored_answers_passages,
)
from ..models.stored_answers_tools import StoredAnswersTools, check_stored_answers_tools
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.stored_answers_metadata import StoredAnswersMetadata


T = TypeVar("T", bound="StoredAnswers")


@_attrs_define
class StoredAnswers:
    """Which stored responses or chat completions become examples, the newest first, and which parts of their prompts are
    kept.

    An answer must have all entries of `metadata`. `created_after` and `created_before` are Unix times, both inclusive.
    `limit` is the
    highest number of examples in all parts together. `instructions` says what happens to the `instructions` and the
    system and developer
    messages, `passages` to what a search found. `tools` says whether answers to requests with functions become examples
    with `tools`.

        Attributes:
            metadata (StoredAnswersMetadata | Unset):
            model (None | str | Unset):
            created_after (int | None | Unset):
            created_before (int | None | Unset):
            limit (int | Unset):  Default: 10000.
            instructions (StoredAnswersInstructions | Unset):  Default: 'keep'.
            passages (StoredAnswersPassages | Unset):  Default: 'keep'.
            tools (StoredAnswersTools | Unset):  Default: 'keep'.
    """

    metadata: StoredAnswersMetadata | Unset = UNSET
    model: None | str | Unset = UNSET
    created_after: int | None | Unset = UNSET
    created_before: int | None | Unset = UNSET
    limit: int | Unset = 10000
    instructions: StoredAnswersInstructions | Unset = "keep"
    passages: StoredAnswersPassages | Unset = "keep"
    tools: StoredAnswersTools | Unset = "keep"

    def to_dict(self) -> dict[str, Any]:
        metadata: dict[str, Any] | Unset = UNSET
        if not isinstance(self.metadata, Unset):
            metadata = self.metadata.to_dict()

        model: None | str | Unset
        if isinstance(self.model, Unset):
            model = UNSET
        else:
            model = self.model

        created_after: int | None | Unset
        if isinstance(self.created_after, Unset):
            created_after = UNSET
        else:
            created_after = self.created_after

        created_before: int | None | Unset
        if isinstance(self.created_before, Unset):
            created_before = UNSET
        else:
            created_before = self.created_before

        limit = self.limit

        instructions: str | Unset = UNSET
        if not isinstance(self.instructions, Unset):
            instructions = self.instructions

        passages: str | Unset = UNSET
        if not isinstance(self.passages, Unset):
            passages = self.passages

        tools: str | Unset = UNSET
        if not isinstance(self.tools, Unset):
            tools = self.tools

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if model is not UNSET:
            field_dict["model"] = model
        if created_after is not UNSET:
            field_dict["created_after"] = created_after
        if created_before is not UNSET:
            field_dict["created_before"] = created_before
        if limit is not UNSET:
            field_dict["limit"] = limit
        if instructions is not UNSET:
            field_dict["instructions"] = instructions
        if passages is not UNSET:
            field_dict["passages"] = passages
        if tools is not UNSET:
            field_dict["tools"] = tools

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.stored_answers_metadata import StoredAnswersMetadata  # noqa: PLC0415

        d = dict(src_dict)
        _metadata = d.pop("metadata", UNSET)
        metadata: StoredAnswersMetadata | Unset
        if isinstance(_metadata, Unset):
            metadata = UNSET
        else:
            metadata = StoredAnswersMetadata.from_dict(_metadata)

        def _parse_model(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        model = _parse_model(d.pop("model", UNSET))

        def _parse_created_after(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        created_after = _parse_created_after(d.pop("created_after", UNSET))

        def _parse_created_before(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        created_before = _parse_created_before(d.pop("created_before", UNSET))

        limit = d.pop("limit", UNSET)

        _instructions = d.pop("instructions", UNSET)
        instructions: StoredAnswersInstructions | Unset
        if isinstance(_instructions, Unset):
            instructions = UNSET
        else:
            instructions = check_stored_answers_instructions(_instructions)

        _passages = d.pop("passages", UNSET)
        passages: StoredAnswersPassages | Unset
        if isinstance(_passages, Unset):
            passages = UNSET
        else:
            passages = check_stored_answers_passages(_passages)

        _tools = d.pop("tools", UNSET)
        tools: StoredAnswersTools | Unset
        if isinstance(_tools, Unset):
            tools = UNSET
        else:
            tools = check_stored_answers_tools(_tools)

        stored_answers = cls(
            metadata=metadata,
            model=model,
            created_after=created_after,
            created_before=created_before,
            limit=limit,
            instructions=instructions,
            passages=passages,
            tools=tools,
        )

        return stored_answers
