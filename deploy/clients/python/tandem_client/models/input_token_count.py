from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.input_token_count_tool_choice_type_0 import (
    InputTokenCountToolChoiceType0,
    check_input_token_count_tool_choice_type_0,
)
from ..models.input_token_count_truncation import (
    InputTokenCountTruncation,
    check_input_token_count_truncation,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.allowed_tools import AllowedTools
    from ..models.file_search_tool import FileSearchTool
    from ..models.function_choice import FunctionChoice
    from ..models.function_tool import FunctionTool
    from ..models.input_token_count_input_type_1_item import (
        InputTokenCountInputType1Item,
    )
    from ..models.reasoning import Reasoning
    from ..models.search_choice import SearchChoice
    from ..models.text_config import TextConfig


T = TypeVar("T", bound="InputTokenCount")


@_attrs_define
class InputTokenCount:
    """Body of `POST /v1/responses/input_tokens`. Passages that a search would find are not counted. `reasoning` has no
    effect.

        Attributes:
            instructions (None | str | Unset):
            previous_response_id (None | str | Unset):
            text (TextConfig | Unset): The format of the answer's text. `verbosity` is accepted for compatibility and
                returned; it has no effect.
            tools (list[FileSearchTool | FunctionTool] | Unset):
            tool_choice (AllowedTools | FunctionChoice | InputTokenCountToolChoiceType0 | SearchChoice | Unset):  Default:
                'auto'.
            parallel_tool_calls (bool | Unset):  Default: True.
            truncation (InputTokenCountTruncation | Unset):  Default: 'disabled'.
            model (None | str | Unset):
            input_ (list[InputTokenCountInputType1Item] | None | str | Unset):
            reasoning (None | Reasoning | Unset):
    """

    instructions: None | str | Unset = UNSET
    previous_response_id: None | str | Unset = UNSET
    text: TextConfig | Unset = UNSET
    tools: list[FileSearchTool | FunctionTool] | Unset = UNSET
    tool_choice: (
        AllowedTools
        | FunctionChoice
        | InputTokenCountToolChoiceType0
        | SearchChoice
        | Unset
    ) = "auto"
    parallel_tool_calls: bool | Unset = True
    truncation: InputTokenCountTruncation | Unset = "disabled"
    model: None | str | Unset = UNSET
    input_: list[InputTokenCountInputType1Item] | None | str | Unset = UNSET
    reasoning: None | Reasoning | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.file_search_tool import FileSearchTool  # noqa: PLC0415
        from ..models.function_choice import FunctionChoice  # noqa: PLC0415
        from ..models.reasoning import Reasoning  # noqa: PLC0415
        from ..models.search_choice import SearchChoice  # noqa: PLC0415

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

        model: None | str | Unset
        if isinstance(self.model, Unset):
            model = UNSET
        else:
            model = self.model

        input_: list[dict[str, Any]] | None | str | Unset
        if isinstance(self.input_, Unset):
            input_ = UNSET
        elif isinstance(self.input_, list):
            input_ = []
            for input_type_1_item_data in self.input_:
                input_type_1_item = input_type_1_item_data.to_dict()
                input_.append(input_type_1_item)

        else:
            input_ = self.input_

        reasoning: dict[str, Any] | None | Unset
        if isinstance(self.reasoning, Unset):
            reasoning = UNSET
        elif isinstance(self.reasoning, Reasoning):
            reasoning = self.reasoning.to_dict()
        else:
            reasoning = self.reasoning

        field_dict: dict[str, Any] = {}

        field_dict.update({})
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
        if model is not UNSET:
            field_dict["model"] = model
        if input_ is not UNSET:
            field_dict["input"] = input_
        if reasoning is not UNSET:
            field_dict["reasoning"] = reasoning

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.allowed_tools import AllowedTools  # noqa: PLC0415
        from ..models.file_search_tool import FileSearchTool  # noqa: PLC0415
        from ..models.function_choice import FunctionChoice  # noqa: PLC0415
        from ..models.function_tool import FunctionTool  # noqa: PLC0415
        from ..models.input_token_count_input_type_1_item import (
            InputTokenCountInputType1Item,  # noqa: PLC0415
        )
        from ..models.reasoning import Reasoning  # noqa: PLC0415
        from ..models.search_choice import SearchChoice  # noqa: PLC0415
        from ..models.text_config import TextConfig  # noqa: PLC0415

        d = dict(src_dict)

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
            | InputTokenCountToolChoiceType0
            | SearchChoice
            | Unset
        ):
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                tool_choice_type_0 = check_input_token_count_tool_choice_type_0(data)

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
        truncation: InputTokenCountTruncation | Unset
        if isinstance(_truncation, Unset):
            truncation = UNSET
        else:
            truncation = check_input_token_count_truncation(_truncation)

        def _parse_model(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        model = _parse_model(d.pop("model", UNSET))

        def _parse_input_(
            data: object,
        ) -> list[InputTokenCountInputType1Item] | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                input_type_1 = []
                _input_type_1 = data
                for input_type_1_item_data in _input_type_1:
                    input_type_1_item = InputTokenCountInputType1Item.from_dict(
                        input_type_1_item_data
                    )

                    input_type_1.append(input_type_1_item)

                return input_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[InputTokenCountInputType1Item] | None | str | Unset, data)

        input_ = _parse_input_(d.pop("input", UNSET))

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

        input_token_count = cls(
            instructions=instructions,
            previous_response_id=previous_response_id,
            text=text,
            tools=tools,
            tool_choice=tool_choice,
            parallel_tool_calls=parallel_tool_calls,
            truncation=truncation,
            model=model,
            input_=input_,
            reasoning=reasoning,
        )

        return input_token_count
