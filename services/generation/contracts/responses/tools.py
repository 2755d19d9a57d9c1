"""The tools of a response: file search and functions, and which of them the model may or must use."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from services.generation.contracts.responses.options import OpenAIRequest
from shared.contracts.chat import GroundingOptions
from shared.contracts.filters import BoundedFilter
from shared.contracts.search import RankingOptions, check_ranking
from shared.contracts.wire import Id, JsonObject
from shared.validation.shorten import shorten

FILE_SEARCH = "file_search"
FUNCTION_NAME = r"^[A-Za-z0-9_-]{1,64}$"


def _check_name(name: str) -> str:
    if not re.fullmatch(FUNCTION_NAME, name):
        raise ValueError(f"must have 1 to 64 characters, each a letter from a to z, a digit, '_' or '-'; got '{shorten(name)}'")
    return name


FunctionName = Annotated[str, AfterValidator(_check_name), Field(json_schema_extra={"pattern": FUNCTION_NAME})]
ToolMode = Literal["none", "auto", "required"]


class FileSearchTool(OpenAIRequest, GroundingOptions):
    """Answer from these vector stores. The fields that OpenAI does not have mean the same as in the `retrieval` field of chat."""

    type: Literal["file_search"]
    vector_store_ids: list[Id] = Field(min_length=1, max_length=8)
    filters: BoundedFilter | None = None
    max_num_results: int = Field(5, ge=1, le=50)
    ranking_options: RankingOptions = RankingOptions()

    @field_validator("ranking_options", mode="before")
    @classmethod
    def _drop_nulls_of_ranking(cls, options: Any) -> Any:
        return {name: value for name, value in options.items() if value is not None} if isinstance(options, dict) else options

    @model_validator(mode="after")
    def _check_combination(self) -> Self:
        check_ranking(self.search_mode, self.rerank, self.ranking_options)
        return self


class FunctionTool(OpenAIRequest):
    """A function that the model may ask the client to call."""

    type: Literal["function"]
    name: FunctionName
    description: str | None = None
    parameters: JsonObject | None = None
    strict: bool | None = None


Tool = Annotated[FileSearchTool | FunctionTool, Field(discriminator="type")]


class FunctionChoice(OpenAIRequest):
    """The model must call this function."""

    type: Literal["function"]
    name: Id


class SearchChoice(OpenAIRequest):
    """The vector stores must be searched."""

    type: Literal["file_search"]


class AllowedTool(OpenAIRequest):
    """One of the tools, by its type and, for a function, its name."""

    type: Literal["function", "file_search"]
    name: Id | None = None


class AllowedTools(OpenAIRequest):
    """The model may use only these tools; with `required` it must use one of them."""

    type: Literal["allowed_tools"]
    mode: Literal["auto", "required"]
    tools: list[AllowedTool] = Field(min_length=1, max_length=128)


ToolChoice = ToolMode | Annotated[FunctionChoice | SearchChoice | AllowedTools, Field(discriminator="type")]
ToolKey = tuple[str, str | None]
"""A tool's type and, for a function, its name."""


def tool_key(tool: Tool | AllowedTool | FunctionChoice | SearchChoice) -> ToolKey:
    """Return the type and name by which a choice refers to a tool."""
    return tool.type, getattr(tool, "name", None)


def chosen_keys(choice: ToolChoice) -> list[ToolKey]:
    """Return the tools that a choice names; none if it is only a mode."""
    if isinstance(choice, str):
        return []
    return [tool_key(tool) for tool in choice.tools] if isinstance(choice, AllowedTools) else [tool_key(choice)]


def tool_mode(choice: ToolChoice) -> ToolMode:
    """Return whether the model may use a tool, must, or must not."""
    if isinstance(choice, str):
        return choice
    return choice.mode if isinstance(choice, AllowedTools) else "required"
