"""A server that receives webhooks: it keeps every request and answers what a test tells it to."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from openai import OpenAI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.serving import serving, wait_until


@dataclass
class WebhookReceiver:
    """Answers with the `statuses` in turn, then with 204. While `held` is set, it answers nothing. `requests` are headers and bodies."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    held: threading.Event = field(default_factory=threading.Event)

    @property
    def ids(self) -> list[str]:
        """The `webhook-id` of every request."""
        return [headers["webhook-id"] for headers, _ in self.requests]

    def wait_for(self, count: int) -> None:
        """Return once that many requests have arrived."""
        wait_until(lambda: len(self.requests) >= count)

    def unwrap(self, position: int, secret: str) -> Any:
        """Return the event of a request, verified as the SDK does."""
        headers, body = self.requests[position]
        return OpenAI(api_key="none", webhook_secret=secret).webhooks.unwrap(body, headers)

    async def receive(self, request: Request) -> Response:
        """Keep the request and answer it."""
        self.requests.append((dict(request.headers), await request.body()))
        while self.held.is_set():
            await asyncio.sleep(0.01)
        status = self.statuses.pop(0) if self.statuses else 204
        return Response(status_code=status, headers={"Location": f"{self.url}/elsewhere"} if status // 100 == 3 else None)


@contextmanager
def receiving() -> Iterator[WebhookReceiver]:
    """Serve a receiver on loopback, under any path."""
    receiver = WebhookReceiver()
    app = Starlette(routes=[Route("/{path:path}", receiver.receive, methods=["POST", "GET"])])
    with serving(app) as url:
        receiver.url = url
        yield receiver
        receiver.held.clear()
