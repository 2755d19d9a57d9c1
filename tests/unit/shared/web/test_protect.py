import pytest
from fastapi.testclient import TestClient

from shared.web.protect import MAX_BODY_BYTES

KEY = {"Authorization": "Bearer good"}


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
