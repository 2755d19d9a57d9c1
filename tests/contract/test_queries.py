"""Every route of both services refuses query parameters that it does not have, and those that are sent twice."""

import re
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from fastapi.routing import APIRoute

from services.generation.app import create_app
from services.generation.routes import passthrough
from services.generation.settings import GenerationSettings
from shared.settings import JobSettings
from tests.fake_engine import FakeEngine
from tests.retrieval_harness import RetrievalHarness
from tests.serving import serving
from tests.unit.retrieval.sdk import open_app

OPERATIONS = ("/health/", "/metrics")  # not a part of OpenAI's API: what calls them adds parameters of its own
FORWARDED = {route.path for route in passthrough.router.routes if isinstance(route, APIRoute)}
Route = tuple[str, str, str]


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Route]]:
    """The service's address, method and path of every route."""
    common = JobSettings(data=tmp_path_factory.mktemp("queries"), base_name="tiny", broker_url="memory://")
    harness = RetrievalHarness(tmp_path_factory.mktemp("queries-retrieval"))
    with ExitStack() as stack:
        stack.callback(harness.close)
        inner = open_app(harness)
        retrieval = stack.enter_context(serving(inner))
        engine = stack.enter_context(serving(FakeEngine().app()))
        outer = create_app(GenerationSettings(common=common, engine_url=engine, retrieval_url=retrieval))
        url = stack.enter_context(serving(outer))
        apps = ((url, outer), (retrieval, inner))
        found = [(address, each) for address, app in apps for each in app.routes if isinstance(each, APIRoute)]
        yield [
            (address, method, re.sub(r"\{.*?\}", "x", each.path))
            for address, each in found
            if not each.path.startswith(OPERATIONS) and not (address == url and each.path in FORWARDED)
            for method in each.methods
        ]


def refuse(route: Route, query: str) -> tuple[int, str, str, str]:
    address, method, path = route
    response = httpx.request(method, f"{address}{path}?{query}", timeout=60)
    error = response.json()["error"]
    return response.status_code, error["code"], error["param"], error["message"]


def test_an_unknown_parameter_is_refused_by_every_route(routes: list[Route]) -> None:
    assert len(routes) > 80
    expected = (400, "unknown_parameter", "foo", "'foo' is not a known parameter.")
    assert {route: refused for route in routes if (refused := refuse(route, "foo=1")) != expected} == {}


@pytest.mark.parametrize(
    ("path", "query", "param"),
    [
        ("/v1/fine_tuning/jobs", "limit=1&limit=2", "limit"),
        ("/v1/files", "limit=1&limit=1", "limit"),
        ("/v1/fine_tuning/jobs", "metadata[a]=b&metadata[a]=c", "metadata[a]"),
        ("/v1/responses/x", "stream=true&stream=false", "stream"),
        ("/v1/evals", "order_by=created_at&order_by=updated_at", "order_by"),
    ],
)
def test_a_parameter_that_is_sent_twice_is_refused(routes: list[Route], path: str, query: str, param: str) -> None:
    expected = (400, "invalid_value", param, f"'{param}' must not be sent twice.")
    assert refuse((routes[0][0], "GET", path), query) == expected


@pytest.mark.parametrize("name", ["include", "include[]"])
@pytest.mark.parametrize("path", ["/v1/responses/x", "/v1/responses/x/input_items"])
def test_the_error_about_an_unknown_value_of_a_list_names_the_known_ones(routes: list[Route], path: str, name: str) -> None:
    allowed = "'file_search_call.results', 'message.output_text.logprobs', 'reasoning.encrypted_content', 'trace'"
    if path.endswith("input_items"):
        allowed += ", 'message.input_image.image_url'"
    refused = refuse((routes[0][0], "GET", path), f"{name}=trace&{name}=zz")
    assert refused == (400, "invalid_value", "include[1]", f"'include[1]' must be one of {allowed}; got 'zz'.")


@pytest.mark.parametrize("name", ["include", "include[]"])
@pytest.mark.parametrize("path", ["/v1/responses/x", "/v1/responses/x/input_items"])
def test_a_list_may_be_sent_as_several_parameters(routes: list[Route], path: str, name: str) -> None:
    values = ("file_search_call.results", "message.output_text.logprobs")
    status, _, _, message = refuse((routes[0][0], "GET", path), "&".join(f"{name}={value}" for value in values))
    assert (status, "sent twice" in message) == (404, False)
