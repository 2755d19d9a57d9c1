"""Ports for servers that a test starts, without a race: a port that was returned here is never returned again."""

import atexit
import socket

_reserved: list[socket.socket] = []


def free_port() -> int:
    """Return a loopback port that nothing listens on, and reserve it until this process ends.

    The port stays bound here without listening. Linux then gives it to nobody who asks for any free port, refuses connections to
    it, and still lets a server bind it by number, because both sockets set SO_REUSEADDR (socket(7)).
    """
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.bind(("127.0.0.1", 0))
    _reserved.append(reserved)
    atexit.register(reserved.close)
    return int(reserved.getsockname()[1])
