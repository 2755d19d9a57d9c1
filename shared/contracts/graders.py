"""Graders: how one answer is scored, in OpenAI's shapes (`openai.types.graders`). Comparisons, evals and fine-tuning use the same.

Extensions: the types `exact_match`, `f1`, `contains`, `numeric`, `json_schema` and `abstention`, and `pass_threshold` wherever a score
is not already pass or fail. Texts may have templates: `{{item.x}}` is a field of the item, `{{sample.output_text}}` the answer.
Knows nothing of how a score is computed (`shared/graders`).
"""

import math
import re
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from shared.contracts.chat import ReasoningEffort, Seed
from shared.contracts.wire import Id, JsonObject, Request, Text, limit_entries
from shared.validation.wording import REFUSED

OUTPUT = "{{sample.output_text}}"
ANSWERS = "{{item.answers}}"
MAX_GRADERS = 20
MAX_MESSAGES = 128
MAX_LABELS = 256
MAX_REFERENCES = 1000
MAX_TEMPLATE_CHARACTERS = 100_000
MAX_FORMULA_CHARS = 1000
NO_PYTHON = (
    "must not be 'python', because graders run no code here; use string_check, text_similarity, score_model, or multi with a formula"
)


def _check_key(key: str) -> str:
    if not re.fullmatch(r"[A-Za-z_]\w{0,63}", key, flags=re.ASCII):
        raise ValueError(f"must have only letters, digits and '_', at most 64, and not begin with a digit; got '{key[:64]}'")
    return key


Name = Annotated[str, Field(min_length=1, max_length=256)]
GraderKey = Annotated[str, AfterValidator(_check_key)]
Label = Annotated[str, Field(min_length=1, max_length=512)]
Phrases = Annotated[list[Annotated[str, Field(min_length=1, max_length=512)]], Field(max_length=64)]
Template = Annotated[str, Field(max_length=MAX_TEMPLATE_CHARACTERS)]
Threshold: TypeAlias = float | None
SimilarityMetric = Literal[
    "fuzzy_match", "bleu", "gleu", "meteor", "cosine", "rouge_1", "rouge_2", "rouge_3", "rouge_4", "rouge_5", "rouge_l"
]


class TextPart(Request):
    """Text of a message, of a user or of a model."""

    type: Literal["input_text", "output_text"]
    text: Template
    prompt_cache_breakpoint: JsonObject | None = Field(None, description="Accepted and ignored.")


class ImagePart(Request):
    """An image in a message. The model must be able to read images."""

    type: Literal["input_image"]
    image_url: str
    detail: Text | None = Field(None, description="One of `high`, `low`, or `auto`.")


class AudioData(Request):
    """A recording, encoded as Base64."""

    data: str
    format: Literal["mp3", "wav"]


class AudioPart(Request):
    """A recording in a message. The model must be able to read audio."""

    type: Literal["input_audio"]
    input_audio: AudioData


Part = Annotated[TextPart | ImagePart | AudioPart, Field(discriminator="type")]


class GraderMessage(Request):
    """A message to the model that grades: its content is text, a part, or a list of both. Texts may have templates."""

    role: Literal["user", "assistant", "system", "developer"]
    content: Template | Part | Annotated[list[Template | Part], Field(max_length=MAX_MESSAGES, fail_fast=True)]
    type: Literal["message"] | None = None

    @property
    def parts(self) -> list[str | TextPart | ImagePart | AudioPart]:
        """The content as a list."""
        return list(self.content) if isinstance(self.content, list) else [self.content]


class StringCheckGrader(Request):
    """Compares two texts as they are. `like`: the input contains the reference; `ilike` ignores case. The score is 1 or 0."""

    type: Literal["string_check"]
    name: Name
    input: Template
    operation: Literal["eq", "ne", "like", "ilike"]
    reference: Template


class TextSimilarityGrader(Request):
    """How similar a text is to the reference, from 0 to 1 (`cosine`: from -1 to 1)."""

    type: Literal["text_similarity"]
    name: Name
    input: Template
    reference: Template
    evaluation_metric: SimilarityMetric
    pass_threshold: Threshold = Field(None, description="The lowest score with which the answer passes.")


class SamplingParams(Request):
    """How the model that grades is sampled. `temperature` defaults to 0."""

    max_completions_tokens: int | None = Field(None, ge=1)
    reasoning_effort: ReasoningEffort | None = None
    seed: Seed | None = None
    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = Field(None, gt=0, le=1)


class ScoreModelGrader(Request):
    """A model gives a score within `range`, which defaults to `[0, 1]`. The model's output is constrained to steps and a result."""

    type: Literal["score_model"]
    name: Name
    model: Id = Field(min_length=1)
    input: list[GraderMessage] = Field(min_length=1, max_length=MAX_MESSAGES, fail_fast=True)
    range: list[float] | None = Field(None, min_length=2, max_length=2)
    sampling_params: SamplingParams | None = None
    pass_threshold: Threshold = Field(None, description="The lowest score with which the answer passes.")

    @field_validator("range")
    @classmethod
    def _check_range(cls, value: list[float] | None) -> list[float] | None:
        if value is not None and not (value[0] < value[1] and math.isfinite(value[1] - value[0])):
            raise ValueError(f"must be two numbers, the lower one first; got {value}")
        return value

    @property
    def limits(self) -> tuple[float, float]:
        """The lowest and the highest score."""
        return (self.range[0], self.range[1]) if self.range else (0.0, 1.0)


class LabelModelGrader(Request):
    """A model gives one of `labels`, to which its output is constrained. The answer passes if it is one of `passing_labels`."""

    type: Literal["label_model"]
    name: Name
    model: Id = Field(min_length=1)
    input: list[GraderMessage] = Field(min_length=1, max_length=MAX_MESSAGES, fail_fast=True)
    labels: list[Label] = Field(min_length=1, max_length=MAX_LABELS)
    passing_labels: list[Label] = Field(max_length=MAX_LABELS)
    sampling_params: SamplingParams | None = Field(None, description="Extension, as in `score_model`.")

    @field_validator("labels")
    @classmethod
    def _check_labels(cls, value: list[str]) -> list[str]:
        if len(set(value)) < len(value):
            raise ValueError("must not contain the same label twice")
        return value

    @field_validator("passing_labels")
    @classmethod
    def _check_passing(cls, value: list[str], info: ValidationInfo) -> list[str]:
        labels = info.data.get("labels", value)
        unknown = [label for label in value if label not in labels]
        if unknown:
            raise ValueError(f"must contain only values of 'labels'; got '{unknown[0]}'")
        return value


class PythonGrader(Request):
    """OpenAI's grader that runs code. It is refused."""

    type: Literal["python"] = Field(json_schema_extra={REFUSED: True})
    name: Text = ""
    source: str | None = None
    image_tag: Text | None = None
    pass_threshold: Threshold = None

    @field_validator("type")
    @classmethod
    def _refuse(cls, _value: str) -> str:
        raise ValueError(NO_PYTHON)


class ReferenceGrader(Request):
    """What the graders of answers share: the answer, and the accepted answers, of which the best one counts.

    An empty list of accepted answers means that the documents do not have the answer, and that the answer must say so: see `abstention`.
    """

    name: Name
    input: Template = OUTPUT
    reference: Template | Annotated[list[Template], Field(max_length=MAX_REFERENCES, fail_fast=True)] = ANSWERS
    phrases: Phrases = Field([], description="More phrases with which an answer abstains, in addition to the known ones.")


class ExactMatchGrader(ReferenceGrader):
    """Extension: 1 if the answer is an accepted one, apart from case, punctuation and articles (SQuAD). Numbers, signs and units count."""

    type: Literal["exact_match"]


class F1Grader(ReferenceGrader):
    """Extension: how many words the answer and an accepted one share (SQuAD's token F1), from 0 to 1."""

    type: Literal["f1"]
    pass_threshold: Threshold = Field(None, description="The lowest score with which the answer passes.")


class ContainsGrader(ReferenceGrader):
    """Extension: 1 if the words of an accepted answer occur in the answer, in their order and next to each other."""

    type: Literal["contains"]


class NumericGrader(ReferenceGrader):
    """Extension: 1 if the answer has the number of the reference, within the larger tolerance and with the reference's unit, if it has one.

    If the answer has several numbers with the unit, `select` says which one counts.
    """

    type: Literal["numeric"]
    absolute_tolerance: float = Field(0.0, ge=0)
    relative_tolerance: float = Field(0.0, ge=0, le=1)
    select: Literal["first", "last"] = "last"


class JsonSchemaGrader(Request):
    """Extension: 1 if the answer is JSON that is valid under `schema` (draft 2020-12)."""

    model_config = ConfigDict(extra="forbid", serialize_by_alias=True)  # what is stored can be read again

    type: Literal["json_schema"]
    name: Name
    input: Template = OUTPUT
    schema_: JsonObject = Field(alias="schema")


class AbstentionGrader(ReferenceGrader):
    """Extension: 1 if the answer says that the documents do not have the answer, and the list of accepted answers is empty.

    1 also if neither is the case, otherwise 0.
    """

    type: Literal["abstention"]


AnySingle: TypeAlias = (
    StringCheckGrader
    | TextSimilarityGrader
    | ScoreModelGrader
    | LabelModelGrader
    | PythonGrader
    | ExactMatchGrader
    | F1Grader
    | ContainsGrader
    | NumericGrader
    | JsonSchemaGrader
    | AbstentionGrader
)
SingleGrader = Annotated[AnySingle, Field(discriminator="type")]


def _name_single(value: Any) -> Any:
    """The SDK's type of `graders` is one grader, OpenAI's guide has an object of them: accept both."""
    if isinstance(value, dict) and isinstance(value.get("type"), str):
        return {str(value.get("name")): value}
    return value


class MultiGrader(Request):
    """Several graders and a formula with their scores, which can use + - * / ^, min, max, abs, floor, ceil, exp, sqrt and log."""

    type: Literal["multi"]
    name: Name
    graders: Annotated[
        dict[GraderKey, SingleGrader],
        Field(min_length=1, max_length=MAX_GRADERS),
        BeforeValidator(limit_entries(MAX_GRADERS)),
        BeforeValidator(_name_single),
    ]
    calculate_output: str = Field(min_length=1, max_length=MAX_FORMULA_CHARS)
    pass_threshold: Threshold = Field(None, description="Extension: the lowest score with which the answer passes.")


Grader = Annotated[AnySingle | MultiGrader, Field(discriminator="type")]
