"""Requests to a service at the same moment, each over a connection of its own that is open before."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

CALLERS = 8
Call = tuple[str, str] | tuple[str, str, Any]
"""Method, path, and the body if there is one."""


def send_at_once(url: str, calls: Sequence[Call]) -> list[httpx.Response]:
    """Send all requests at the same moment; return the responses in their order."""
    ready = threading.Barrier(len(calls))

    def send(call: Call) -> httpx.Response:
        method, path, *body = call
        with httpx.Client(base_url=url, timeout=60) as client:
            client.get("/health/live")
            ready.wait(30)
            return client.request(method, path, json=body[0] if body else None)

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(send, calls))
