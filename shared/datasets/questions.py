"""A question of a comparison: what is asked, the accepted answers, and where the answer stands."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from shared.datasets.examples.example import Message
from shared.validation.storable import check_storable

FILE_ID = re.compile(r"file-[A-Za-z0-9_-]+")
NULLABLE = ("question", "messages", "contexts", "tags")  # null is the same as leaving them out
# A document's name ends like this. Other names can be written as `{"filename": …}`.
FILENAME = re.compile(
    r"[^\n\r]{1,250}\.(?:csv|docx?|eml|epub|html?|jsonl?|markdown|md|odp|ods|odt|pdf|pptx?|rst|rtf|tsv|txt|xlsx?|xml)", re.IGNORECASE
)


class QuestionMessage(Message):
    """A message of a conversation that ends with a question."""

    role: Literal["system", "user", "assistant"]


def _check_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return text


def _name_number(value: Any) -> Any:
    """Return a name as a string; spreadsheets and scripts often write names as integers."""
    return str(value) if type(value) is int else value


NonBlank = Annotated[str, Field(min_length=1), AfterValidator(_check_blank)]
Name = Annotated[NonBlank, BeforeValidator(_name_number)]


class Context(BaseModel):
    """Where the answer to a question stands: a file, by id or by name, or a part of it, or a text in any file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file_id: NonBlank | None = None
    filename: NonBlank | None = None
    text: NonBlank | None = None

    @model_validator(mode="after")
    def _check_empty(self) -> "Context":
        if not (self.file_id or self.filename or self.text):
            raise ValueError("must have 'file_id', 'filename' or 'text'")
        return self

    @property
    def written(self) -> str | dict[str, str]:
        """The context as a line may write it: a string if it has a single field."""
        fields = self.model_dump(exclude_none=True)
        return next(iter(fields.values())) if len(fields) == 1 else fields


def _read_context(value: Any) -> Any:
    """Return the fields of a context that is written as a string."""
    if not isinstance(value, str):
        return value
    if FILE_ID.fullmatch(value):
        return {"file_id": value}
    return {"filename": value} if FILENAME.fullmatch(value) else {"text": value}


class Question(BaseModel):
    """A line of a question file: a `question`, or the `messages` of a chat that ends with one.

    `answers` are all accepted answers; if it is empty, the right answer is that the documents do not say. If they are not known, it is
    null, and only graders that need none can grade. Questions with the same `cluster` are not independent of each other. Other fields of
    the line are kept, because the templates of graders may use them. If the line has `messages`, `question` is the last one.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    question: str = Field("", description="Either this or `messages` is required.")
    messages: list[QuestionMessage] = []
    answers: list[NonBlank] | None
    contexts: list[Annotated[Context, BeforeValidator(_read_context)]] = []
    tags: list[NonBlank] = []
    cluster: Name | None = None
    id: Name | None = None

    @model_validator(mode="before")
    @classmethod
    def _fill_question(cls, value: Any) -> Any:
        check_storable(value)
        if not isinstance(value, dict):
            return value
        fields = {name: each for name, each in value.items() if each is not None or name not in NULLABLE}
        messages = fields.get("messages")
        last = messages[-1] if messages and isinstance(messages, list) else None
        return {"question": last["content"], **fields} if isinstance(last, dict) and isinstance(last.get("content"), str) else fields

    @model_validator(mode="after")
    def _check_question(self) -> "Question":
        if not (self.question or self.messages):
            raise ValueError("Each line must have a 'question' or 'messages'")
        if not self.question.strip():
            raise ValueError("The question must not be blank")
        if self.messages and self.messages[-1].role != "user":
            raise ValueError("The last of 'messages' must have the role 'user'")
        if self.messages and self.messages[-1].content != self.question:
            raise ValueError("'question' must be left out, or equal the last of 'messages'")
        return self

    @property
    def chat(self) -> Sequence[Message]:
        """The messages to ask: those of the line, or the question as the only one."""
        return self.messages or [Message(role="user", content=self.question)]

    @property
    def must_abstain(self) -> bool:
        """Whether the right answer is that the documents do not say."""
        return self.answers == []

    def item(self) -> dict[str, Any]:
        """Return every field of the line, as the templates of graders use it: `{{item.question}}`, `{{item.answers}}`.

        There are no `answers` if they are not known.
        """
        unset = [name for name, value in (("messages", self.messages or None), ("answers", self.answers)) if value is None]
        known = self.model_dump(mode="json", exclude={"contexts", *unset})
        return {**known, "contexts": [context.written for context in self.contexts]}

    def line(self) -> dict[str, Any]:
        """Return every field, as it can be read again."""
        return {"answers": self.answers, **self.item()}
