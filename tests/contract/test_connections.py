"""What a client can do with a connection before its key is checked, at both services, as bytes over a real socket."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from shared.web.server.limits import MAX_HEADER_BYTES, MAX_PIPELINED, ConnectionLimits
from tests.contract.service_pair import ServicePair, start_services
from tests.raw_http import RawConnection, ask, connected
from tests.serving import is_up, wait_until

SOON = 0.3  # seconds; the limits of these tests
LONG = 60.0
HOST = b"Host: x\r\n"
LIVE = b"GET /health/live HTTP/1.1\r\n" + HOST + b"\r\n"


@pytest.fixture(scope="module")
def exits() -> Iterator[ExitStack]:
    with ExitStack() as exits:
        yield exits


@pytest.fixture(scope="module")
def patient(exits: ExitStack, tmp_path_factory: pytest.TempPathFactory) -> ServicePair:
    """Services that wait long enough for everything in these tests."""
    return start_services(tmp_path_factory.mktemp("patient"), exits, ConnectionLimits(LONG, 1000))


@pytest.fixture(scope="module")
def hasty(exits: ExitStack, tmp_path_factory: pytest.TempPathFactory) -> ServicePair:
    """Services that wait neither for headers nor for a body."""
    return start_services(tmp_path_factory.mktemp("hasty"), exits, ConnectionLimits(SOON, 1000), body_seconds=SOON)


@pytest.fixture(scope="module")
def locked(exits: ExitStack, tmp_path_factory: pytest.TempPathFactory) -> ServicePair:
    """Services that need a key."""
    keys = {"keys": "red:red-key-1", "worker_key": "worker-key-1"}
    return start_services(tmp_path_factory.mktemp("locked"), exits, ConnectionLimits(LONG, 1000), **keys)


both = pytest.mark.parametrize("service", ["retrieval", "front_door"])


def send_until_closed(connection: RawConnection, piece: bytes, most: int) -> int:
    """Send `piece` again and again; return how many bytes were sent before the server closed the connection, at most `most`."""
    sent = 0
    try:
        while sent < most:
            connection.send(piece)
            sent += len(piece)
    except ConnectionError:
        pass
    return sent


def drip_until_answered(connection: RawConnection, byte: bytes) -> bytes:
    """Send one byte at a time, with pauses far below the limit, until the server answers; return the start of its answer."""
    connection.socket.settimeout(SOON / 20)
    for _ in range(1000):
        connection.send(byte)
        try:
            return connection.socket.recv(12)
        except TimeoutError:
            pass
    raise AssertionError("the server waited on")


@both
def test_headers_without_end_are_431_and_are_not_kept(patient: ServicePair, service: str) -> None:
    memory = psutil.Process().memory_info
    with connected(patient.url(service)) as connection:
        before = memory().rss
        connection.send(b"GET /v1/models HTTP/1.1\r\nX-Long: " + b"a" * 2 * MAX_HEADER_BYTES)
        response = connection.receive()
        assert (response.status, response.error["code"], response.headers["connection"]) == (431, "headers_too_large", "close")
        send_until_closed(connection, b"a" * 65536, 200 * 2**20)
        assert memory().rss - before < 50 * 2**20


@both
@pytest.mark.parametrize("head", [b"X: " + b"a" * MAX_HEADER_BYTES, b"A: b\r\n" * 20_000])
def test_complete_headers_over_the_limit_are_431(patient: ServicePair, service: str, head: bytes) -> None:
    request = b"GET /health/live HTTP/1.1\r\n" + HOST + head.rstrip() + b"\r\n\r\n"
    response = ask(patient.url(service), request)
    assert (response.status, response.error["code"]) == (431, "headers_too_large")


@both
def test_a_long_address_is_431_and_headers_below_the_limit_are_read(patient: ServicePair, service: str) -> None:
    url = patient.url(service)
    assert ask(url, b"GET /" + b"a" * MAX_HEADER_BYTES + b" HTTP/1.1\r\n" + HOST + b"\r\n").status == 431
    assert ask(url, LIVE[:-2] + b"X: " + b"a" * (MAX_HEADER_BYTES - 200) + b"\r\n\r\n").status == 200


@both
def test_trailers_and_chunk_extensions_without_end_are_refused(patient: ServicePair, service: str) -> None:
    url = patient.url(service)
    start = b"POST /v1/embeddings HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
    for endless in (b"2;x=", b"2\r\n{}\r\n0\r\nX: "):
        with connected(url) as connection:
            connection.send(start + endless)
            connection.send(b"a" * 4 * MAX_HEADER_BYTES)
            assert connection.receive().status in (400, 431)


@both
def test_headers_that_do_not_arrive_in_time_are_408(hasty: ServicePair, service: str) -> None:
    with connected(hasty.url(service)) as connection:
        connection.send(b"GET /v1/models HTTP/1.1\r\nX-Slow: ")
        response = connection.receive()
        assert (response.status, response.error["code"], response.headers["connection"]) == (408, "request_timeout", "close")
        assert "TANDEM_HEADER_SECONDS" in response.error["message"]


@both
def test_one_byte_at_a_time_does_not_extend_the_time_for_headers(hasty: ServicePair, service: str) -> None:
    with connected(hasty.url(service)) as connection:
        connection.send(b"GET /")
        assert drip_until_answered(connection, b"a") == b"HTTP/1.1 408"


@both
def test_a_connection_that_sends_nothing_is_closed(hasty: ServicePair, service: str) -> None:
    url = hasty.url(service)
    with connected(url) as connection:
        assert connection.is_closed()
    with connected(url) as connection:
        connection.send(b"\r\n")
        assert connection.receive().status == 408


@both
def test_the_next_request_of_a_connection_has_its_own_time(hasty: ServicePair, service: str) -> None:
    with connected(hasty.url(service)) as connection:
        connection.send(LIVE)
        assert connection.receive().status == 200
        connection.send(LIVE[:20])
        assert connection.receive().status == 408


@both
def test_many_requests_in_one_packet_are_answered_in_order(hasty: ServicePair, service: str) -> None:
    with connected(hasty.url(service)) as connection:
        connection.send(LIVE * 5 + b"GET /v1/nowhere HTTP/1.1\r\n" + HOST + b"\r\n" + LIVE[:10])
        assert [connection.receive().status for _ in range(6)] == [200] * 5 + [404]


@both
def test_a_client_that_sends_requests_without_waiting_for_responses_is_disconnected(patient: ServicePair, service: str) -> None:
    with connected(patient.url(service)) as connection:
        connection.send(LIVE * MAX_PIPELINED)
        assert {connection.receive().status for _ in range(MAX_PIPELINED)} == {200}
    with connected(patient.url(service)) as connection:
        sent = send_until_closed(connection, LIVE * 1000, 1000 * len(LIVE) * 1000)
        assert sent < 1000 * len(LIVE) * 1000
    assert is_up(f"{patient.url(service)}/health/live")


@both
def test_slow_connections_make_room_for_new_ones_at_the_limit(tmp_path: Path, service: str) -> None:
    with ExitStack() as exits:
        url = start_services(tmp_path, exits, ConnectionLimits(LONG, 20)).url(service)
        slow = [exits.enter_context(connected(url)) for _ in range(200)]
        for each in slow[-20:]:
            each.send(b"GET / HTTP/1.1\r\nX: ")
        assert ask(url, LIVE).status == 200
        assert slow[0].is_closed()
        idle = exits.enter_context(connected(url))
        idle.send(LIVE)
        assert idle.receive().status == 200
        for _ in range(25):
            exits.enter_context(connected(url)).send(b"GET")
        assert idle.is_closed()


@both
def test_requests_in_progress_keep_their_connections_and_more_connections_are_503(tmp_path: Path, service: str) -> None:
    body = b"POST /v1/embeddings HTTP/1.1\r\n" + HOST + b"Content-Length: 2\r\n\r\n{"
    with ExitStack() as exits:
        url = start_services(tmp_path, exits, ConnectionLimits(LONG, 3)).url(service)
        busy = [exits.enter_context(connected(url)) for _ in range(3)]
        for each in busy:
            each.send(body)
        wait_until(lambda: not is_up(f"{url}/health/live"))
        with connected(url) as refused:
            response = refused.receive()
            assert (response.status, response.error["code"]) == (503, "unavailable")
            assert "TANDEM_MAX_CONNECTIONS" in response.error["message"]
            assert refused.is_closed()
        for each in busy:
            each.send(b"}")
            assert each.receive().status == 400
        wait_until(lambda: is_up(f"{url}/health/live"))


UPLOAD = (
    b"POST /v1/files HTTP/1.1\r\n" + HOST + b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 500000\r\n\r\n"
    b'--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nassistants\r\n'
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
)


@both
def test_a_stalled_upload_loses_its_connection_and_its_partial_file(hasty: ServicePair, service: str) -> None:
    with connected(hasty.url(service)) as connection:
        connection.send(UPLOAD + b"a" * 200_000)
        wait_until(lambda: list(hasty.files.glob("*.partial")))
        response = connection.receive()
        assert (response.status, response.error["code"], response.headers["connection"]) == (408, "request_timeout", "close")
        assert "TANDEM_BODY_SECONDS" in response.error["message"]
        assert connection.is_closed()
    wait_until(lambda: not list(hasty.files.iterdir()))


@both
def test_an_upload_whose_client_leaves_keeps_no_partial_file(patient: ServicePair, service: str) -> None:
    with connected(patient.url(service)) as connection:
        connection.send(UPLOAD + b"a" * 200_000)
        wait_until(lambda: list(patient.files.glob("*.partial")))
    wait_until(lambda: not list(patient.files.iterdir()))


@both
@pytest.mark.parametrize("path", [b"/v1/embeddings", b"/v1/vector_stores"])
def test_a_stalled_body_of_json_is_408(hasty: ServicePair, service: str, path: bytes) -> None:
    with connected(hasty.url(service)) as connection:
        connection.send(b"POST " + path + b" HTTP/1.1\r\n" + HOST + b"Content-Length: 100\r\n\r\n{")
        response = connection.receive()
        assert (response.status, response.error["code"]) == (408, "request_timeout")
        assert connection.is_closed()


@pytest.mark.parametrize("path", [b"/v1/chat/completions", b"/v1/completions", b"/v1/responses", b"/v1/comparisons"])
def test_a_stalled_body_of_the_front_door_is_408(hasty: ServicePair, path: bytes) -> None:
    with connected(hasty.front_door) as connection:
        connection.send(b"POST " + path + b" HTTP/1.1\r\n" + HOST + b"Content-Length: 100\r\n\r\n{")
        assert connection.receive().error["code"] == "request_timeout"


def test_a_body_that_drips_is_408_although_it_never_pauses_for_long(hasty: ServicePair) -> None:
    with connected(hasty.retrieval) as connection:
        connection.send(b"POST /v1/embeddings HTTP/1.1\r\n" + HOST + b"Content-Length: 100000\r\n\r\n")
        assert drip_until_answered(connection, b" ") == b"HTTP/1.1 408"


@both
def test_an_announced_length_over_the_limit_is_413_before_the_body_arrives(patient: ServicePair, service: str) -> None:
    url, head = patient.url(service), UPLOAD.replace(b"500000", b"600000000")
    with connected(url) as connection:
        connection.send(head + b"a" * 1000)
        response = connection.receive()
        assert (response.status, response.error["code"], response.error["param"]) == (413, "too_large", "file")
    with connected(url) as connection:
        connection.send(b"POST /v1/embeddings HTTP/1.1\r\n" + HOST + b"Content-Length: 600000000\r\n\r\n")
        assert connection.receive().error["code"] == "too_large"


@both
def test_a_client_that_waits_for_100_continue_sends_no_body_that_is_refused(locked: ServicePair, service: str) -> None:
    url = locked.url(service)
    head, _, form = UPLOAD.partition(b"\r\n\r\n")
    waiting = head.replace(b"500000", b"600000000") + b"\r\nExpect: 100-continue\r\n"
    assert ask(url, waiting + b"\r\n").status == 401
    assert ask(url, waiting + b"Authorization: Bearer red-key-1\r\n\r\n").status == 413
    with connected(url) as connection:
        connection.send(head + b"\r\nExpect: 100-continue\r\nAuthorization: Bearer red-key-1\r\n\r\n")
        assert connection.socket.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.send(form + b"a" * (499_993 - len(form)) + b"\r\n--b--")
        response = connection.receive()
        assert (response.status, response.headers["content-type"]) == (200, "application/json")


@pytest.mark.parametrize(
    ("path", "setting"),
    [
        ("/v1/chat/completions", "(GENERATION_MAX_BODY_BYTES)"),
        ("/v1/completions", "(GENERATION_MAX_BODY_BYTES)"),
        ("/v1/responses", ""),
        ("/v1/models/import", "(GENERATION_MAX_ADAPTER_BYTES)"),
    ],
)
def test_the_front_door_refuses_an_announced_length_over_its_limits_before_the_body(locked: ServicePair, path: str, setting: str) -> None:
    start = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer red-key-1\r\n"
    for expect in ("", "Expect: 100-continue\r\n"):
        response = ask(locked.front_door, f"{start}{expect}Content-Length: 999999999999\r\n\r\n".encode())
        assert (response.status, response.error["code"]) == (413, "too_large")
        assert setting in response.error["message"]


@both
def test_an_early_response_reaches_a_client_that_first_sends_its_whole_body(locked: ServicePair, service: str) -> None:
    url = locked.url(service)
    for close in (b"", b"Connection: close\r\n"):
        with connected(url) as connection:
            connection.send(b"POST /v1/files HTTP/1.1\r\n" + HOST + close + b"Content-Length: 20000000\r\n\r\n")
            assert send_until_closed(connection, b"a" * 1_000_000, 20_000_000) == 20_000_000
            assert connection.receive().status == 401
            if not close:
                connection.send(LIVE)
                assert connection.receive().status == 200
            else:
                assert connection.is_closed()


@both
@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"HELLO\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n",
        b"GET /\xe9 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nBad Header: x\r\n\r\n",
        b"POST /v1/files HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /v1/files HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST /v1/embeddings HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_not_http_is_400_in_the_envelope(patient: ServicePair, service: str, garbage: bytes) -> None:
    response = ask(patient.url(service), garbage)
    assert (response.status, response.error["type"]) == (400, "invalid_request_error")
    assert response.headers["connection"] == "close"


@both
@pytest.mark.parametrize("protocol", [b"h2c", b"websocket"])
def test_the_wish_for_another_protocol_is_ignored_and_the_body_is_read(patient: ServicePair, service: str, protocol: bytes) -> None:
    body = b'{"input": "a", "model": "words"}'
    upgrade = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: " + protocol + b"\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"
    head = b"POST /v1/embeddings HTTP/1.1\r\n" + HOST + upgrade + b"Content-Length: %d\r\n\r\n" % len(body)
    with connected(patient.url(service)) as connection:
        for pieces in ((head + body + LIVE,), (head, body, LIVE), (head + body[:5], body[5:] + LIVE[:9], LIVE[9:])):
            for piece in pieces:
                connection.send(piece)
            assert [connection.receive().status for _ in range(2)] == [200, 200]
