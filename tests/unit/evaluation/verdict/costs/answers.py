"""Answers with tokens and seconds, for arms with and without training and documents."""

from collections.abc import Sequence
from dataclasses import replace

from services.evaluation.arms.answer import ArmAnswer, Failure
from services.evaluation.arms.build import Arm
from shared.contracts.chat import RetrievalOptions

DOCUMENTS = RetrievalOptions(vector_store_ids=["vs_1"])
BASE = Arm("base", "small", None)
RAG = Arm("rag", "small", DOCUMENTS)
TUNED = Arm("fine_tuned", "ft:small:default:short:AAAABBBB", None)
BOTH = Arm("both", "ft:small:default:short:AAAABBBB", DOCUMENTS)
ARMS = (BASE, RAG, TUNED, BOTH)
GONE = Failure("infrastructure", "unavailable", "gone")
TOO_LONG = Failure("own", "context_length_exceeded", "too long")
TIMEOUT = Failure("own", "timeout", "slow")
EMPTY = Failure("own", "empty_answer", "empty")


def make_answer(arm: Arm, prompt: int = 100, completion: int = 10, seconds: float = 2.0, engine: float | None = 1.0) -> ArmAnswer:
    """Return an answer to question 0."""
    return ArmAnswer(0, arm.name, "yes", seconds, prompt, completion, [], engine_seconds=engine)


def fail(arm: Arm, failure: Failure, seconds: float = 0.0, prompt: int = 0) -> ArmAnswer:
    """Return a failed call."""
    return replace(make_answer(arm, prompt, 0, seconds, engine=None), text="", failure=failure)


def make_answers(arm: Arm, *seconds: float) -> Sequence[ArmAnswer]:
    """Return answers that took these seconds."""
    return [make_answer(arm, seconds=each) for each in seconds]
