import pytest
from fastapi.testclient import TestClient

JSON = {"Content-Type": "application/json"}


def test_an_error_of_tandem_is_rendered_in_the_envelope(client: TestClient) -> None:
    response = client.get("/missing")
    assert response.status_code == 404
    expected = {"message": "There is no such file.", "type": "invalid_request_error", "param": "file_id", "code": "not_found"}
    assert response.json() == {"error": expected}


def test_a_full_queue_says_when_to_try_again(client: TestClient) -> None:
    response = client.get("/busy")
    assert (response.status_code, response.headers["retry-after"]) == (429, "7")


def test_a_wrong_field_of_a_body_is_400_with_both_bounds(client: TestClient) -> None:
    response = client.post("/sized", json={"size": 10})
    assert response.status_code == 400
    expected = {"message": "'size' must be between 1 and 9; got 10.", "param": "size", "code": "integer_above_max_value"}
    assert response.json()["error"] == {"type": "invalid_request_error", **expected}


def test_a_wrong_query_parameter_is_400_with_both_bounds(client: TestClient) -> None:
    response = client.get("/listed?limit=101")
    assert response.status_code == 400
    assert response.json()["error"]["message"] == "'limit' must be between 1 and 100; got 101."


def test_an_unknown_path_and_a_wrong_method_are_in_the_envelope(client: TestClient) -> None:
    response = client.get("/nowhere")
    assert (response.status_code, response.json()["error"]["message"]) == (404, "There is no such endpoint: GET /nowhere.")
    response = client.delete("/missing")
    assert (response.status_code, response.json()["error"]["message"]) == (
        405,
        "This endpoint does not allow this method: DELETE /missing.",
    )


def test_an_unexpected_error_is_500_and_reveals_nothing(client: TestClient) -> None:
    response = client.get("/bug")
    assert response.status_code == 500
    assert response.json()["error"]["type"] == "server_error"
    assert "secret" not in response.text


def test_a_body_that_is_not_json_is_400_and_says_where(client: TestClient) -> None:
    error = client.post("/sized", content=b'{"size": }', headers=JSON).json()["error"]
    assert (error["param"], error["code"]) == (None, "invalid_json")
    problem = "a value is missing or is not valid; strings need double quotes (line 1, column 10)"
    assert error["message"] == f"The body is not valid JSON: {problem}."


def test_a_body_without_a_content_type_is_read_as_json(client: TestClient) -> None:
    response = client.post("/sized", content=b'{"size": 1}')
    assert "content-type" not in response.request.headers
    assert response.json() == {"size": 1}
    assert client.post("/sized", content=b'{"size": }').json()["error"]["code"] == "invalid_json"


def test_a_body_with_another_content_type_is_400_and_names_the_right_one(client: TestClient) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    error = client.post("/sized", content=b'{"size": 1}', headers=form).json()["error"]
    assert error["code"] == "invalid_content_type"
    assert "'application/x-www-form-urlencoded'" in error["message"] and "'Content-Type: application/json'" in error["message"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"null", "The request body is required."),
        (b"", "The request body is required."),
        (b"[1]", "The request body must be an object; got a list."),
        (b"\xff", "The body is not valid JSON: it is not UTF-8."),
        (b"[" * 100_000, "The body is not valid JSON: it is nested more than 200 levels deep."),
    ],
)
def test_a_body_that_is_not_an_object_is_400(client: TestClient, content: bytes, message: str) -> None:
    response = client.post("/sized", content=content, headers=JSON)
    assert response.status_code == 400
    assert response.json()["error"]["message"] == message
