import json

import pytest

from shared.errors import TandemError
from shared.web.server.limits import ConnectionLimits
from shared.web.server.refusal import large_headers, not_http, slow_headers, to_bytes, too_many_connections

ERRORS = [not_http(), large_headers(), slow_headers(ConnectionLimits(2.5, 10)), too_many_connections()]


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_is_a_whole_response_in_the_envelope(error: TandemError) -> None:
    head, _, body = to_bytes(error).partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0].startswith(b"HTTP/1.1 %d " % error.status)
    assert b"content-length: %d" % len(body) in lines
    assert b"connection: close" in lines
    assert json.loads(body) == error.envelope()


def test_the_time_for_headers_is_named_with_its_setting() -> None:
    assert "2.5 seconds (TANDEM_HEADER_SECONDS)" in slow_headers(ConnectionLimits(2.5, 10)).message
