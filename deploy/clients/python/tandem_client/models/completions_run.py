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

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.completions_run_retrieval_type_0 import CompletionsRunRetrievalType0
    from ..models.completions_sampling import CompletionsSampling
    from ..models.file_content_source import FileContentSource
    from ..models.file_id import FileId
    from ..models.item_reference import ItemReference
    from ..models.messages_template import MessagesTemplate
    from ..models.stored_completions import StoredCompletions


T = TypeVar("T", bound="CompletionsRun")


@_attrs_define
class CompletionsRun:
    """A chat completion for each row. Without `model` and `input_messages`, stored completions are graded as they are.

    Attributes:
        type_ (Literal['completions']):
        source (FileContentSource | FileId | StoredCompletions):
        input_messages (ItemReference | MessagesTemplate | None | Unset):
        model (None | str | Unset):
        sampling_params (CompletionsSampling | None | Unset):
        retrieval (CompletionsRunRetrievalType0 | None | Unset): Extension: answers from documents, as in a chat
            completion.
    """

    type_: Literal["completions"]
    source: FileContentSource | FileId | StoredCompletions
    input_messages: ItemReference | MessagesTemplate | None | Unset = UNSET
    model: None | str | Unset = UNSET
    sampling_params: CompletionsSampling | None | Unset = UNSET
    retrieval: CompletionsRunRetrievalType0 | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.completions_run_retrieval_type_0 import (
            CompletionsRunRetrievalType0,  # noqa: PLC0415
        )
        from ..models.completions_sampling import CompletionsSampling  # noqa: PLC0415
        from ..models.file_content_source import FileContentSource  # noqa: PLC0415
        from ..models.file_id import FileId  # noqa: PLC0415
        from ..models.item_reference import ItemReference  # noqa: PLC0415
        from ..models.messages_template import MessagesTemplate  # noqa: PLC0415

        type_ = self.type_

        source: dict[str, Any]
        if isinstance(self.source, FileContentSource):
            source = self.source.to_dict()
        elif isinstance(self.source, FileId):
            source = self.source.to_dict()
        else:
            source = self.source.to_dict()

        input_messages: dict[str, Any] | None | Unset
        if isinstance(self.input_messages, Unset):
            input_messages = UNSET
        elif isinstance(self.input_messages, MessagesTemplate):
            input_messages = self.input_messages.to_dict()
        elif isinstance(self.input_messages, ItemReference):
            input_messages = self.input_messages.to_dict()
        else:
            input_messages = self.input_messages

        model: None | str | Unset
        if isinstance(self.model, Unset):
            model = UNSET
        else:
            model = self.model

        sampling_params: dict[str, Any] | None | Unset
        if isinstance(self.sampling_params, Unset):
            sampling_params = UNSET
        elif isinstance(self.sampling_params, CompletionsSampling):
            sampling_params = self.sampling_params.to_dict()
        else:
            sampling_params = self.sampling_params

        retrieval: dict[str, Any] | None | Unset
        if isinstance(self.retrieval, Unset):
            retrieval = UNSET
        elif isinstance(self.retrieval, CompletionsRunRetrievalType0):
            retrieval = self.retrieval.to_dict()
        else:
            retrieval = self.retrieval

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
                "source": source,
            }
        )
        if input_messages is not UNSET:
            field_dict["input_messages"] = input_messages
        if model is not UNSET:
            field_dict["model"] = model
        if sampling_params is not UNSET:
            field_dict["sampling_params"] = sampling_params
        if retrieval is not UNSET:
            field_dict["retrieval"] = retrieval

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.completions_run_retrieval_type_0 import (
            CompletionsRunRetrievalType0,  # noqa: PLC0415
        )
        from ..models.completions_sampling import CompletionsSampling  # noqa: PLC0415
        from ..models.file_content_source import FileContentSource  # noqa: PLC0415
        from ..models.file_id import FileId  # noqa: PLC0415
        from ..models.item_reference import ItemReference  # noqa: PLC0415
        from ..models.messages_template import MessagesTemplate  # noqa: PLC0415
        from ..models.stored_completions import StoredCompletions  # noqa: PLC0415

        d = dict(src_dict)
        type_ = cast(Literal["completions"], d.pop("type"))
        if type_ != "completions":
            raise ValueError(f"type must match const 'completions', got '{type_}'")

        def _parse_source(
            data: object,
        ) -> FileContentSource | FileId | StoredCompletions:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                source_type_0 = FileContentSource.from_dict(data)

                return source_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                source_type_1 = FileId.from_dict(data)

                return source_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            source_type_2 = StoredCompletions.from_dict(data)

            return source_type_2

        source = _parse_source(d.pop("source"))

        def _parse_input_messages(
            data: object,
        ) -> ItemReference | MessagesTemplate | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                input_messages_type_0_type_0 = MessagesTemplate.from_dict(data)

                return input_messages_type_0_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                input_messages_type_0_type_1 = ItemReference.from_dict(data)

                return input_messages_type_0_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ItemReference | MessagesTemplate | None | Unset, data)

        input_messages = _parse_input_messages(d.pop("input_messages", UNSET))

        def _parse_model(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        model = _parse_model(d.pop("model", UNSET))

        def _parse_sampling_params(data: object) -> CompletionsSampling | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                sampling_params_type_0 = CompletionsSampling.from_dict(data)

                return sampling_params_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CompletionsSampling | None | Unset, data)

        sampling_params = _parse_sampling_params(d.pop("sampling_params", UNSET))

        def _parse_retrieval(
            data: object,
        ) -> CompletionsRunRetrievalType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                retrieval_type_0 = CompletionsRunRetrievalType0.from_dict(data)

                return retrieval_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CompletionsRunRetrievalType0 | None | Unset, data)

        retrieval = _parse_retrieval(d.pop("retrieval", UNSET))

        completions_run = cls(
            type_=type_,
            source=source,
            input_messages=input_messages,
            model=model,
            sampling_params=sampling_params,
            retrieval=retrieval,
        )

        return completions_run
