"""Whose fault a failed call is, and whether the next one would fail too."""

import pytest

from services.evaluation.asking.failures import describe_failure, is_fatal
from shared.errors import (
    AuthenticationFailed,
    Conflict,
    ContextTooLong,
    DeadlineExceeded,
    InvalidRequest,
    NotFound,
    StorageFull,
    TandemError,
    TooLarge,
    TooManyRequests,
    Unavailable,
)


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (ContextTooLong("too long"), "own", "context_length_exceeded"),
        (InvalidRequest("wrong"), "own", "invalid_value"),
        (InvalidRequest("flagged", code="content_filter"), "own", "content_filter"),
        (TooLarge("too large"), "own", "too_large"),
        (DeadlineExceeded("slow"), "own", "timeout"),
        (Unavailable("gone"), "infrastructure", "unavailable"),
        (TooManyRequests("full"), "infrastructure", "rate_limit_exceeded"),
        (StorageFull("full"), "infrastructure", "storage_full"),
        (TandemError("crashed"), "infrastructure", "server_error"),
    ],
)
def test_length_content_and_timeouts_are_the_arms_fault_and_the_rest_is_not(error: TandemError, kind: str, code: str) -> None:
    failure = describe_failure(error)
    assert (failure.kind, failure.code, failure.message) == (kind, code, error.message)
    assert not is_fatal(error)


@pytest.mark.parametrize(
    "error",
    [
        NotFound("gone", code="model_not_found"),
        NotFound("There is no vector store 'vs_1'."),
        AuthenticationFailed("unknown key"),
        Conflict("in use"),
        InvalidRequest("out of service", param="model", code="model_out_of_service"),
        TooManyRequests("no money", code="insufficient_quota"),
    ],
)
def test_an_error_of_the_model_the_key_or_the_quota_hits_every_call(error: TandemError) -> None:
    assert is_fatal(error)
