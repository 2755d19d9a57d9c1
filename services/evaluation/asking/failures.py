"""Which errors are an arm's own fault, which are the infrastructure's, and which end the comparison, because they would hit every call."""

from services.evaluation.arms.answer import Failure
from shared.errors import AuthenticationFailed, Conflict, DeadlineExceeded, InvalidRequest, NotFound, TandemError, TooLarge

EMPTY_CODE = "empty_answer"
EMPTY = Failure("own", EMPTY_CODE, "The model returned an empty answer.")
OWN = (InvalidRequest, TooLarge, DeadlineExceeded)
FATAL = (AuthenticationFailed, NotFound, Conflict)
FATAL_CODES = ("insufficient_quota", "model_not_found", "model_out_of_service")


def is_fatal(error: TandemError) -> bool:
    """Return whether the error would hit every other call of the arm too: the model is gone, the key is wrong, the quota is used up."""
    return isinstance(error, FATAL) or error.code in FATAL_CODES or error.param == "model"


def describe_failure(error: TandemError) -> Failure:
    """Return the failure of a call that ended with `error`.

    A request that is refused for its length or content and a timeout are the arm's own fault. Everything else is the infrastructure's.
    """
    return Failure("own" if isinstance(error, OWN) else "infrastructure", error.code or error.type, error.message)
