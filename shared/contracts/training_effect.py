"""What a training changed: the same text scored by the model before it and by the model after it."""

from typing import Literal

from pydantic import BaseModel


class Change(BaseModel):
    """A value before the training and after it."""

    before: float
    after: float


class ValidationEffect(BaseModel):
    """The answers of the validation file, or of a random sample of it: `answers` of `total_answers` were measured.

    `loss` is in nats per token. `exact_match` is the share of answers that the model gives word for word if it always takes the most
    likely token. `detail` has the figures in words.
    """

    answers: int
    total_answers: int
    loss: Change
    mean_token_accuracy: Change
    exact_match: Change
    detail: str


class GeneralTextEffect(BaseModel):
    """A general English text of `tokens` tokens that has nothing to do with the training.

    If its perplexity rises, the model has forgotten something: `slight` from 5%, `strong` from 25%. `detail` has the figures in words.
    """

    tokens: int
    perplexity: Change
    drift: Literal["none", "slight", "strong"]
    detail: str


class TrainingEffect(BaseModel):
    """What a training changed. `validation` is null if there is no validation file whose answers can be scored."""

    validation: ValidationEffect | None
    general_text: GeneralTextEffect
