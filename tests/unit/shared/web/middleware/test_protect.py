import asyncio

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message

from shared.errors import InvalidRequest
from shared.web.middleware.protect import MAX_BODY_BYTES, LimitedBody
from tests.unit.shared.web.conftest import KEY, Build

PAGES = {"metrics": ("/metrics",), "docs": ("/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect")}


def test_the_key_is_checked_before_the_body(client: TestClient) -> None:
    response = client.post("/v1/sized", content=b"no json", headers={"Authorization": "Bearer wrong"})
    assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")
    assert response.headers["x-request-id"]


@pytest.mark.parametrize("address", ["/v1/files/a%00b", "/v1/files?after=%00", "/v2/rerank?a=%00", "/rerank%00"])
def test_an_address_with_a_nul_character_is_400(client: TestClient, address: str) -> None:
    response = client.get(address, headers=KEY)
    assert (response.status_code, "must not contain a NUL character" in response.text) == (400, True)


def test_a_body_over_the_limit_is_413_with_and_without_an_announced_length(client: TestClient) -> None:
    long = b" " * (MAX_BODY_BYTES + 1)
    for content in (long, iter([long[:100], long[100:]])):
        response = client.post("/v1/sized", content=content, headers=KEY)
        assert (response.status_code, response.json()["error"]["code"]) == (413, "too_large")
        assert response.json()["error"]["message"].startswith(f"The body must not be larger than {MAX_BODY_BYTES} bytes")


def test_a_route_that_limits_its_body_itself_receives_longer_bodies(client: TestClient) -> None:
    assert client.post("/v1/files", content=b" " * (MAX_BODY_BYTES + 1), headers=KEY).json() == MAX_BODY_BYTES + 1


@pytest.mark.parametrize("setting", PAGES)
def test_pages_for_operators_and_developers_follow_their_setting(build: Build, setting: str) -> None:
    statuses = {"open": (200, 200), "key": (401, 200), "off": (404, 404)}
    for value, (without_key, with_key) in statuses.items():
        client = build(settings={setting: value})
        for page in PAGES[setting]:
            assert client.get(page).status_code == without_key
            assert client.get(page, headers=KEY).status_code == with_key
            assert client.head(page).status_code == without_key
        assert client.get("/health/live").status_code == 200


def test_by_default_metrics_need_a_key_and_the_documentation_does_not(client: TestClient) -> None:
    assert client.get("/metrics").status_code == 401
    assert client.get("/docs").status_code == client.get("/openapi.json").status_code == 200


class Trickle:
    """Sends a body of single bytes, each after `pause` seconds of the loop's time."""

    def __init__(self, pauses: list[float]) -> None:
        self._pauses = pauses

    async def __call__(self) -> Message:
        await asyncio.sleep(self._pauses.pop(0))
        return {"type": "http.request", "body": b"x", "more_body": bool(self._pauses)}


async def read(body: LimitedBody) -> int:
    received = 0
    while True:
        message = await body()
        received += len(message["body"])
        if not message["more_body"]:
            return received


@pytest.mark.anyio
async def test_a_body_may_pause_but_not_for_longer_than_the_limit() -> None:
    assert await read(LimitedBody(Trickle([0.0] * 100), None, seconds=5)) == 100
    with pytest.raises(InvalidRequest, match="TANDEM_BODY_SECONDS") as caught:
        await read(LimitedBody(Trickle([0.0, 60]), None, seconds=0.05))
    assert (caught.value.status, caught.value.code) == (408, "request_timeout")


@pytest.mark.anyio
async def test_a_body_that_is_slow_on_the_whole_is_refused_although_no_pause_is_long() -> None:
    with pytest.raises(InvalidRequest, match="did not arrive in time"):
        await read(LimitedBody(Trickle([0.01] * 10_000), None, seconds=0.2))


@pytest.mark.anyio
async def test_waiting_for_the_client_to_leave_has_no_limit() -> None:
    left = asyncio.Event()

    async def receive() -> Message:
        if not left.is_set():
            left.set()
            return {"type": "http.request", "body": b"", "more_body": False}
        await asyncio.sleep(0.1)
        return {"type": "http.disconnect"}

    body = LimitedBody(receive, None, seconds=0.01)
    assert (await body())["type"] == "http.request"
    assert (await body())["type"] == "http.disconnect"
