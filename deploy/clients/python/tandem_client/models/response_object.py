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

from ..models.response_object_prompt_cache_retention_type_0 import (
    ResponseObjectPromptCacheRetentionType0,
    check_response_object_prompt_cache_retention_type_0,
)
from ..models.response_object_status import (
    ResponseObjectStatus,
    check_response_object_status,
)
from ..models.response_object_tool_choice_type_0 import (
    ResponseObjectToolChoiceType0,
    check_response_object_tool_choice_type_0,
)
from ..models.response_object_truncation import (
    ResponseObjectTruncation,
    check_response_object_truncation,
)

if TYPE_CHECKING:
    from ..models.allowed_tools import AllowedTools
    from ..models.file_search_tool import FileSearchTool
    from ..models.function_choice import FunctionChoice
    from ..models.function_tool import FunctionTool
    from ..models.grounding_summary import GroundingSummary
    from ..models.reasoning import Reasoning
    from ..models.response_error import ResponseError
    from ..models.response_object_incomplete_details_type_0 import (
        ResponseObjectIncompleteDetailsType0,
    )
    from ..models.response_object_metadata import ResponseObjectMetadata
    from ..models.response_object_output_item import ResponseObjectOutputItem
    from ..models.search_choice import SearchChoice
    from ..models.text_config_output import TextConfigOutput
    from ..models.usage import Usage


T = TypeVar("T", bound="ResponseObject")


@_attrs_define
class ResponseObject:
    """A response, with the options of its request. Extensions: `seed`; `grounding` says how an answer from documents was
    made.

        Attributes:
            id (str):
            object_ (Literal['response']):  Default: 'response'.
            created_at (int):
            completed_at (int | None):
            status (ResponseObjectStatus):
            error (None | ResponseError):
            incomplete_details (None | ResponseObjectIncompleteDetailsType0):
            instructions (None | str):
            max_output_tokens (int | None):
            max_tool_calls (int | None):
            model (str):
            output (list[ResponseObjectOutputItem]):
            parallel_tool_calls (bool):  Default: True.
            previous_response_id (None | str):
            background (bool):  Default: False.
            store (bool):  Default: True.
            temperature (float):  Default: 1.0.
            top_p (float):  Default: 1.0.
            presence_penalty (float):  Default: 0.0.
            frequency_penalty (float):  Default: 0.0.
            top_logprobs (int):  Default: 0.
            reasoning (None | Reasoning):
            seed (int | None):
            text (TextConfigOutput): The format of the answer's text. `verbosity` is accepted for compatibility and
                returned; it has no effect.
            tool_choice (AllowedTools | FunctionChoice | ResponseObjectToolChoiceType0 | SearchChoice):  Default: 'auto'.
            tools (list[FileSearchTool | FunctionTool]):
            truncation (ResponseObjectTruncation):  Default: 'disabled'.
            usage (None | Usage):
            user (None | str):
            safety_identifier (None | str):
            prompt_cache_key (None | str):
            prompt_cache_retention (None | ResponseObjectPromptCacheRetentionType0):
            service_tier (str):  Default: 'default'.
            grounding (GroundingSummary | None):
            metadata (ResponseObjectMetadata):
    """

    id: str
    created_at: int
    completed_at: int | None
    status: ResponseObjectStatus
    error: None | ResponseError
    incomplete_details: None | ResponseObjectIncompleteDetailsType0
    instructions: None | str
    max_output_tokens: int | None
    max_tool_calls: int | None
    model: str
    output: list[ResponseObjectOutputItem]
    previous_response_id: None | str
    reasoning: None | Reasoning
    seed: int | None
    text: TextConfigOutput
    tools: list[FileSearchTool | FunctionTool]
    usage: None | Usage
    user: None | str
    safety_identifier: None | str
    prompt_cache_key: None | str
    prompt_cache_retention: None | ResponseObjectPromptCacheRetentionType0
    grounding: GroundingSummary | None
    metadata: ResponseObjectMetadata
    object_: Literal["response"] = "response"
    parallel_tool_calls: bool = True
    background: bool = False
    store: bool = True
    temperature: float = 1.0
    top_p: float = 1.0
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    top_logprobs: int = 0
    tool_choice: (
        AllowedTools | FunctionChoice | ResponseObjectToolChoiceType0 | SearchChoice
    ) = "auto"
    truncation: ResponseObjectTruncation = "disabled"
    service_tier: str = "default"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.file_search_tool import FileSearchTool  # noqa: PLC0415
        from ..models.function_choice import FunctionChoice  # noqa: PLC0415
        from ..models.grounding_summary import GroundingSummary  # noqa: PLC0415
        from ..models.reasoning import Reasoning  # noqa: PLC0415
        from ..models.response_error import ResponseError  # noqa: PLC0415
        from ..models.response_object_incomplete_details_type_0 import (
            ResponseObjectIncompleteDetailsType0,  # noqa: PLC0415
        )
        from ..models.search_choice import SearchChoice  # noqa: PLC0415
        from ..models.usage import Usage  # noqa: PLC0415

        id = self.id

        object_ = self.object_

        created_at = self.created_at

        completed_at: int | None
        completed_at = self.completed_at

        status: str = self.status

        error: dict[str, Any] | None
        if isinstance(self.error, ResponseError):
            error = self.error.to_dict()
        else:
            error = self.error

        incomplete_details: dict[str, Any] | None
        if isinstance(self.incomplete_details, ResponseObjectIncompleteDetailsType0):
            incomplete_details = self.incomplete_details.to_dict()
        else:
            incomplete_details = self.incomplete_details

        instructions: None | str
        instructions = self.instructions

        max_output_tokens: int | None
        max_output_tokens = self.max_output_tokens

        max_tool_calls: int | None
        max_tool_calls = self.max_tool_calls

        model = self.model

        output = []
        for output_item_data in self.output:
            output_item = output_item_data.to_dict()
            output.append(output_item)

        parallel_tool_calls = self.parallel_tool_calls

        previous_response_id: None | str
        previous_response_id = self.previous_response_id

        background = self.background

        store = self.store

        temperature = self.temperature

        top_p = self.top_p

        presence_penalty = self.presence_penalty

        frequency_penalty = self.frequency_penalty

        top_logprobs = self.top_logprobs

        reasoning: dict[str, Any] | None
        if isinstance(self.reasoning, Reasoning):
            reasoning = self.reasoning.to_dict()
        else:
            reasoning = self.reasoning

        seed: int | None
        seed = self.seed

        text = self.text.to_dict()

        tool_choice: dict[str, Any] | str
        if isinstance(self.tool_choice, str):
            tool_choice = self.tool_choice
        elif isinstance(self.tool_choice, FunctionChoice):
            tool_choice = self.tool_choice.to_dict()
        elif isinstance(self.tool_choice, SearchChoice):
            tool_choice = self.tool_choice.to_dict()
        else:
            tool_choice = self.tool_choice.to_dict()

        tools = []
        for tools_item_data in self.tools:
            tools_item: dict[str, Any]
            if isinstance(tools_item_data, FileSearchTool):
                tools_item = tools_item_data.to_dict()
            else:
                tools_item = tools_item_data.to_dict()

            tools.append(tools_item)

        truncation: str = self.truncation

        usage: dict[str, Any] | None
        if isinstance(self.usage, Usage):
            usage = self.usage.to_dict()
        else:
            usage = self.usage

        user: None | str
        user = self.user

        safety_identifier: None | str
        safety_identifier = self.safety_identifier

        prompt_cache_key: None | str
        prompt_cache_key = self.prompt_cache_key

        prompt_cache_retention: None | str
        if isinstance(self.prompt_cache_retention, str):
            prompt_cache_retention = self.prompt_cache_retention
        else:
            prompt_cache_retention = self.prompt_cache_retention

        service_tier = self.service_tier

        grounding: dict[str, Any] | None
        if isinstance(self.grounding, GroundingSummary):
            grounding = self.grounding.to_dict()
        else:
            grounding = self.grounding

        metadata = self.metadata.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "object": object_,
                "created_at": created_at,
                "completed_at": completed_at,
                "status": status,
                "error": error,
                "incomplete_details": incomplete_details,
                "instructions": instructions,
                "max_output_tokens": max_output_tokens,
                "max_tool_calls": max_tool_calls,
                "model": model,
                "output": output,
                "parallel_tool_calls": parallel_tool_calls,
                "previous_response_id": previous_response_id,
                "background": background,
                "store": store,
                "temperature": temperature,
                "top_p": top_p,
                "presence_penalty": presence_penalty,
                "frequency_penalty": frequency_penalty,
                "top_logprobs": top_logprobs,
                "reasoning": reasoning,
                "seed": seed,
                "text": text,
                "tool_choice": tool_choice,
                "tools": tools,
                "truncation": truncation,
                "usage": usage,
                "user": user,
                "safety_identifier": safety_identifier,
                "prompt_cache_key": prompt_cache_key,
                "prompt_cache_retention": prompt_cache_retention,
                "service_tier": service_tier,
                "grounding": grounding,
                "metadata": metadata,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.allowed_tools import AllowedTools  # noqa: PLC0415
        from ..models.file_search_tool import FileSearchTool  # noqa: PLC0415
        from ..models.function_choice import FunctionChoice  # noqa: PLC0415
        from ..models.function_tool import FunctionTool  # noqa: PLC0415
        from ..models.grounding_summary import GroundingSummary  # noqa: PLC0415
        from ..models.reasoning import Reasoning  # noqa: PLC0415
        from ..models.response_error import ResponseError  # noqa: PLC0415
        from ..models.response_object_incomplete_details_type_0 import (
            ResponseObjectIncompleteDetailsType0,  # noqa: PLC0415
        )
        from ..models.response_object_metadata import ResponseObjectMetadata  # noqa: PLC0415
        from ..models.response_object_output_item import ResponseObjectOutputItem  # noqa: PLC0415
        from ..models.search_choice import SearchChoice  # noqa: PLC0415
        from ..models.text_config_output import TextConfigOutput  # noqa: PLC0415
        from ..models.usage import Usage  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        object_ = cast(Literal["response"], d.pop("object"))
        if object_ != "response":
            raise ValueError(f"object must match const 'response', got '{object_}'")

        created_at = d.pop("created_at")

        def _parse_completed_at(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        completed_at = _parse_completed_at(d.pop("completed_at"))

        status = check_response_object_status(d.pop("status"))

        def _parse_error(data: object) -> None | ResponseError:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                error_type_0 = ResponseError.from_dict(data)

                return error_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ResponseError, data)

        error = _parse_error(d.pop("error"))

        def _parse_incomplete_details(
            data: object,
        ) -> None | ResponseObjectIncompleteDetailsType0:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                incomplete_details_type_0 = (
                    ResponseObjectIncompleteDetailsType0.from_dict(data)
                )

                return incomplete_details_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ResponseObjectIncompleteDetailsType0, data)

        incomplete_details = _parse_incomplete_details(d.pop("incomplete_details"))

        def _parse_instructions(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        instructions = _parse_instructions(d.pop("instructions"))

        def _parse_max_output_tokens(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        max_output_tokens = _parse_max_output_tokens(d.pop("max_output_tokens"))

        def _parse_max_tool_calls(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        max_tool_calls = _parse_max_tool_calls(d.pop("max_tool_calls"))

        model = d.pop("model")

        output = []
        _output = d.pop("output")
        for output_item_data in _output:
            output_item = ResponseObjectOutputItem.from_dict(output_item_data)

            output.append(output_item)

        parallel_tool_calls = d.pop("parallel_tool_calls")

        def _parse_previous_response_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        previous_response_id = _parse_previous_response_id(
            d.pop("previous_response_id")
        )

        background = d.pop("background")

        store = d.pop("store")

        temperature = d.pop("temperature")

        top_p = d.pop("top_p")

        presence_penalty = d.pop("presence_penalty")

        frequency_penalty = d.pop("frequency_penalty")

        top_logprobs = d.pop("top_logprobs")

        def _parse_reasoning(data: object) -> None | Reasoning:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                reasoning_type_0 = Reasoning.from_dict(data)

                return reasoning_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Reasoning, data)

        reasoning = _parse_reasoning(d.pop("reasoning"))

        def _parse_seed(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        seed = _parse_seed(d.pop("seed"))

        text = TextConfigOutput.from_dict(d.pop("text"))

        def _parse_tool_choice(
            data: object,
        ) -> (
            AllowedTools | FunctionChoice | ResponseObjectToolChoiceType0 | SearchChoice
        ):
            try:
                if not isinstance(data, str):
                    raise TypeError()
                tool_choice_type_0 = check_response_object_tool_choice_type_0(data)

                return tool_choice_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                tool_choice_type_1_type_0 = FunctionChoice.from_dict(data)

                return tool_choice_type_1_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                tool_choice_type_1_type_1 = SearchChoice.from_dict(data)

                return tool_choice_type_1_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            tool_choice_type_1_type_2 = AllowedTools.from_dict(data)

            return tool_choice_type_1_type_2

        tool_choice = _parse_tool_choice(d.pop("tool_choice"))

        tools = []
        _tools = d.pop("tools")
        for tools_item_data in _tools:

            def _parse_tools_item(data: object) -> FileSearchTool | FunctionTool:
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    tools_item_type_0 = FileSearchTool.from_dict(data)

                    return tools_item_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                if not isinstance(data, dict):
                    raise TypeError()
                tools_item_type_1 = FunctionTool.from_dict(data)

                return tools_item_type_1

            tools_item = _parse_tools_item(tools_item_data)

            tools.append(tools_item)

        truncation = check_response_object_truncation(d.pop("truncation"))

        def _parse_usage(data: object) -> None | Usage:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                usage_type_0 = Usage.from_dict(data)

                return usage_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Usage, data)

        usage = _parse_usage(d.pop("usage"))

        def _parse_user(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        user = _parse_user(d.pop("user"))

        def _parse_safety_identifier(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        safety_identifier = _parse_safety_identifier(d.pop("safety_identifier"))

        def _parse_prompt_cache_key(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        prompt_cache_key = _parse_prompt_cache_key(d.pop("prompt_cache_key"))

        def _parse_prompt_cache_retention(
            data: object,
        ) -> None | ResponseObjectPromptCacheRetentionType0:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                prompt_cache_retention_type_0 = (
                    check_response_object_prompt_cache_retention_type_0(data)
                )

                return prompt_cache_retention_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ResponseObjectPromptCacheRetentionType0, data)

        prompt_cache_retention = _parse_prompt_cache_retention(
            d.pop("prompt_cache_retention")
        )

        service_tier = d.pop("service_tier")

        def _parse_grounding(data: object) -> GroundingSummary | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                grounding_type_0 = GroundingSummary.from_dict(data)

                return grounding_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(GroundingSummary | None, data)

        grounding = _parse_grounding(d.pop("grounding"))

        metadata = ResponseObjectMetadata.from_dict(d.pop("metadata"))

        response_object = cls(
            id=id,
            object_=object_,
            created_at=created_at,
            completed_at=completed_at,
            status=status,
            error=error,
            incomplete_details=incomplete_details,
            instructions=instructions,
            max_output_tokens=max_output_tokens,
            max_tool_calls=max_tool_calls,
            model=model,
            output=output,
            parallel_tool_calls=parallel_tool_calls,
            previous_response_id=previous_response_id,
            background=background,
            store=store,
            temperature=temperature,
            top_p=top_p,
            presence_penalty=presence_penalty,
            frequency_penalty=frequency_penalty,
            top_logprobs=top_logprobs,
            reasoning=reasoning,
            seed=seed,
            text=text,
            tool_choice=tool_choice,
            tools=tools,
            truncation=truncation,
            usage=usage,
            user=user,
            safety_identifier=safety_identifier,
            prompt_cache_key=prompt_cache_key,
            prompt_cache_retention=prompt_cache_retention,
            service_tier=service_tier,
            grounding=grounding,
            metadata=metadata,
        )

        response_object.additional_properties = d
        return response_object

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
