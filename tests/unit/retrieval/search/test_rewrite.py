"""A real HTTP server takes the place of the model."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.retrieval.search.rewrite import Rewriter
from shared.contracts.search import SearchRequest
from shared.errors import AuthenticationFailed, DeadlineExceeded, Unavailable
from tests.ports import free_port
from tests.retrieval_harness import RetrievalHarness
from tests.serving import serving


@dataclass
class ChatEndpoint:
    """Responds with `content` and `status`, and records bodies and credentials. While `hangs` is set, it never responds."""

    content: Any = "orange valve"
    status: int = 200
    hangs: bool = False
    bodies: list[dict[str, Any]] = field(default_factory=list)
    credentials: list[str | None] = field(default_factory=list)

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/v1/chat/completions", self._respond, methods=["POST"])])

    async def _respond(self, request: Request) -> Response:
        self.bodies.append(await request.json())
        self.credentials.append(request.headers.get("authorization"))
        while self.hangs:
            if (await request.receive())["type"] == "http.disconnect":
                return Response()
            await asyncio.sleep(0)
        message = {"role": "assistant", "content": self.content}
        return JSONResponse({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}, self.status)


@pytest.fixture(scope="module")
def endpoint() -> ChatEndpoint:
    return ChatEndpoint()


@pytest.fixture(scope="module")
def url(endpoint: ChatEndpoint) -> Iterator[str]:
    with serving(endpoint.app()) as url:
        yield f"{url}/v1"


@pytest.fixture
def rewriter(endpoint: ChatEndpoint, url: str) -> Iterator[Rewriter]:
    endpoint.__init__()  # type: ignore[misc]
    opened = Rewriter(url, "small", 5.0)
    yield opened
    opened.close()


def test_the_model_is_called_with_the_callers_credentials(endpoint: ChatEndpoint, rewriter: Rewriter) -> None:
    assert rewriter.rewrite(["Could you tell me about that valve?", "And the other?"], "Bearer mine") == ["orange valve"] * 2
    assert endpoint.credentials == ["Bearer mine"] * 2
    assert [body["messages"][1]["content"] for body in endpoint.bodies] == ["Could you tell me about that valve?", "And the other?"]
    assert endpoint.bodies[0]["model"] == "small"


def test_a_configured_key_replaces_the_callers_credentials(endpoint: ChatEndpoint, rewriter: Rewriter, url: str) -> None:
    own = Rewriter(url, "small", 5.0, "sk-own")
    own.rewrite(["a"], "Bearer mine")
    own.close()
    assert endpoint.credentials == ["Bearer sk-own"]


@pytest.mark.parametrize(
    ("content", "query"),
    [
        ('\n "orange valve" \nBecause you asked.', "orange valve"),
        ("Query: orange valve", "orange valve"),
        ("valve: orange", "valve: orange"),
        ("", "the question"),
        (" \n", "the question"),
        (None, "the question"),
        ("x" * 2000, "x" * 512),
    ],
)
def test_text_around_the_query_in_the_models_response_is_dropped(
    endpoint: ChatEndpoint, rewriter: Rewriter, content: Any, query: str
) -> None:
    endpoint.content = content
    assert rewriter.rewrite(["the question"], None) == [query]


def test_a_model_that_cannot_be_used_is_named(endpoint: ChatEndpoint, rewriter: Rewriter, url: str) -> None:
    for status, error, words in (
        (500, Unavailable, "returned status 500"),
        (404, Unavailable, "returned status 404"),
        (401, AuthenticationFailed, "rejects the credentials"),
    ):
        endpoint.status = status
        with pytest.raises(error, match=f"RETRIEVAL_REWRITE_URL.*{words}"):
            rewriter.rewrite(["a"], None)
    unreachable = Rewriter(f"http://127.0.0.1:{free_port()}/v1", "small", 5.0)
    with pytest.raises(Unavailable, match=r"RETRIEVAL_REWRITE_URL.*cannot be reached \(Connection refused\)\. Search"):
        unreachable.rewrite(["a"], None)
    unreachable.close()


def test_a_model_that_is_too_slow_ends_at_the_time_limit(endpoint: ChatEndpoint, rewriter: Rewriter, url: str) -> None:
    endpoint.hangs = True
    hasty = Rewriter(url, "small", 0.2)
    with pytest.raises(DeadlineExceeded, match="RETRIEVAL_REWRITE_SECONDS"):
        hasty.rewrite(["a", "b"], None)
    hasty.close()


def test_the_rewritten_query_is_searched_for(endpoint: ChatEndpoint, rewriter: Rewriter, tmp_path: Path) -> None:
    harness = RetrievalHarness(tmp_path)
    harness.searcher = replace(harness.searcher, rewriter=rewriter)
    for text in ("the valve is orange", "nothing of interest"):
        harness.attach(text)
        harness.worker().work_once()
    request = SearchRequest(query="Tell me something of interest", rewrite_query=True, search_mode="keyword")
    result = harness.searcher.search("default", ["vs_1"], request)
    assert result.queries == ["orange valve"]
    assert [hit.text for hit in result.hits] == ["the valve is orange"]
    harness.close()
