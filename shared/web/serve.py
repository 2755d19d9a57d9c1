"""Serves an app over HTTP until SIGTERM or Ctrl-C."""

import socket
import sys

import uvicorn
from starlette.types import ASGIApp

# Longer than clients keep idle connections (httpx: 5 s), so that the client closes first and never uses a closed connection.
KEEP_ALIVE_SECONDS = 75
SHUTDOWN_SECONDS = 4
# A client that does not read its response for this long is disconnected, so that it does not hold an engine or a file.
UNREAD_SECONDS = 60


def serve(app: ASGIApp, host: str, port: int, prefix: str) -> None:
    """Serve `app`. `prefix` is the prefix of the settings, for the message if the address cannot be used (exit code 2)."""
    listener = _bind(host, port, prefix)
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        ws="none",
    )
    server = uvicorn.Server(config)
    server.run(sockets=[listener])
    if not server.started:
        sys.exit(3)


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
