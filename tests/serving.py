"""Serves an app on loopback in a thread, and waits for conditions."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

import uvicorn
from starlette.types import ASGIApp

from shared.web.server.limits import ConnectionLimits
from shared.web.server.serve import configure

DEADLINE = 120.0  # seconds to wait for something that is certain to happen, even on a busy machine


@contextmanager
def serving(app: ASGIApp, port: int = 0, limits: ConnectionLimits | None = None) -> Iterator[str]:
    """Serve `app` on loopback in a thread; yield its URL; at the end, stop it and wait for it.

    With `limits`, it is served as the two services are.
    """
    listener = socket.create_server(("127.0.0.1", port))
    plain = uvicorn.Config(app, log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=2)
    config = configure(app, limits) if limits else plain
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        wait_until(lambda: server.started or not thread.is_alive())
        assert server.started, "the app did not start"
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(DEADLINE)
        listener.close()


def fetch(url: str) -> tuple[int, bytes]:
    """Return the status and the body of a GET. Raises OSError or HTTPException if there is no response.

    For conditions that are looked at again and again: `httpx.get` opens a new client each time, which takes 20 ms of processor time, and
    the process that the test waits for needs that processor.
    """
    address = urlsplit(url)
    with closing(HTTPConnection(address.netloc, timeout=DEADLINE)) as connection:
        connection.request("GET", f"{address.path}?{address.query}" if address.query else address.path)
        response = connection.getresponse()
        return response.status, response.read()


def is_up(url: str) -> bool:
    """Return whether a GET of `url` succeeds."""
    try:
        return fetch(url)[0] == 200
    except (OSError, HTTPException):
        return False


def wait_until(condition: Callable[..., object], seconds: float = DEADLINE) -> None:
    """Return once `condition()` is true; fail after `seconds`.

    It looks a hundred times a second at first and later twenty times: looking must not take the processor from what is waited for.
    """
    started = time.monotonic()
    while not condition():
        waited = time.monotonic() - started
        assert waited < seconds, "the condition was not met in time"
        time.sleep(min(0.01 + waited / 50, 0.05))
