import httpx
import pytest
import structlog

from shared.http.connect import open_async_client, worker_headers


@pytest.mark.anyio
async def test_a_request_carries_the_id_of_the_current_request() -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text=str(request.headers.get("x-request-id")))

    async with open_async_client("http://service", transport=httpx.MockTransport(respond)) as client:
        assert (await client.get("/")).text == "None"
        with structlog.contextvars.bound_contextvars(request_id="req_1"):
            assert (await client.get("/")).text == "req_1"


def test_a_worker_sends_its_key_and_the_project_it_acts_for() -> None:
    assert worker_headers("secret", "alpha") == {"Authorization": "Bearer secret", "X-Tandem-Project": "alpha"}
    assert worker_headers(None, "alpha") == {"X-Tandem-Project": "alpha"}
