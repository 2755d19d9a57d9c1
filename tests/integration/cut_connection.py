"""A TCP server in front of a Unix socket whose connections can be lost, as when packets are dropped: nobody is told."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

BLOCK_BYTES = 65_536


class Wire:
    """Passes bytes between TCP connections to `port` and the Unix socket `target`, until it loses them."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._is_lossy = threading.Event()
        self.port = int(self._listener.getsockname()[1])

    def serve(self) -> None:
        """Accept connections until `close`."""
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(str(self._target))
                self._open += [near, far]
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def lose(self) -> None:
        """Drop all bytes from now on, also those of new connections."""
        self._is_lossy.set()

    def restore(self) -> None:
        """Pass on the bytes of new connections; reset those that lost some."""
        self._is_lossy.clear()
        self._close_all()

    def close(self) -> None:
        """Stop."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._close_all()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while block := source.recv(BLOCK_BYTES):
                if not self._is_lossy.is_set():
                    sink.sendall(block)
            sink.shutdown(socket.SHUT_WR)

    def _close_all(self) -> None:
        while self._open:
            each = self._open.pop()
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


@contextmanager
def open_wire(target: Path) -> Iterator[Wire]:
    """Open a wire to the Unix socket `target`."""
    wire = Wire(target)
    thread = threading.Thread(target=wire.serve, daemon=True)
    thread.start()
    try:
        yield wire
    finally:
        wire.close()
        thread.join(60)
