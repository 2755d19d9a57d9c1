"""What a client may do before its key is checked. The same for both services."""

from dataclasses import dataclass

MAX_HEADER_BYTES = 64 * 1024  # request line and headers together; nginx's default is half of that
# Requests that wait on one connection for the responses before them. A client that sends more without reading is disconnected.
MAX_PIPELINED = 100
# A body may come in pieces of one byte (`Transfer-Encoding: chunked`). After this many pieces, or one more portion of bytes, other
# connections have their turn. A body of known length has no such pieces, and is parsed at once.
PARSED_PIECES = 256
PARSED_BYTES = 16 * 1024
# After a response that came before the end of the body, the rest is read and thrown away for this long. Many clients read a response
# only after they have sent everything; if the connection closed at once, they would see only that (RFC 9112, 9.6).
LINGER_SECONDS = 10.0


@dataclass(frozen=True)
class ConnectionLimits:
    """`header_seconds` is how long the headers of a request may take; `connections`, how many are open at the same time."""

    header_seconds: float
    connections: int
