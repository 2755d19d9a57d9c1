from fastapi.testclient import TestClient

from tests.unit.shared.web.conftest import KEY


def test_the_request_id_of_the_caller_is_bound_and_returned(client: TestClient) -> None:
    response = client.get("/bound", headers={"X-Request-ID": "req_mine"})
    assert response.headers["x-request-id"] == "req_mine"
    assert response.json() == "req_mine"


def test_a_request_id_that_does_not_fit_a_log_line_is_replaced(client: TestClient) -> None:
    response = client.get("/bound", headers={"X-Request-ID": 'a"b c'})
    assert response.headers["x-request-id"].startswith("req_")


def test_an_unexpected_error_keeps_its_request_id_and_is_counted_as_500(client: TestClient) -> None:
    assert client.get("/bug", headers={"X-Request-ID": "req_mine"}).headers["x-request-id"] == "req_mine"
    assert 'http_requests_total{method="GET",route="/bug",status="500"} 1.0' in client.get("/metrics", headers=KEY).text


def test_metrics_count_requests_by_route(client: TestClient) -> None:
    client.get("/missing")
    assert 'http_requests_total{method="GET",route="/missing",status="404"} 1.0' in client.get("/metrics", headers=KEY).text
