"""The front door, as training needs it: a file's content, and an answer of a model."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from shared.errors import Unavailable
from shared.http.connect import open_client, worker_headers
from shared.http.errors import raise_for_error, translate_errors

NAME = "The front door (TANDEM_API_URL)"
ANSWER_SECONDS = 120.0


class FrontDoor:
    """Calls for one project."""

    def __init__(self, client: httpx.Client, key: str | None, project: str) -> None:
        self._client = client
        self._headers = worker_headers(key, project)

    def fetch(self, file_id: str, target: Path) -> None:
        """Store a file's content at `target`, whole or not at all.

        Raises:
            NotFound: the project has no such file.
            Unavailable, DeadlineExceeded: it cannot be reached, or is too slow.
        """
        part = target.with_suffix(".part")
        with translate_errors(NAME), self._client.stream("GET", f"/v1/files/{file_id}/content", headers=self._headers) as response:
            if not response.is_success:
                response.read()
            raise_for_error(response, NAME)
            with part.open("wb") as file:
                for piece in response.iter_bytes():
                    file.write(piece)
        part.replace(target)

    def ask(self, model: str, messages: Sequence[dict[str, Any]], max_tokens: int) -> str:
        """Return the model's most likely answer, up to `max_tokens` tokens long.

        Raises:
            Unavailable, DeadlineExceeded: it cannot be reached, or is too slow.
            TandemError: the call was refused.
        """
        body = {"model": model, "messages": list(messages), "max_tokens": max_tokens, "temperature": 0}
        with translate_errors(NAME):
            response = self._client.post("/v1/chat/completions", json=body, headers=self._headers)
        raise_for_error(response, NAME)
        try:
            return str(response.json()["choices"][0]["message"]["content"])
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise Unavailable(f"{NAME} answered with something that is no chat completion.") from error


def open_front_door_client(url: str) -> httpx.Client:
    """Return the pooled client; connections are not kept longer than servers do."""
    return open_client(url, timeout_seconds=ANSWER_SECONDS, limits=httpx.Limits(keepalive_expiry=3))
