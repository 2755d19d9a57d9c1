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
    from ..models.citation import Citation
    from ..models.completion_choice import CompletionChoice
    from ..models.sentence import Sentence
    from ..models.token_usage import TokenUsage
    from ..models.trace import Trace


T = TypeVar("T", bound="Completion")


@_attrs_define
class Completion:
    """The answer to a completion, and an event of its stream.

    Attributes:
        id (str):
        created (int):
        model (str):
        object_ (Literal['text_completion']):
        choices (list[CompletionChoice]):
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
    object_: Literal["text_completion"]
    choices: list[CompletionChoice]
    usage: None | TokenUsage | Unset = UNSET
    citations: list[Citation] | None | Unset = UNSET
    sentences: list[Sentence] | None | Unset = UNSET
    abstained: bool | None | Unset = UNSET
    notes: list[str] | None | Unset = UNSET
    trace: None | Trace | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
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
        from ..models.citation import Citation  # noqa: PLC0415
        from ..models.completion_choice import CompletionChoice  # noqa: PLC0415
        from ..models.sentence import Sentence  # noqa: PLC0415
        from ..models.token_usage import TokenUsage  # noqa: PLC0415
        from ..models.trace import Trace  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        created = d.pop("created")

        model = d.pop("model")

        object_ = cast(Literal["text_completion"], d.pop("object"))
        if object_ != "text_completion":
            raise ValueError(
                f"object must match const 'text_completion', got '{object_}'"
            )

        choices = []
        _choices = d.pop("choices")
        for choices_item_data in _choices:
            choices_item = CompletionChoice.from_dict(choices_item_data)

            choices.append(choices_item)

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

        completion = cls(
            id=id,
            created=created,
            model=model,
            object_=object_,
            choices=choices,
            usage=usage,
            citations=citations,
            sentences=sentences,
            abstained=abstained,
            notes=notes,
            trace=trace,
        )

        completion.additional_properties = d
        return completion

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
