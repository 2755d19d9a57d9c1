"""Questions become search queries, by a language model behind any OpenAI-compatible chat endpoint."""

import time
from collections.abc import Sequence

import httpx

from shared.errors import AuthenticationFailed, DeadlineExceeded, Unavailable

INSTRUCTION = (
    "You turn what a user asks into a query for a document search. Answer with the query alone, on one line: the subject, names, numbers "
    "and technical words that a matching passage would contain, in the user's language, without greetings or explanations."
)
MAX_TOKENS = 64
MAX_CHARACTERS = 512
NAME = "The model that rewrites queries (RETRIEVAL_REWRITE_URL, RETRIEVAL_REWRITE_MODEL)"


class Rewriter:
    """The chat endpoint under `url` (which ends in `/v1`) and its `model`; all queries of a search share the time limit `seconds`.

    It is spoken to with `api_key`, or as the caller where there is none.
    """

    def __init__(self, url: str, model: str, seconds: float, api_key: str | None = None) -> None:
        self._url = url.rstrip("/") + "/chat/completions"
        self._model = model
        self._seconds = seconds
        self._api_key = api_key
        self._client = httpx.Client()

    def rewrite(self, queries: Sequence[str], authorization: str | None) -> list[str]:
        """Return a search query for each; where the model has nothing to say, the query as it was.

        Raises:
            DeadlineExceeded: it took longer than the time limit.
            AuthenticationFailed, Unavailable: it cannot be used; the search can be repeated without `rewrite_query`.
        """
        deadline = time.monotonic() + self._seconds
        return [_clean(self._ask(query, authorization, deadline)) or query for query in queries]

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _ask(self, query: str, authorization: str | None, deadline: float) -> str:
        credentials = f"Bearer {self._api_key}" if self._api_key else authorization
        messages = [{"role": "system", "content": INSTRUCTION}, {"role": "user", "content": query}]
        body = {"model": self._model, "messages": messages, "max_tokens": MAX_TOKENS, "temperature": 0}
        try:
            left = max(deadline - time.monotonic(), 0.001)
            answer = self._client.post(self._url, json=body, timeout=left, headers={"Authorization": credentials} if credentials else {})
        except httpx.TimeoutException as error:
            raise DeadlineExceeded(f"{NAME} took longer than {self._seconds:g} s (RETRIEVAL_REWRITE_SECONDS).") from error
        except httpx.HTTPError as error:
            raise Unavailable(f"{NAME} cannot be reached: {error}. Search without `rewrite_query`, or start it.") from error
        return _said(answer)


def _said(answer: httpx.Response) -> str:
    if answer.status_code in (401, 403):
        raise AuthenticationFailed(f"{NAME} refuses the credentials (RETRIEVAL_REWRITE_API_KEY, or else the caller's).")
    try:
        said = answer.raise_for_status().json()["choices"][0]["message"]["content"]
    except (httpx.HTTPStatusError, ValueError, KeyError, IndexError, TypeError) as error:
        raise Unavailable(f"{NAME} answered {answer.status_code}: {answer.text[:200]}") from error
    return said if isinstance(said, str) else ""


def _clean(said: str) -> str:
    """Return the first line of what the model said, without quotes and a label in front."""
    lines = (line.strip() for line in said.splitlines())
    line = next((line for line in lines if line), "")
    label, colon, rest = line.partition(":")
    if colon and label.strip().lower() in ("query", "search query"):
        line = rest
    return line.strip(" \"'`*")[:MAX_CHARACTERS]
