from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.response_create_include_item import (
    ResponseCreateIncludeItem,
    check_response_create_include_item,
)
from ..models.response_create_prompt_cache_retention_type_0 import (
    ResponseCreatePromptCacheRetentionType0,
    check_response_create_prompt_cache_retention_type_0,
)
from ..models.response_create_service_tier import (
    ResponseCreateServiceTier,
    check_response_create_service_tier,
)
from ..models.response_create_tool_choice_type_0 import (
    ResponseCreateToolChoiceType0,
    check_response_create_tool_choice_type_0,
)
from ..models.response_create_truncation import (
    ResponseCreateTruncation,
    check_response_create_truncation,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.allowed_tools import AllowedTools
    from ..models.file_search_tool import FileSearchTool
    from ..models.function_choice import FunctionChoice
    from ..models.function_tool import FunctionTool
    from ..models.reasoning import Reasoning
    from ..models.response_create_input_type_1_item import ResponseCreateInputType1Item
    from ..models.response_create_metadata import ResponseCreateMetadata
    from ..models.search_choice import SearchChoice
    from ..models.stream_options import StreamOptions
    from ..models.text_config import TextConfig


T = TypeVar("T", bound="ResponseCreate")


@_attrs_define
class ResponseCreate:
    """Body of `POST /v1/responses`.

    `user`, `safety_identifier`, `prompt_cache_key`, `prompt_cache_retention` and `service_tier` are accepted for
    compatibility and
    returned; they have no effect.
    `seed` is an extension: as far as it can, the engine gives the same answer to the same request with the same seed.

        Attributes:
            model (str):
            input_ (list[ResponseCreateInputType1Item] | str):
            instructions (None | str | Unset):
            previous_response_id (None | str | Unset):
            text (TextConfig | Unset): The format of the answer's text. `verbosity` is accepted for compatibility and
                returned; it has no effect.
            tools (list[FileSearchTool | FunctionTool] | Unset):
            tool_choice (AllowedTools | FunctionChoice | ResponseCreateToolChoiceType0 | SearchChoice | Unset):  Default:
                'auto'.
            parallel_tool_calls (bool | Unset):  Default: True.
            truncation (ResponseCreateTruncation | Unset):  Default: 'disabled'.
            store (bool | Unset):  Default: True.
            stream (bool | Unset):  Default: False.
            stream_options (None | StreamOptions | Unset):
            background (bool | Unset):  Default: False.
            metadata (ResponseCreateMetadata | Unset):
            include (list[ResponseCreateIncludeItem] | Unset):
            max_output_tokens (int | None | Unset):
            max_tool_calls (int | None | Unset):
            temperature (float | Unset):  Default: 1.0.
            top_p (float | Unset):  Default: 1.0.
            presence_penalty (float | Unset):  Default: 0.0.
            frequency_penalty (float | Unset):  Default: 0.0.
            top_logprobs (int | Unset):  Default: 0.
            reasoning (None | Reasoning | Unset):
            seed (int | None | Unset):
            user (None | str | Unset):
            safety_identifier (None | str | Unset):
            prompt_cache_key (None | str | Unset):
            prompt_cache_retention (None | ResponseCreatePromptCacheRetentionType0 | Unset):
            service_tier (ResponseCreateServiceTier | Unset):  Default: 'default'.
    """

    model: str
    input_: list[ResponseCreateInputType1Item] | str
    instructions: None | str | Unset = UNSET
    previous_response_id: None | str | Unset = UNSET
    text: TextConfig | Unset = UNSET
    tools: list[FileSearchTool | FunctionTool] | Unset = UNSET
    tool_choice: (
        AllowedTools
        | FunctionChoice
        | ResponseCreateToolChoiceType0
        | SearchChoice
        | Unset
    ) = "auto"
    parallel_tool_calls: bool | Unset = True
    truncation: ResponseCreateTruncation | Unset = "disabled"
    store: bool | Unset = True
    stream: bool | Unset = False
    stream_options: None | StreamOptions | Unset = UNSET
    background: bool | Unset = False
    metadata: ResponseCreateMetadata | Unset = UNSET
    include: list[ResponseCreateIncludeItem] | Unset = UNSET
    max_output_tokens: int | None | Unset = UNSET
    max_tool_calls: int | None | Unset = UNSET
    temperature: float | Unset = 1.0
    top_p: float | Unset = 1.0
    presence_penalty: float | Unset = 0.0
    frequency_penalty: float | Unset = 0.0
    top_logprobs: int | Unset = 0
    reasoning: None | Reasoning | Unset = UNSET
    seed: int | None | Unset = UNSET
    user: None | str | Unset = UNSET
    safety_identifier: None | str | Unset = UNSET
    prompt_cache_key: None | str | Unset = UNSET
    prompt_cache_retention: None | ResponseCreatePromptCacheRetentionType0 | Unset = (
        UNSET
    )
    service_tier: ResponseCreateServiceTier | Unset = "default"

    def to_dict(self) -> dict[str, Any]:
        from ..models.file_search_tool import FileSearchTool  # noqa: PLC0415
        from ..models.function_choice import FunctionChoice  # noqa: PLC0415
        from ..models.reasoning import Reasoning  # noqa: PLC0415
        from ..models.search_choice import SearchChoice  # noqa: PLC0415
        from ..models.stream_options import StreamOptions  # noqa: PLC0415

        model = self.model

        input_: list[dict[str, Any]] | str
        if isinstance(self.input_, list):
            input_ = []
            for input_type_1_item_data in self.input_:
                input_type_1_item = input_type_1_item_data.to_dict()
                input_.append(input_type_1_item)

        else:
            input_ = self.input_

        instructions: None | str | Unset
        if isinstance(self.instructions, Unset):
            instructions = UNSET
        else:
            instructions = self.instructions

        previous_response_id: None | str | Unset
        if isinstance(self.previous_response_id, Unset):
            previous_response_id = UNSET
        else:
            previous_response_id = self.previous_response_id

        text: dict[str, Any] | Unset = UNSET
        if not isinstance(self.text, Unset):
            text = self.text.to_dict()

        tools: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.tools, Unset):
            tools = []
            for tools_item_data in self.tools:
                tools_item: dict[str, Any]
                if isinstance(tools_item_data, FileSearchTool):
                    tools_item = tools_item_data.to_dict()
                else:
                    tools_item = tools_item_data.to_dict()

                tools.append(tools_item)

        tool_choice: dict[str, Any] | str | Unset
        if isinstance(self.tool_choice, Unset):
            tool_choice = UNSET
        elif isinstance(self.tool_choice, str):
            tool_choice = self.tool_choice
        elif isinstance(self.tool_choice, FunctionChoice):
            tool_choice = self.tool_choice.to_dict()
        elif isinstance(self.tool_choice, SearchChoice):
            tool_choice = self.tool_choice.to_dict()
        else:
            tool_choice = self.tool_choice.to_dict()

        parallel_tool_calls = self.parallel_tool_calls

        truncation: str | Unset = UNSET
        if not isinstance(self.truncation, Unset):
            truncation = self.truncation

        store = self.store

        stream = self.stream

        stream_options: dict[str, Any] | None | Unset
        if isinstance(self.stream_options, Unset):
            stream_options = UNSET
        elif isinstance(self.stream_options, StreamOptions):
            stream_options = self.stream_options.to_dict()
        else:
            stream_options = self.stream_options

        background = self.background

        metadata: dict[str, Any] | Unset = UNSET
        if not isinstance(self.metadata, Unset):
            metadata = self.metadata.to_dict()

        include: list[str] | Unset = UNSET
        if not isinstance(self.include, Unset):
            include = []
            for include_item_data in self.include:
                include_item: str = include_item_data
                include.append(include_item)

        max_output_tokens: int | None | Unset
        if isinstance(self.max_output_tokens, Unset):
            max_output_tokens = UNSET
        else:
            max_output_tokens = self.max_output_tokens

        max_tool_calls: int | None | Unset
        if isinstance(self.max_tool_calls, Unset):
            max_tool_calls = UNSET
        else:
            max_tool_calls = self.max_tool_calls

        temperature = self.temperature

        top_p = self.top_p

        presence_penalty = self.presence_penalty

        frequency_penalty = self.frequency_penalty

        top_logprobs = self.top_logprobs

        reasoning: dict[str, Any] | None | Unset
        if isinstance(self.reasoning, Unset):
            reasoning = UNSET
        elif isinstance(self.reasoning, Reasoning):
            reasoning = self.reasoning.to_dict()
        else:
            reasoning = self.reasoning

        seed: int | None | Unset
        if isinstance(self.seed, Unset):
            seed = UNSET
        else:
            seed = self.seed

        user: None | str | Unset
        if isinstance(self.user, Unset):
            user = UNSET
        else:
            user = self.user

        safety_identifier: None | str | Unset
        if isinstance(self.safety_identifier, Unset):
            safety_identifier = UNSET
        else:
            safety_identifier = self.safety_identifier

        prompt_cache_key: None | str | Unset
        if isinstance(self.prompt_cache_key, Unset):
            prompt_cache_key = UNSET
        else:
            prompt_cache_key = self.prompt_cache_key

        prompt_cache_retention: None | str | Unset
        if isinstance(self.prompt_cache_retention, Unset):
            prompt_cache_retention = UNSET
        elif isinstance(self.prompt_cache_retention, str):
            prompt_cache_retention = self.prompt_cache_retention
        else:
            prompt_cache_retention = self.prompt_cache_retention

        service_tier: str | Unset = UNSET
        if not isinstance(self.service_tier, Unset):
            service_tier = self.service_tier

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "model": model,
                "input": input_,
            }
        )
        if instructions is not UNSET:
            field_dict["instructions"] = instructions
        if previous_response_id is not UNSET:
            field_dict["previous_response_id"] = previous_response_id
        if text is not UNSET:
            field_dict["text"] = text
        if tools is not UNSET:
            field_dict["tools"] = tools
        if tool_choice is not UNSET:
            field_dict["tool_choice"] = tool_choice
        if parallel_tool_calls is not UNSET:
            field_dict["parallel_tool_calls"] = parallel_tool_calls
        if truncation is not UNSET:
            field_dict["truncation"] = truncation
        if store is not UNSET:
            field_dict["store"] = store
        if stream is not UNSET:
            field_dict["stream"] = stream
        if stream_options is not UNSET:
            field_dict["stream_options"] = stream_options
        if background is not UNSET:
            field_dict["background"] = background
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if include is not UNSET:
            field_dict["include"] = include
        if max_output_tokens is not UNSET:
            field_dict["max_output_tokens"] = max_output_tokens
        if max_tool_calls is not UNSET:
            field_dict["max_tool_calls"] = max_tool_calls
        if temperature is not UNSET:
            field_dict["temperature"] = temperature
        if top_p is not UNSET:
            field_dict["top_p"] = top_p
        if presence_penalty is not UNSET:
            field_dict["presence_penalty"] = presence_penalty
        if frequency_penalty is not UNSET:
            field_dict["frequency_penalty"] = frequency_penalty
        if top_logprobs is not UNSET:
            field_dict["top_logprobs"] = top_logprobs
        if reasoning is not UNSET:
            field_dict["reasoning"] = reasoning
        if seed is not UNSET:
            field_dict["seed"] = seed
        if user is not UNSET:
            field_dict["user"] = user
        if safety_identifier is not UNSET:
            field_dict["safety_identifier"] = safety_identifier
        if prompt_cache_key is not UNSET:
            field_dict["prompt_cache_key"] = prompt_cache_key
        if prompt_cache_retention is not UNSET:
            field_dict["prompt_cache_retention"] = prompt_cache_retention
        if service_tier is not UNSET:
            field_dict["service_tier"] = service_tier

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.allowed_tools import AllowedTools  # noqa: PLC0415
        from ..models.file_search_tool import FileSearchTool  # noqa: PLC0415
        from ..models.function_choice import FunctionChoice  # noqa: PLC0415
        from ..models.function_tool import FunctionTool  # noqa: PLC0415
        from ..models.reasoning import Reasoning  # noqa: PLC0415
        from ..models.response_create_input_type_1_item import (
            ResponseCreateInputType1Item,  # noqa: PLC0415
        )
        from ..models.response_create_metadata import ResponseCreateMetadata  # noqa: PLC0415
        from ..models.search_choice import SearchChoice  # noqa: PLC0415
        from ..models.stream_options import StreamOptions  # noqa: PLC0415
        from ..models.text_config import TextConfig  # noqa: PLC0415

        d = dict(src_dict)
        model = d.pop("model")

        def _parse_input_(data: object) -> list[ResponseCreateInputType1Item] | str:
            try:
                if not isinstance(data, list):
                    raise TypeError()
                input_type_1 = []
                _input_type_1 = data
                for input_type_1_item_data in _input_type_1:
                    input_type_1_item = ResponseCreateInputType1Item.from_dict(
                        input_type_1_item_data
                    )

                    input_type_1.append(input_type_1_item)

                return input_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[ResponseCreateInputType1Item] | str, data)

        input_ = _parse_input_(d.pop("input"))

        def _parse_instructions(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        instructions = _parse_instructions(d.pop("instructions", UNSET))

        def _parse_previous_response_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        previous_response_id = _parse_previous_response_id(
            d.pop("previous_response_id", UNSET)
        )

        _text = d.pop("text", UNSET)
        text: TextConfig | Unset
        if isinstance(_text, Unset):
            text = UNSET
        else:
            text = TextConfig.from_dict(_text)

        _tools = d.pop("tools", UNSET)
        tools: list[FileSearchTool | FunctionTool] | Unset = UNSET
        if _tools is not UNSET:
            tools = []
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

        def _parse_tool_choice(
            data: object,
        ) -> (
            AllowedTools
            | FunctionChoice
            | ResponseCreateToolChoiceType0
            | SearchChoice
            | Unset
        ):
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                tool_choice_type_0 = check_response_create_tool_choice_type_0(data)

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

        tool_choice = _parse_tool_choice(d.pop("tool_choice", UNSET))

        parallel_tool_calls = d.pop("parallel_tool_calls", UNSET)

        _truncation = d.pop("truncation", UNSET)
        truncation: ResponseCreateTruncation | Unset
        if isinstance(_truncation, Unset):
            truncation = UNSET
        else:
            truncation = check_response_create_truncation(_truncation)

        store = d.pop("store", UNSET)

        stream = d.pop("stream", UNSET)

        def _parse_stream_options(data: object) -> None | StreamOptions | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                stream_options_type_0 = StreamOptions.from_dict(data)

                return stream_options_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | StreamOptions | Unset, data)

        stream_options = _parse_stream_options(d.pop("stream_options", UNSET))

        background = d.pop("background", UNSET)

        _metadata = d.pop("metadata", UNSET)
        metadata: ResponseCreateMetadata | Unset
        if isinstance(_metadata, Unset):
            metadata = UNSET
        else:
            metadata = ResponseCreateMetadata.from_dict(_metadata)

        _include = d.pop("include", UNSET)
        include: list[ResponseCreateIncludeItem] | Unset = UNSET
        if _include is not UNSET:
            include = []
            for include_item_data in _include:
                include_item = check_response_create_include_item(include_item_data)

                include.append(include_item)

        def _parse_max_output_tokens(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        max_output_tokens = _parse_max_output_tokens(d.pop("max_output_tokens", UNSET))

        def _parse_max_tool_calls(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        max_tool_calls = _parse_max_tool_calls(d.pop("max_tool_calls", UNSET))

        temperature = d.pop("temperature", UNSET)

        top_p = d.pop("top_p", UNSET)

        presence_penalty = d.pop("presence_penalty", UNSET)

        frequency_penalty = d.pop("frequency_penalty", UNSET)

        top_logprobs = d.pop("top_logprobs", UNSET)

        def _parse_reasoning(data: object) -> None | Reasoning | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                reasoning_type_0 = Reasoning.from_dict(data)

                return reasoning_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Reasoning | Unset, data)

        reasoning = _parse_reasoning(d.pop("reasoning", UNSET))

        def _parse_seed(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        seed = _parse_seed(d.pop("seed", UNSET))

        def _parse_user(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        user = _parse_user(d.pop("user", UNSET))

        def _parse_safety_identifier(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        safety_identifier = _parse_safety_identifier(d.pop("safety_identifier", UNSET))

        def _parse_prompt_cache_key(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        prompt_cache_key = _parse_prompt_cache_key(d.pop("prompt_cache_key", UNSET))

        def _parse_prompt_cache_retention(
            data: object,
        ) -> None | ResponseCreatePromptCacheRetentionType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                prompt_cache_retention_type_0 = (
                    check_response_create_prompt_cache_retention_type_0(data)
                )

                return prompt_cache_retention_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ResponseCreatePromptCacheRetentionType0 | Unset, data)

        prompt_cache_retention = _parse_prompt_cache_retention(
            d.pop("prompt_cache_retention", UNSET)
        )

        _service_tier = d.pop("service_tier", UNSET)
        service_tier: ResponseCreateServiceTier | Unset
        if isinstance(_service_tier, Unset):
            service_tier = UNSET
        else:
            service_tier = check_response_create_service_tier(_service_tier)

        response_create = cls(
            model=model,
            input_=input_,
            instructions=instructions,
            previous_response_id=previous_response_id,
            text=text,
            tools=tools,
            tool_choice=tool_choice,
            parallel_tool_calls=parallel_tool_calls,
            truncation=truncation,
            store=store,
            stream=stream,
            stream_options=stream_options,
            background=background,
            metadata=metadata,
            include=include,
            max_output_tokens=max_output_tokens,
            max_tool_calls=max_tool_calls,
            temperature=temperature,
            top_p=top_p,
            presence_penalty=presence_penalty,
            frequency_penalty=frequency_penalty,
            top_logprobs=top_logprobs,
            reasoning=reasoning,
            seed=seed,
            user=user,
            safety_identifier=safety_identifier,
            prompt_cache_key=prompt_cache_key,
            prompt_cache_retention=prompt_cache_retention,
            service_tier=service_tier,
        )

        return response_create
