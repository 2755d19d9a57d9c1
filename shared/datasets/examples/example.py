"""What is trained: a chat, or a prompt with a preferred and another answer. The reader makes them from every format of a file."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

MIN_EXAMPLES = 10


class Message(BaseModel):
    """A message of a chat."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["system", "user", "assistant"]
    content: str = Field(min_length=1)

    @property
    def is_learned(self) -> bool:
        """Whether the model learns to write this message."""
        return self.role == "assistant"


class ExampleMessage(Message):
    """A message of an example. The model does not learn to write a message of the assistant that has the weight 0."""

    weight: Literal[0, 1] = Field(1, exclude=True)

    @property
    def is_learned(self) -> bool:
        """Whether the model learns to write this message."""
        return self.role == "assistant" and self.weight == 1


class Example(BaseModel):
    """A chat that ends with a message of the assistant."""

    model_config = ConfigDict(extra="forbid")

    messages: list[ExampleMessage] = Field(min_length=2)


class Preference(BaseModel):
    """A chat that ends before the assistant's message, with the answer that the model should prefer to the other."""

    messages: list[Message] = Field(min_length=1)
    preferred: str = Field(min_length=1)
    rejected: str = Field(min_length=1)
