from shared.errors import Unavailable
from tests.unit.shared.web.conftest import KEY, Build


def test_readiness_names_what_is_missing_and_adds_the_details(build: Build) -> None:
    def fail() -> None:
        raise Unavailable("The engine cannot be reached.")

    engines = {"m": {"http://engine": "up"}}
    client = build({"engine": fail, "database": lambda: None}, readiness_details=lambda: {"engines": engines})
    response = client.get("/health/ready", headers=KEY)
    assert response.status_code == 503
    missing = {"engine": "The engine cannot be reached."}
    assert response.json() == {"status": "not_ready", "missing": missing, "engines": engines}
    assert client.get("/health/live").status_code == 200


def test_readiness_is_200_if_nothing_is_missing(build: Build) -> None:
    response = build({"database": lambda: None}).get("/health/ready")
    assert (response.status_code, response.json()) == (200, {"status": "ready", "missing": {}})


def test_without_a_key_readiness_names_what_is_missing_but_tells_no_reasons_and_no_details(build: Build) -> None:
    def fail() -> None:
        raise Unavailable("The engine at http://10.0.0.7:8002 cannot be reached.")

    client = build({"engine": fail}, readiness_details=lambda: {"engines": {"m": {"http://10.0.0.7:8002": "up"}}})
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        response = client.get("/health/ready", headers=headers)
        assert (response.status_code, list(response.json()["missing"])) == (503, ["engine"])
        assert "10.0.0.7" not in response.text
        assert "engines" not in response.json()
