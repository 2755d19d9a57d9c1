"""Webhooks are posted to the very address that was checked, and to public addresses only."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from services.generation.jobs.webhooks import post
from services.generation.jobs.webhooks.post import PostFailed, Resolve, WebhookPoster
from services.generation.jobs.webhooks.sign import new_secret
from tests.ports import free_port
from tests.serving import DEADLINE
from tests.webhook_receiver import WebhookReceiver, receiving

pytestmark = pytest.mark.anyio
EVENT = {"object": "event", "id": "evt_1", "type": "fine_tuning.job.succeeded", "created_at": 1, "data": {"id": "ftjob-ä"}}


class FakeNames:
    """Resolves names to the `answers` in turn, the last of them for good."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append((host, port))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture(scope="module")
def server() -> Iterator[WebhookReceiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def receiver(server: WebhookReceiver) -> WebhookReceiver:
    server.requests.clear()
    return server


async def send(url: str, *, allows_private: bool = True, resolve: Resolve | None = None, secret: str = "whsec_YQ==") -> int:
    poster = WebhookPoster(allows_private, time.time, resolve)
    try:
        return await poster.post(url, [secret], "wh_1", EVENT)
    finally:
        await poster.close()


async def test_the_sdk_unwraps_what_was_posted(receiver: WebhookReceiver) -> None:
    secret = new_secret()
    assert await send(f"{receiver.url}/hooks?a=b", secret=secret) == 204
    assert receiver.unwrap(0, secret).model_dump() == EVENT
    assert receiver.requests[0][0]["content-type"] == "application/json"


async def test_the_name_is_resolved_once_and_the_server_hears_it(receiver: WebhookReceiver) -> None:
    names = FakeNames(["127.0.0.1"], ["192.0.2.1"])
    port = int(receiver.url.rpartition(":")[2])
    assert await send(f"http://hooks.example.com:{port}/", resolve=names) == 204
    assert names.asked == [("hooks.example.com", port)]
    assert receiver.requests[0][0]["host"] == f"hooks.example.com:{port}"


async def test_an_address_that_does_not_answer_is_followed_by_the_next(receiver: WebhookReceiver) -> None:
    port = receiver.url.rpartition(":")[2]
    assert await send(f"http://hooks.example.com:{port}/", resolve=FakeNames(["127.0.0.2", "127.0.0.1"])) == 204


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::ffff:169.254.169.254"]])
async def test_a_public_name_with_a_private_address_is_not_called(receiver: WebhookReceiver, addresses: list[str]) -> None:
    port = receiver.url.rpartition(":")[2]
    with pytest.raises(PostFailed, match=rf"^The host 'hooks.example.com' has the address {addresses[-1]}, which is not public\.$"):
        await send(f"http://hooks.example.com:{port}/", allows_private=False, resolve=FakeNames(addresses))
    assert receiver.requests == []


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "localhost"])
async def test_no_spelling_of_a_private_address_is_called(receiver: WebhookReceiver, host: str) -> None:
    port = receiver.url.rpartition(":")[2]
    with pytest.raises(PostFailed, match="which is not public"):
        await send(f"http://{host}:{port}/", allows_private=False)
    assert receiver.requests == []


async def test_a_redirect_is_not_followed(receiver: WebhookReceiver) -> None:
    receiver.statuses = [302, 307]
    assert [await send(receiver.url), await send(receiver.url)] == [302, 307]
    assert len(receiver.requests) == 2


async def test_a_host_that_does_not_exist_and_one_that_refuses_are_failures() -> None:
    async def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(PostFailed, match=r"^The host 'gone\.example' was not found\.$"):
        await send("https://gone.example/", resolve=unknown)
    with pytest.raises(PostFailed, match=r"^The connection failed \(Connection refused\)\.$"):
        await send(f"http://127.0.0.1:{free_port()}/")


async def test_a_server_that_never_answers_is_given_up(receiver: WebhookReceiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "TOTAL_SECONDS", 0.2)
    receiver.held.set()
    try:
        with pytest.raises(PostFailed, match="There was no response within"):
            await send(receiver.url)
    finally:
        receiver.held.clear()


async def test_with_https_the_certificate_must_be_that_of_the_name_and_not_of_the_address() -> None:
    hello = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def refuse() -> None:
            connection, _ = listener.accept()
            with connection:
                hello.extend(connection.recv(4096))

        thread = threading.Thread(target=refuse)
        thread.start()
        port = listener.getsockname()[1]
        with pytest.raises(PostFailed, match=r"^The connection failed( \((no TLS connection|Connection reset by peer)\))?\.$"):
            await send(f"https://hooks.example.com:{port}/", resolve=FakeNames(["127.0.0.1"]))
        thread.join(DEADLINE)
    assert b"hooks.example.com" in hello  # the server name of the handshake, which the certificate is checked against


async def test_ipv6_addresses_are_called_in_brackets() -> None:
    heard: list[bytes] = []
    try:
        listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("no IPv6 loopback")
    with listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                heard.append(connection.recv(65536))
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

        port = listener.getsockname()[1]
        thread = threading.Thread(target=answer)
        thread.start()
        assert await send(f"http://[::1]:{port}/") == 200
        thread.join(DEADLINE)
    assert f"host: [::1]:{port}\r\n".encode() in heard[0].lower()


async def test_a_huge_body_is_not_read() -> None:
    sent = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                try:
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n" + bytes(2**26))
                except OSError:
                    sent.set()  # the poster has closed the connection

        thread = threading.Thread(target=answer)
        thread.start()
        assert await send(f"http://127.0.0.1:{listener.getsockname()[1]}/") == 200
        thread.join(DEADLINE)
    assert sent.is_set()
