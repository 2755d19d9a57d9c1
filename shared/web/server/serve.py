"""Serves an app over HTTP until SIGTERM or Ctrl-C."""

import asyncio
import gc
import resource
import socket
import sys
from functools import partial
from types import FrameType
from typing import cast

import uvicorn
from starlette.types import ASGIApp

from shared.shutdown import exit_after
from shared.web.server.connection import Connection
from shared.web.server.limits import ConnectionLimits

# Longer than clients keep idle connections (httpx: 5 s), so that the client closes first and never uses a closed connection.
KEEP_ALIVE_SECONDS = 75
SHUTDOWN_SECONDS = 4  # for requests that are being answered; then they are canceled
STOP_SECONDS = 8.0  # for everything, such as threads and connections that are being closed
# A client that does not read its response for this long is disconnected, so that it does not hold an engine or a file.
UNREAD_SECONDS = 60
OPEN_FILES = 65_536


class Server(uvicorn.Server):
    """A server that ends its process in `STOP_SECONDS` after SIGTERM or Ctrl-C, whatever hangs."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.should_exit:
            exit_after(STOP_SECONDS)
        super().handle_exit(sig, frame)


def serve(app: ASGIApp, host: str, port: int, prefix: str, limits: ConnectionLimits) -> None:
    """Serve `app`. `prefix` is the prefix of the settings, for the message if the address cannot be used (exit code 2)."""
    listener = _bind(host, port, prefix)
    _raise_file_limit()
    server = Server(configure(app, limits))
    _exempt_from_collection()
    server.run(sockets=[listener])
    if not server.started:
        sys.exit(3)


def _exempt_from_collection() -> None:
    """Exempt what was imported from garbage collection. Walking it takes long, and no request is answered meanwhile."""
    gc.collect()
    gc.freeze()


def configure(app: ASGIApp, limits: ConnectionLimits) -> uvicorn.Config:
    """Return the settings of uvicorn."""
    return uvicorn.Config(
        app,
        http=cast(type[asyncio.Protocol], partial(Connection, limits=limits)),
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        ws="none",
    )


def _raise_file_limit() -> None:
    """Allow many open files, if the system does. The usual 1,024 are fewer than the connections that a service may have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))


def _bind(host: str, port: int, prefix: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        sys.stderr.write(f"{prefix}HOST, {prefix}PORT: cannot listen on {host}:{port} ({error.strerror}).\n")
        sys.exit(2)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; accepted connections inherit it from the listening socket
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_SECONDS * 1000)
    return listener
