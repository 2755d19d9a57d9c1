"""The sign by which each process of the stack shows that it is ready."""

import socket
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

from deploy.local.environment import LOCAL_ONLY, derive_addresses
from deploy.local.settings import Settings

PROBE_SECONDS = 2.0
WORKER_LINE = b"worker ready"


@dataclass(frozen=True)
class Sign:
    """A sign of readiness: a probe that succeeds, or else a line in the output. `place` is the address of the process."""

    place: str = ""
    probe: Callable[[], bool] | None = None
    line: bytes = b""


def signs(settings: Settings) -> dict[str, Sign]:
    """Return the sign of each process."""
    addresses = derive_addresses(settings)
    broker = settings.stack.broker_port
    return {
        "broker": Sign(addresses["TANDEM_BROKER_URL"], lambda: answers_ping(broker)),
        "engine": _http(addresses["GENERATION_ENGINE_URL"], "/health"),
        "retrieval": _http(addresses["GENERATION_RETRIEVAL_URL"], "/health/live"),
        "generation": _http(addresses["TANDEM_API_URL"], "/health/live"),
        "training": Sign(line=WORKER_LINE),
        "evaluation": Sign(line=WORKER_LINE),
    }


def answers_ping(port: int) -> bool:
    """Return whether a Redis or Valkey server answers on this port."""
    try:
        with socket.create_connection((LOCAL_ONLY, port), timeout=PROBE_SECONDS) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def answers_http(url: str) -> bool:
    """Return whether a GET of `url` succeeds. Ignores proxies: the address is on this machine."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=PROBE_SECONDS):
            return True
    except (OSError, urllib.error.URLError, ValueError):
        return False


def _http(url: str, path: str) -> Sign:
    return Sign(url, lambda: answers_http(url + path))
