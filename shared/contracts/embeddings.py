"""Embeddings, in OpenAI's shape."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from shared.contracts.wire import Id, Request, Text

MAX_INPUTS = 2048
MAX_TOKENS = 300_000
MAX_CHARACTERS = 200_000  # more than the window of any embedding model holds

Tokens = Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=1, max_length=MAX_TOKENS, fail_fast=True)]
String = Annotated[str, Field(min_length=1, max_length=MAX_CHARACTERS)]
Strings = Annotated[list[String], Field(min_length=1, max_length=MAX_INPUTS, fail_fast=True)]
TokenLists = Annotated[list[Tokens], Field(min_length=1, max_length=MAX_INPUTS, fail_fast=True)]


class EmbeddingsRequest(Request):
    """Body of `POST /v1/embeddings`. Token ids must come from the model's own tokenizer.

    Extension: `input_type` adds the prefix that the model expects before a query or a passage. Without it, no prefix is added.
    """

    input: String | Strings | Tokens | TokenLists
    model: Id
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = Field(None, ge=1)
    user: Text | None = None
    input_type: Literal["query", "passage"] | None = None

    @property
    def inputs(self) -> list[str | list[int]]:
        """The inputs: strings or lists of token ids."""
        if isinstance(self.input, str):
            return [self.input]
        if isinstance(self.input[0], int):
            return [[int(token) for token in self.input if isinstance(token, int)]]
        return [each for each in self.input if not isinstance(each, int)]

    def path_of(self, position: int, token: int | None = None) -> str:
        """Return the path of an input, or of one of its token ids, as the caller wrote it, such as `input[3]`."""
        is_only_input = isinstance(self.input, str) or isinstance(self.input[0], int)
        return "".join(["input", "" if is_only_input else f"[{position}]", "" if token is None else f"[{token}]"])


class Embedding(BaseModel):
    """The vector of one input, as numbers or as base64 of little-endian float32."""

    object: Literal["embedding"] = "embedding"
    index: int
    embedding: list[float] | str


class EmbeddingsUsage(BaseModel):
    """The number of tokens of all inputs."""

    prompt_tokens: int
    total_tokens: int


class EmbeddingList(BaseModel):
    """The vectors, in the order of the inputs."""

    object: Literal["list"] = "list"
    data: list[Embedding]
    model: str
    usage: EmbeddingsUsage
