import socket
import ssl

import httpx
import pytest

from shared.errors import DeadlineExceeded, InvalidRequest, NotFound, TandemError, Unavailable, Unreachable
from shared.http.connect import HTTPX
from shared.http.errors import LibraryErrors, raise_for_error, translate_errors

SERVICE = "The retrieval service"


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (httpx.ConnectError("All connection attempts failed"), Unreachable, "The retrieval service cannot be reached."),
        (httpx.ConnectTimeout(""), Unreachable, "The retrieval service cannot be reached (no connection in time)."),
        (httpx.ReadTimeout("slow"), DeadlineExceeded, "The retrieval service did not respond in time."),
        (httpx.RemoteProtocolError("gone"), Unavailable, "The retrieval service closed the connection before its response was complete."),
        (httpx.DecodingError("zlib"), Unavailable, "The retrieval service sent a response that is not valid HTTP."),
        (
            httpx.UnsupportedProtocol("Request URL has an unsupported protocol 'htp://'."),
            Unreachable,
            "The retrieval service cannot be reached: its URL must begin with http:// or https:// and name a host.",
        ),
    ],
)
def test_an_error_of_httpx_becomes_one_of_tandem(error: Exception, kind: type[TandemError], message: str) -> None:
    with pytest.raises(TandemError) as caught, translate_errors(SERVICE, HTTPX):
        raise error
    assert (type(caught.value), caught.value.message) == (kind, message)


def test_errors_of_another_library_are_translated_by_its_kinds() -> None:
    library = LibraryErrors(unconnected=(ConnectionRefusedError,), late=(TimeoutError,), broken=(OSError,))
    for error, kind in ((ConnectionRefusedError(), Unreachable), (TimeoutError(), DeadlineExceeded), (OSError(), Unavailable)):
        with pytest.raises(TandemError) as caught, translate_errors(SERVICE, library):
            raise error
        assert type(caught.value) is kind


def test_an_error_of_the_system_has_the_words_of_the_system() -> None:
    library = LibraryErrors(unconnected=(OSError,), late=(), broken=())
    refused = r"^The retrieval service cannot be reached \(Connection refused\)\.$"
    with pytest.raises(Unreachable, match=refused), translate_errors(SERVICE, library):
        raise OSError(111, "Cannot connect to host 127.0.0.1:1 ssl:default")


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (ConnectionResetError(104, "any"), " (Connection reset by peer)"),
        (socket.gaierror(-2, "Name or service not known"), " (Name or service not known)"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)"), " (no TLS connection)"),
        (ValueError("any"), ""),
    ],
)
def test_the_words_of_the_system_are_found_in_the_cause(cause: Exception, words: str) -> None:
    with pytest.raises(TandemError) as caught, translate_errors(SERVICE, HTTPX):
        raise httpx.ConnectError("All connection attempts failed") from cause
    assert caught.value.message == f"The retrieval service cannot be reached{words}."


def test_an_envelope_is_raised_as_the_error_it_describes() -> None:
    response = httpx.Response(404, json=NotFound("There is no such store.", param="vector_store_id").envelope())
    with pytest.raises(NotFound, match="There is no such store") as caught:
        raise_for_error(response, SERVICE)
    assert (caught.value.param, caught.value.code) == ("vector_store_id", "not_found")


@pytest.mark.parametrize(("status", "kind"), [(500, Unavailable), (502, Unavailable), (418, InvalidRequest)])
def test_a_response_without_an_envelope_is_raised_by_its_status(status: int, kind: type[TandemError]) -> None:
    with pytest.raises(kind, match=f"The retrieval service returned status {status}"):
        raise_for_error(httpx.Response(status, text="oops"), SERVICE)


def test_a_success_raises_nothing() -> None:
    raise_for_error(httpx.Response(204), SERVICE)
