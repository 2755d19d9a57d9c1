"""Serves an app over HTTP until SIGTERM or Ctrl-C. Knows no service; the caller says how its settings are called."""

import socket
import sys

import uvicorn
from starlette.types import ASGIApp

# Longer than clients keep idle connections (httpx: 5 s), so that they let go first and never meet a closed one.
IDLE_SECONDS = 75
SHUTDOWN_SECONDS = 4
# A client that takes nothing of what is sent to it for so long is cut off: what works for it has better to do.
UNREAD_SECONDS = 60


def serve(app: ASGIApp, host: str, port: int, prefix: str) -> None:
    """Serve `app`. `prefix` is the settings', for the message where the address cannot be had (exit code 2)."""
    listening = _bind(host, port, prefix)
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        ws="none",
    )
    server = uvicorn.Server(config)
    server.run(sockets=[listening])
    if not server.started:
        sys.exit(3)


def _bind(host: str, port: int, prefix: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        sys.stderr.write(f"{prefix}HOST, {prefix}PORT: cannot listen on {host}:{port} ({error.strerror}).\n")
        sys.exit(2)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; connections take it over from the socket they are accepted at
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_SECONDS * 1000)
    return listening
