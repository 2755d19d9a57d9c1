import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from services.evaluation.datasets.synthesis.generator import open_generator
from shared.contracts.datasets import Generator
from shared.errors import AuthenticationFailed, InvalidRequest, Unavailable
from shared.graders.outcome import ChatModels
from tests.fake_corpus import FakeCorpus
from tests.serving import serving

Respond = Callable[[Request], Awaitable[Response]]
REQUEST: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "Who?"}]}


@contextmanager
def serve(respond: Respond) -> Iterator[str]:
    with serving(Starlette(routes=[Route("/v1/chat/completions", respond, methods=["POST"])])) as url:
        yield f"{url}/v1"


def ask(url: str | None, allowed: dict[str, str], own: ChatModels | None = None) -> Any:
    async def run() -> Any:
        keys = {name: SecretStr(key) for name, key in allowed.items()}
        async with open_generator(Generator(model="m", url=url), own or FakeCorpus(), keys, 10) as models:
            return await models.complete_chat(REQUEST) if url else models

    return asyncio.run(run())


async def complete(request: Request) -> Response:
    if request.headers.get("authorization") != "Bearer sk-1":
        return JSONResponse({"error": {"message": "The key is wrong."}}, 401)
    body = b'{"choices": [{"message": {"content": "Ada\\u0000 \\ud800"}}], "usage": {"prompt_tokens": 5, "completion_tokens": 2}}'
    return Response(body, media_type="application/json")


def test_without_a_url_the_generator_is_one_of_our_own_models() -> None:
    own = FakeCorpus()
    assert ask(None, {}, own) is own


def test_an_allowed_url_is_called_with_the_key_of_the_operator() -> None:
    with serve(complete) as url:
        reply = ask(f"{url}/", {url: "sk-1"})
        assert (reply.text, reply.prompt_tokens, reply.completion_tokens) == ("Ada\ufffd ?", 5, 2)
        with pytest.raises(AuthenticationFailed, match="The key is wrong"):
            ask(url, {url: ""})


@pytest.mark.parametrize(
    "allowed", [{}, {"http://127.0.0.1:1": "k"}, {"http://127.0.0.1:1/v1/deeper": "k"}, {"https://127.0.0.1:1/v1": "k"}]
)
def test_any_other_url_is_refused_before_a_call(allowed: dict[str, str]) -> None:
    with pytest.raises(InvalidRequest, match="EVALUATION_EXTERNAL_GENERATORS") as caught:
        ask("http://127.0.0.1:1/v1", allowed)
    assert (caught.value.param, caught.value.code) == ("generator.url", "generator_not_allowed")


def test_a_redirect_is_not_followed() -> None:
    async def redirect(_: Request) -> Response:
        return RedirectResponse("http://169.254.169.254/latest")

    with serve(redirect) as url, pytest.raises(InvalidRequest, match="returned status 307"):
        ask(url, {url: ""})


@pytest.mark.parametrize("body", [[], {"choices": []}, {"choices": [{"message": None}]}, "text"])
def test_a_response_that_is_not_a_completion_makes_the_generator_unavailable(body: Any) -> None:
    async def respond(_: Request) -> Response:
        return JSONResponse(body)

    with serve(respond) as url, pytest.raises(Unavailable, match=f"The generator at {url} returned something that is not"):
        ask(url, {url: ""})


def test_an_api_that_counts_no_tokens_is_accepted() -> None:
    async def respond(_: Request) -> Response:
        return JSONResponse({"choices": [{"message": {"content": None}}]})

    with serve(respond) as url:
        reply = ask(url, {url: ""})
    assert (reply.text, reply.prompt_tokens, reply.completion_tokens) == ("", 0, 0)
