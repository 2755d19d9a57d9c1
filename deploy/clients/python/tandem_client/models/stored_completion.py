from __future__ import annotations

from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.chat_choice import ChatChoice
    from ..models.citation import Citation
    from ..models.sentence import Sentence
    from ..models.stored_completion_metadata import StoredCompletionMetadata
    from ..models.stored_completion_moderation_type_0 import (
        StoredCompletionModerationType0,
    )
    from ..models.stored_completion_response_format_type_0 import (
        StoredCompletionResponseFormatType0,
    )
    from ..models.stored_completion_tool_choice_type_1 import (
        StoredCompletionToolChoiceType1,
    )
    from ..models.stored_completion_tools_type_0_item import (
        StoredCompletionToolsType0Item,
    )
    from ..models.token_usage import TokenUsage
    from ..models.trace import Trace


T = TypeVar("T", bound="StoredCompletion")


@_attrs_define
class StoredCompletion:
    """A stored chat completion: the answer, its metadata, and fields of its request, which are null if they were not sent.

    Attributes:
        id (str):
        created (int):
        model (str):
        object_ (Literal['chat.completion']):
        choices (list[ChatChoice]):
        metadata (StoredCompletionMetadata):
        temperature (float | None):
        top_p (float | None):
        presence_penalty (float | None):
        frequency_penalty (float | None):
        seed (int | None):
        tools (list[StoredCompletionToolsType0Item] | None):
        tool_choice (None | StoredCompletionToolChoiceType1 | str):
        response_format (None | StoredCompletionResponseFormatType0):
        input_user (None | str): The `user` of the request.
        service_tier (None | str):
        system_fingerprint (None | str):
        moderation (None | StoredCompletionModerationType0): Always null.
        usage (None | TokenUsage | Unset):
        citations (list[Citation] | None | Unset):
        sentences (list[Sentence] | None | Unset):
        abstained (bool | None | Unset):
        notes (list[str] | None | Unset):
        trace (None | Trace | Unset):
    """

    id: str
    created: int
    model: str
    object_: Literal["chat.completion"]
    choices: list[ChatChoice]
    metadata: StoredCompletionMetadata
    temperature: float | None
    top_p: float | None
    presence_penalty: float | None
    frequency_penalty: float | None
    seed: int | None
    tools: list[StoredCompletionToolsType0Item] | None
    tool_choice: None | StoredCompletionToolChoiceType1 | str
    response_format: None | StoredCompletionResponseFormatType0
    input_user: None | str
    service_tier: None | str
    system_fingerprint: None | str
    moderation: None | StoredCompletionModerationType0
    usage: None | TokenUsage | Unset = UNSET
    citations: list[Citation] | None | Unset = UNSET
    sentences: list[Sentence] | None | Unset = UNSET
    abstained: bool | None | Unset = UNSET
    notes: list[str] | None | Unset = UNSET
    trace: None | Trace | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.stored_completion_moderation_type_0 import (
            StoredCompletionModerationType0,  # noqa: PLC0415
        )
        from ..models.stored_completion_response_format_type_0 import (
            StoredCompletionResponseFormatType0,  # noqa: PLC0415
        )
        from ..models.stored_completion_tool_choice_type_1 import (
            StoredCompletionToolChoiceType1,  # noqa: PLC0415
        )
        from ..models.token_usage import TokenUsage  # noqa: PLC0415
        from ..models.trace import Trace  # noqa: PLC0415

        id = self.id

        created = self.created

        model = self.model

        object_ = self.object_

        choices = []
        for choices_item_data in self.choices:
            choices_item = choices_item_data.to_dict()
            choices.append(choices_item)

        metadata = self.metadata.to_dict()

        temperature: float | None
        temperature = self.temperature

        top_p: float | None
        top_p = self.top_p

        presence_penalty: float | None
        presence_penalty = self.presence_penalty

        frequency_penalty: float | None
        frequency_penalty = self.frequency_penalty

        seed: int | None
        seed = self.seed

        tools: list[dict[str, Any]] | None
        if isinstance(self.tools, list):
            tools = []
            for tools_type_0_item_data in self.tools:
                tools_type_0_item = tools_type_0_item_data.to_dict()
                tools.append(tools_type_0_item)

        else:
            tools = self.tools

        tool_choice: dict[str, Any] | None | str
        if isinstance(self.tool_choice, StoredCompletionToolChoiceType1):
            tool_choice = self.tool_choice.to_dict()
        else:
            tool_choice = self.tool_choice

        response_format: dict[str, Any] | None
        if isinstance(self.response_format, StoredCompletionResponseFormatType0):
            response_format = self.response_format.to_dict()
        else:
            response_format = self.response_format

        input_user: None | str
        input_user = self.input_user

        service_tier: None | str
        service_tier = self.service_tier

        system_fingerprint: None | str
        system_fingerprint = self.system_fingerprint

        moderation: dict[str, Any] | None
        if isinstance(self.moderation, StoredCompletionModerationType0):
            moderation = self.moderation.to_dict()
        else:
            moderation = self.moderation

        usage: dict[str, Any] | None | Unset
        if isinstance(self.usage, Unset):
            usage = UNSET
        elif isinstance(self.usage, TokenUsage):
            usage = self.usage.to_dict()
        else:
            usage = self.usage

        citations: list[dict[str, Any]] | None | Unset
        if isinstance(self.citations, Unset):
            citations = UNSET
        elif isinstance(self.citations, list):
            citations = []
            for citations_type_0_item_data in self.citations:
                citations_type_0_item = citations_type_0_item_data.to_dict()
                citations.append(citations_type_0_item)

        else:
            citations = self.citations

        sentences: list[dict[str, Any]] | None | Unset
        if isinstance(self.sentences, Unset):
            sentences = UNSET
        elif isinstance(self.sentences, list):
            sentences = []
            for sentences_type_0_item_data in self.sentences:
                sentences_type_0_item = sentences_type_0_item_data.to_dict()
                sentences.append(sentences_type_0_item)

        else:
            sentences = self.sentences

        abstained: bool | None | Unset
        if isinstance(self.abstained, Unset):
            abstained = UNSET
        else:
            abstained = self.abstained

        notes: list[str] | None | Unset
        if isinstance(self.notes, Unset):
            notes = UNSET
        elif isinstance(self.notes, list):
            notes = self.notes

        else:
            notes = self.notes

        trace: dict[str, Any] | None | Unset
        if isinstance(self.trace, Unset):
            trace = UNSET
        elif isinstance(self.trace, Trace):
            trace = self.trace.to_dict()
        else:
            trace = self.trace

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "created": created,
                "model": model,
                "object": object_,
                "choices": choices,
                "metadata": metadata,
                "temperature": temperature,
                "top_p": top_p,
                "presence_penalty": presence_penalty,
                "frequency_penalty": frequency_penalty,
                "seed": seed,
                "tools": tools,
                "tool_choice": tool_choice,
                "response_format": response_format,
                "input_user": input_user,
                "service_tier": service_tier,
                "system_fingerprint": system_fingerprint,
                "moderation": moderation,
            }
        )
        if usage is not UNSET:
            field_dict["usage"] = usage
        if citations is not UNSET:
            field_dict["citations"] = citations
        if sentences is not UNSET:
            field_dict["sentences"] = sentences
        if abstained is not UNSET:
            field_dict["abstained"] = abstained
        if notes is not UNSET:
            field_dict["notes"] = notes
        if trace is not UNSET:
            field_dict["trace"] = trace

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.chat_choice import ChatChoice  # noqa: PLC0415
        from ..models.citation import Citation  # noqa: PLC0415
        from ..models.sentence import Sentence  # noqa: PLC0415
        from ..models.stored_completion_metadata import StoredCompletionMetadata  # noqa: PLC0415
        from ..models.stored_completion_moderation_type_0 import (
            StoredCompletionModerationType0,  # noqa: PLC0415
        )
        from ..models.stored_completion_response_format_type_0 import (
            StoredCompletionResponseFormatType0,  # noqa: PLC0415
        )
        from ..models.stored_completion_tool_choice_type_1 import (
            StoredCompletionToolChoiceType1,  # noqa: PLC0415
        )
        from ..models.stored_completion_tools_type_0_item import (
            StoredCompletionToolsType0Item,  # noqa: PLC0415
        )
        from ..models.token_usage import TokenUsage  # noqa: PLC0415
        from ..models.trace import Trace  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        created = d.pop("created")

        model = d.pop("model")

        object_ = cast(Literal["chat.completion"], d.pop("object"))
        if object_ != "chat.completion":
            raise ValueError(
                f"object must match const 'chat.completion', got '{object_}'"
            )

        choices = []
        _choices = d.pop("choices")
        for choices_item_data in _choices:
            choices_item = ChatChoice.from_dict(choices_item_data)

            choices.append(choices_item)

        metadata = StoredCompletionMetadata.from_dict(d.pop("metadata"))

        def _parse_temperature(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        temperature = _parse_temperature(d.pop("temperature"))

        def _parse_top_p(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        top_p = _parse_top_p(d.pop("top_p"))

        def _parse_presence_penalty(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        presence_penalty = _parse_presence_penalty(d.pop("presence_penalty"))

        def _parse_frequency_penalty(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        frequency_penalty = _parse_frequency_penalty(d.pop("frequency_penalty"))

        def _parse_seed(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        seed = _parse_seed(d.pop("seed"))

        def _parse_tools(data: object) -> list[StoredCompletionToolsType0Item] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                tools_type_0 = []
                _tools_type_0 = data
                for tools_type_0_item_data in _tools_type_0:
                    tools_type_0_item = StoredCompletionToolsType0Item.from_dict(
                        tools_type_0_item_data
                    )

                    tools_type_0.append(tools_type_0_item)

                return tools_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[StoredCompletionToolsType0Item] | None, data)

        tools = _parse_tools(d.pop("tools"))

        def _parse_tool_choice(
            data: object,
        ) -> None | StoredCompletionToolChoiceType1 | str:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                tool_choice_type_1 = StoredCompletionToolChoiceType1.from_dict(data)

                return tool_choice_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | StoredCompletionToolChoiceType1 | str, data)

        tool_choice = _parse_tool_choice(d.pop("tool_choice"))

        def _parse_response_format(
            data: object,
        ) -> None | StoredCompletionResponseFormatType0:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                response_format_type_0 = StoredCompletionResponseFormatType0.from_dict(
                    data
                )

                return response_format_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | StoredCompletionResponseFormatType0, data)

        response_format = _parse_response_format(d.pop("response_format"))

        def _parse_input_user(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        input_user = _parse_input_user(d.pop("input_user"))

        def _parse_service_tier(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        service_tier = _parse_service_tier(d.pop("service_tier"))

        def _parse_system_fingerprint(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        system_fingerprint = _parse_system_fingerprint(d.pop("system_fingerprint"))

        def _parse_moderation(data: object) -> None | StoredCompletionModerationType0:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                moderation_type_0 = StoredCompletionModerationType0.from_dict(data)

                return moderation_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | StoredCompletionModerationType0, data)

        moderation = _parse_moderation(d.pop("moderation"))

        def _parse_usage(data: object) -> None | TokenUsage | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                usage_type_0 = TokenUsage.from_dict(data)

                return usage_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | TokenUsage | Unset, data)

        usage = _parse_usage(d.pop("usage", UNSET))

        def _parse_citations(data: object) -> list[Citation] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                citations_type_0 = []
                _citations_type_0 = data
                for citations_type_0_item_data in _citations_type_0:
                    citations_type_0_item = Citation.from_dict(
                        citations_type_0_item_data
                    )

                    citations_type_0.append(citations_type_0_item)

                return citations_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[Citation] | None | Unset, data)

        citations = _parse_citations(d.pop("citations", UNSET))

        def _parse_sentences(data: object) -> list[Sentence] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                sentences_type_0 = []
                _sentences_type_0 = data
                for sentences_type_0_item_data in _sentences_type_0:
                    sentences_type_0_item = Sentence.from_dict(
                        sentences_type_0_item_data
                    )

                    sentences_type_0.append(sentences_type_0_item)

                return sentences_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[Sentence] | None | Unset, data)

        sentences = _parse_sentences(d.pop("sentences", UNSET))

        def _parse_abstained(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        abstained = _parse_abstained(d.pop("abstained", UNSET))

        def _parse_notes(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                notes_type_0 = cast(list[str], data)

                return notes_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        notes = _parse_notes(d.pop("notes", UNSET))

        def _parse_trace(data: object) -> None | Trace | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                trace_type_0 = Trace.from_dict(data)

                return trace_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Trace | Unset, data)

        trace = _parse_trace(d.pop("trace", UNSET))

        stored_completion = cls(
            id=id,
            created=created,
            model=model,
            object_=object_,
            choices=choices,
            metadata=metadata,
            temperature=temperature,
            top_p=top_p,
            presence_penalty=presence_penalty,
            frequency_penalty=frequency_penalty,
            seed=seed,
            tools=tools,
            tool_choice=tool_choice,
            response_format=response_format,
            input_user=input_user,
            service_tier=service_tier,
            system_fingerprint=system_fingerprint,
            moderation=moderation,
            usage=usage,
            citations=citations,
            sentences=sentences,
            abstained=abstained,
            notes=notes,
            trace=trace,
        )

        stored_completion.additional_properties = d
        return stored_completion

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
