"""The process of the embedded index. It is separate from the service because Edge holds Python's interpreter lock while it works.

python -m services.retrieval.index.edge_server SOCKET FOLDER

`edge_client.py` starts it and sends calls over the socket that it inherits; it ends when the other end is closed. Writes are done one at
a time by one thread. A read is done by the thread that received it, while another one waits for the next call: handing it over would cost
a search as much as waking a thread does. Knows nothing of what is stored.
"""

import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from services.retrieval.index.edge import EdgeIndex
from shared.errors import Unavailable
from shared.workers.child_calls import Call, CallConnection, run_child

READERS = 3  # one of them waits for calls
# The process of a service that was killed needs a moment to end.
LOCK_SECONDS = 5.0
RETRY_SECONDS = 0.05
WRITES = ("ensure_space", "upsert", "delete", "set_attributes", "optimize", "close")


class Server:
    """Responds to calls: the name of a method of `EdgeIndex`, and its arguments. The first call opens the index."""

    def __init__(self, connection: CallConnection, folder: Path) -> None:
        self._connection = connection
        self._folder = folder
        self._writer = ThreadPoolExecutor(1, "write")
        self._receiving = threading.Lock()
        self._opening = threading.Lock()
        self._index: EdgeIndex | None = None

    def run(self) -> None:
        """Serve until the service closes its end."""
        for _ in range(READERS - 1):
            threading.Thread(target=self._serve, name="read", daemon=True).start()
        self._serve()

    def _serve(self) -> None:
        while (call := self._receive()) is not None:
            if call.action[0] in WRITES:
                self._writer.submit(self._respond, call)
            else:
                self._respond(call)

    def _receive(self) -> Call | None:
        with self._receiving:
            return self._connection.receive()

    def _respond(self, call: Call) -> None:
        name, *arguments = call.action
        self._connection.respond(call.id, lambda: getattr(self._open(), name)(*arguments))

    def _open(self) -> EdgeIndex:
        with self._opening:
            if self._index is None:
                self._index = _retry(partial(EdgeIndex, self._folder))
            return self._index


def _retry(open_index: Callable[[], EdgeIndex]) -> Any:
    """Open the index, as soon as no other process uses it. Raises Unavailable if one still does after `LOCK_SECONDS`."""
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            return open_index()
        except Unavailable:
            if time.monotonic() > deadline:
                raise
            time.sleep(RETRY_SECONDS)


def main() -> None:
    """Serve until the service closes its end."""
    run_child(Server(CallConnection(int(sys.argv[1])), Path(sys.argv[2])).run)


if __name__ == "__main__":
    main()
