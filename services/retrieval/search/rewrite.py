"""Rewrites questions into search queries, with a language model behind any OpenAI-compatible chat endpoint."""

import time
from collections.abc import Sequence
from typing import Protocol

import httpx

from shared.contracts.search import SearchRequest
from shared.errors import AuthenticationFailed, DeadlineExceeded, InvalidRequest, Unavailable
from shared.http.errors import describe_cause

INSTRUCTION = (
    "You turn what a user asks into a query for a document search. Answer with the query alone, on one line: the subject, names, numbers "
    "and technical words that a matching passage would contain, in the user's language, without greetings or explanations."
)
MAX_TOKENS = 64
MAX_CHARACTERS = 512
NAME = "The model that rewrites queries (RETRIEVAL_REWRITE_URL, RETRIEVAL_REWRITE_MODEL)"


class QueryRewriter(Protocol):
    """Turns questions into search queries."""

    def rewrite(self, queries: Sequence[str], authorization: str | None) -> list[str]:
        """Return a search query for each question."""

    def close(self) -> None:
        """Close its connections."""


def rewrite_queries(request: SearchRequest, rewriter: QueryRewriter | None, authorization: str | None) -> list[str]:
    """Return the queries to search for, rewritten if the request sets `rewrite_query`.

    Raises:
        InvalidRequest: if the request asks for rewriting and no model is configured.
    """
    if not request.rewrite_query:
        return request.queries
    if rewriter is None:
        problem = "No model that rewrites queries is configured. Set RETRIEVAL_REWRITE_URL and RETRIEVAL_REWRITE_MODEL"
        raise InvalidRequest(f"{problem}, or search without 'rewrite_query'.", param="rewrite_query")
    return rewriter.rewrite(request.queries, authorization)


class Rewriter:
    """The chat endpoint under `url` (which ends in `/v1`) and its `model`; all queries of one search share the time limit `seconds`.

    Requests carry `api_key`, or the caller's credentials if it is None.
    """

    def __init__(self, url: str, model: str, seconds: float, api_key: str | None = None) -> None:
        self._url = url.rstrip("/") + "/chat/completions"
        self._model = model
        self._seconds = seconds
        self._api_key = api_key
        self._client = httpx.Client()

    def rewrite(self, queries: Sequence[str], authorization: str | None) -> list[str]:
        """Return a search query for each. If the model's response is empty, the query is searched unchanged.

        Raises:
            DeadlineExceeded: if it took longer than the time limit.
            AuthenticationFailed, Unavailable: if the model cannot be used; the search can be repeated without `rewrite_query`.
        """
        deadline = time.monotonic() + self._seconds
        return [_clean(self._complete(query, authorization, deadline)) or query for query in queries]

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _complete(self, query: str, authorization: str | None, deadline: float) -> str:
        credentials = f"Bearer {self._api_key}" if self._api_key else authorization
        messages = [{"role": "system", "content": INSTRUCTION}, {"role": "user", "content": query}]
        body = {"model": self._model, "messages": messages, "max_tokens": MAX_TOKENS, "temperature": 0}
        headers = {"Authorization": credentials} if credentials else {}
        try:
            response = self._client.post(self._url, json=body, timeout=max(deadline - time.monotonic(), 0.001), headers=headers)
        except httpx.TimeoutException as error:
            raise DeadlineExceeded(f"{NAME} took longer than {self._seconds:g} s (RETRIEVAL_REWRITE_SECONDS).") from error
        except httpx.HTTPError as error:
            problem = f"{NAME} cannot be reached{describe_cause(error)}. Search without 'rewrite_query', or start the model."
            raise Unavailable(problem) from error
        return _content(response)


def _content(response: httpx.Response) -> str:
    if response.status_code in (401, 403):
        raise AuthenticationFailed(f"{NAME} rejects the credentials (RETRIEVAL_REWRITE_API_KEY, or the caller's if that is not set).")
    try:
        content = response.raise_for_status().json()["choices"][0]["message"]["content"]
    except (httpx.HTTPStatusError, ValueError, KeyError, IndexError, TypeError) as error:
        raise Unavailable(f"{NAME} returned status {response.status_code}: {response.text[:200]}") from error
    return content if isinstance(content, str) else ""


def _clean(content: str) -> str:
    """Return the first line of the model's response, without quotes and without a label in front."""
    lines = (line.strip() for line in content.splitlines())
    line = next((line for line in lines if line), "")
    label, colon, rest = line.partition(":")
    if colon and label.strip().lower() in ("query", "search query"):
        line = rest
    return line.strip(" \"'`*")[:MAX_CHARACTERS]
