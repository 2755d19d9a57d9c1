import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from shared.validation.off_loop import INLINE_BYTES
from shared.validation.read_json import read_storable_json
from shared.web import json_route

SECONDS = 30  # for what is certain to happen
PADDING = " " * INLINE_BYTES


def test_liveness_is_answered_while_a_large_body_is_read(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, may_end = threading.Event(), threading.Event()

    def read_slowly(body: bytes) -> Any:
        reading.set()
        assert may_end.wait(SECONDS)
        return read_storable_json(body)

    monkeypatch.setattr(json_route, "read_storable_json", read_slowly)
    with client, ThreadPoolExecutor(1) as threads:
        large = threads.submit(client.post, "/sized", content='{"size": 3}' + PADDING)
        assert reading.wait(SECONDS)
        answered = [client.get("/health/live").status_code for _ in range(20)]
        assert not large.done()
        may_end.set()
        assert (answered, large.result().json()) == ([200] * 20, {"size": 3})


@pytest.mark.parametrize("padding", ["", PADDING])
def test_a_body_is_read_and_refused_alike_at_once_and_in_a_thread(client: TestClient, padding: str) -> None:
    assert client.post("/sized", content='{"size": 3}' + padding).json() == {"size": 3}
    for body, param, code in (({"size": 10}, "size", "integer_above_max_value"), ({}, "size", "missing_required_parameter")):
        error = client.post("/sized", content=json.dumps(body) + padding).json()["error"]
        assert (error["param"], error["code"]) == (param, code)
    assert client.post("/sized", content='{"size": 3' + padding).json()["error"]["code"] == "invalid_json"
    assert client.post("/sized", content="null" + padding).json()["error"]["message"] == "The request body is required."
