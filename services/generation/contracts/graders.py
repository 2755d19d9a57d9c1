"""`/v1/fine_tuning/alpha/graders`: a grader is checked, or grades one answer, in OpenAI's shapes (`openai.types.fine_tuning.alpha`).

Extensions: the graders that OpenAI does not have (`shared.contracts.graders`), and `messages` among the errors.
"""

from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, BeforeValidator, Field

from shared.contracts.graders import (
    AbstentionGrader,
    ContainsGrader,
    ExactMatchGrader,
    F1Grader,
    Grader,
    JsonSchemaGrader,
    MultiGrader,
    NumericGrader,
    PythonGrader,
    ScoreModelGrader,
    StringCheckGrader,
    TextSimilarityGrader,
)
from shared.contracts.wire import JsonObject, Request

MAX_SAMPLE_CHARACTERS = 2_000_000  # as much as any grader reads
LONE_LABEL_MODEL = "must not be a 'label_model' by itself; put it into a 'multi' and make its name the 'calculate_output'"


def _refuse_label_model(value: Any) -> Any:
    if isinstance(value, dict) and value.get("type") == "label_model":
        raise ValueError(LONE_LABEL_MODEL)
    return value


AnyRewardGrader: TypeAlias = (
    StringCheckGrader
    | TextSimilarityGrader
    | ScoreModelGrader
    | MultiGrader
    | PythonGrader
    | ExactMatchGrader
    | F1Grader
    | ContainsGrader
    | NumericGrader
    | JsonSchemaGrader
    | AbstentionGrader
)
RewardGrader = Annotated[AnyRewardGrader, Field(discriminator="type"), BeforeValidator(_refuse_label_model)]


class GraderValidate(Request):
    """Body of `POST /v1/fine_tuning/alpha/graders/validate`."""

    grader: RewardGrader


class GraderRun(Request):
    """Body of `POST /v1/fine_tuning/alpha/graders/run`."""

    grader: RewardGrader
    model_sample: str = Field(
        max_length=MAX_SAMPLE_CHARACTERS, description="The answer to grade: `sample.output_text`, and `sample.output_json` if it is JSON."
    )
    item: JsonObject = Field({}, description="The row of the dataset that the answer belongs to.")


class GraderValidateResponse(BaseModel):
    """The grader as it was understood, with its defaults."""

    grader: Grader


class GraderErrors(BaseModel):
    """What went wrong, for a `multi` also in the graders that its formula does not use.

    Always false or null: the errors of `python`, which is refused, and `truncated_observation_error`, `unresponsive_reward_error` and
    `model_grader_refusal_error`, because the output of a grading model is constrained to a score or a label.
    """

    formula_parse_error: bool = Field(False, description="`calculate_output` cannot be computed for these scores.")
    sample_parse_error: bool = Field(False, description="The answer is not the JSON that a template reads, or lacks a field of it.")
    truncated_observation_error: bool = False
    unresponsive_reward_error: bool = False
    invalid_variable_error: bool = Field(False, description="A template names a field that the item does not have.")
    other_error: bool = Field(False, description="For example, a text is too long.")
    python_grader_server_error: bool = False
    python_grader_server_error_type: str | None = None
    python_grader_runtime_error: bool = False
    python_grader_runtime_error_details: str | None = None
    model_grader_server_error: bool = Field(False, description="A grading model or the embedding model could not be called.")
    model_grader_refusal_error: bool = False
    model_grader_parse_error: bool = Field(False, description="The output of a grading model cannot be used.")
    model_grader_server_error_details: str | None = None
    messages: list[str] = Field([], description="Extension: each error in words, with the name of the grader in a `multi`.")


class GraderRunMetadata(BaseModel):
    """How the reward came about."""

    name: str
    type: str
    errors: GraderErrors
    execution_time: float = Field(description="Seconds.")
    scores: dict[str, float] = Field(description="The scores of the graders of a `multi` that have no error.")
    token_usage: int | None = Field(description="All tokens of grading models; null if none was called.")
    sampled_model_name: str | None = Field(description="The grading model; null if none was called, or several.")


class GraderRunResponse(BaseModel):
    """The reward of an answer: 0 if it could not be graded, as `metadata.errors` then says."""

    reward: float
    metadata: GraderRunMetadata
    sub_rewards: dict[str, float] = Field(description="The scores of the graders of a `multi`; 0 for those with an error.")
    model_grader_token_usage_per_model: dict[str, int]
