import pytest
from fastapi.testclient import TestClient

from tests.unit.shared.web.conftest import KEY

SERVER_HEADERS = ("date", "x-request-id", "transfer-encoding")


@pytest.mark.parametrize(
    "path", ["/listed", "/listed?limit=101", "/missing", "/busy", "/health/live", "/health/ready", "/docs", "/metrics"]
)
def test_head_has_the_status_and_the_headers_of_get_and_no_body(client: TestClient, path: str) -> None:
    get, head = client.get(path, headers=KEY), client.head(path, headers=KEY)
    assert (head.status_code, head.content) == (get.status_code, b"")
    headers = [{name: value for name, value in response.headers.items() if name not in SERVER_HEADERS} for response in (get, head)]
    if path != "/metrics":  # its length changes with every request
        assert headers[1] == headers[0]
    assert int(head.headers["content-length"]) > 0


def test_head_ends_a_response_without_end(client: TestClient) -> None:
    response = client.head("/streamed")
    assert (response.status_code, response.headers["x-kind"], response.content) == (200, "stream", b"")


def test_head_is_counted_under_its_own_method_and_its_route(client: TestClient) -> None:
    client.head("/missing")
    assert 'http_requests_total{method="HEAD",route="/missing",status="404"} 1.0' in client.get("/metrics", headers=KEY).text


def test_head_of_a_path_without_get_is_405_and_of_no_path_404(client: TestClient) -> None:
    assert client.head("/v1/sized", headers=KEY).status_code == 405
    assert client.head("/nowhere").status_code == 404


def test_an_unexpected_error_during_head_is_500(client: TestClient) -> None:
    assert (client.head("/bug").status_code, client.head("/bug").content) == (500, b"")


def test_405_lists_every_method_of_the_path(client: TestClient) -> None:
    assert client.delete("/missing").headers["allow"] == "GET, HEAD"
    assert client.get("/v1/sized", headers=KEY).headers["allow"] == "POST"
    response = client.patch("/both")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, PUT, DELETE")
