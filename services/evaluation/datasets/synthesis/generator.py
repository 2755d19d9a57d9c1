"""The model that writes and checks questions: one that Tandem serves, or one behind an OpenAI-compatible URL that the operator allows.

A URL in a request makes the worker send the project's documents there, so only the operator may decide which ones are possible. The
keys are the operator's too: no request, job or log has one.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
from pydantic import SecretStr

from shared.contracts.datasets import Generator
from shared.errors import InvalidRequest, Unavailable
from shared.graders.outcome import ChatModels, Completion
from shared.http.connect import HTTPX, open_async_client
from shared.http.errors import raise_for_error, translate_errors


class ExternalReply:
    """A reply of another API. Tokens are 0 if it does not count them."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        usage = body.get("usage") or {}
        text = body["choices"][0]["message"].get("content") or ""
        self.text: str = text.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
        self.prompt_tokens = int(usage.get("prompt_tokens") or 0)
        self.completion_tokens = int(usage.get("completion_tokens") or 0)


class ExternalModels:
    """Another OpenAI-compatible API, over an open client. It raises the errors of `shared.http.errors`. Redirects are not followed."""

    def __init__(self, url: str, client: httpx.AsyncClient) -> None:
        self._client = client
        self._name = f"The generator at {url}"

    async def complete_chat(self, request: dict[str, Any]) -> Completion:
        """Return the reply to a chat completion request.

        Raises:
            Unavailable: also if the response is not a chat completion.
        """
        with translate_errors(self._name, HTTPX):
            response = await self._client.post("chat/completions", json=request)
        raise_for_error(response, self._name)
        try:
            return ExternalReply(response.json())
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise Unavailable(f"{self._name} returned something that is not a chat completion.") from error


@asynccontextmanager
async def open_generator(
    generator: Generator, own: ChatModels, allowed: Mapping[str, SecretStr], timeout_seconds: float
) -> AsyncIterator[ChatModels]:
    """Yield the API of the generator; `allowed` has the base URLs that may be used, with their keys.

    Raises:
        InvalidRequest: if the URL is not allowed.
    """
    if generator.url is None:
        yield own
        return
    url = generator.url.rstrip("/")
    key = {allowed_url.rstrip("/"): key for allowed_url, key in allowed.items()}.get(url)
    if key is None:
        problem = f"'generator.url' must be one of the URLs that the operator allows (EVALUATION_EXTERNAL_GENERATORS); got '{url}'."
        raise InvalidRequest(problem, param="generator.url", code="generator_not_allowed")
    headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key.get_secret_value() else {}
    async with open_async_client(f"{url}/", timeout_seconds=timeout_seconds, headers=headers, follow_redirects=False) as client:
        yield ExternalModels(url, client)
