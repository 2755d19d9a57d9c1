"""Socket options with which a connection notices within half a minute that the other host is gone, as it may be without a word.

Without them, a call waits until its timeout for the response of a container, a pod or a machine that no longer exists. Knows no library.
"""

import socket

IDLE_SECONDS = 10
INTERVAL_SECONDS = 5
PROBES = 3
UNACKNOWLEDGED_MILLISECONDS = 30_000  # for what was sent; there are no probes before it is acknowledged
# Not every system has these.
NAMES = {
    "TCP_KEEPIDLE": IDLE_SECONDS,
    "TCP_KEEPINTVL": INTERVAL_SECONDS,
    "TCP_KEEPCNT": PROBES,
    "TCP_USER_TIMEOUT": UNACKNOWLEDGED_MILLISECONDS,
}
KEEPALIVE = [
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    *((socket.IPPROTO_TCP, getattr(socket, name), value) for name, value in NAMES.items() if hasattr(socket, name)),
]


def keep_alive(opened: socket.socket) -> socket.socket:
    """Set the options, and return the socket."""
    for option in KEEPALIVE:
        opened.setsockopt(*option)
    return opened
