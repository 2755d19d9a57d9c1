"""A child process for tests: it returns what it is sent, fails at what names an error, and ends at `exit`."""

import os
import sys
import threading
from typing import Any

from shared.errors import Conflict, TandemError
from shared.workers.child_calls import CallConnection, run_child


class Panic(BaseException):
    """As libraries in Rust raise it."""


class Stranger(TandemError):
    """An error that can be sent, but not received: it has other arguments than the one that it keeps."""

    def __init__(self, _number: int) -> None:
        super().__init__("one", param="two")

    def __reduce__(self) -> tuple[type["Stranger"], tuple[()]]:
        return Stranger, ()


def work(action: Any) -> Any:
    if action == "exit":
        os._exit(3)
    if action == "conflict":
        raise Conflict("It is taken.", param="name")
    if action == "bug":
        raise ZeroDivisionError("a bug")
    if action == "panic":
        raise Panic("a bug in another language")
    if action == "stranger":
        raise Stranger(7)
    if action == "hang":
        threading.Event().wait()
    return [action, *sys.argv[2:]]


def serve() -> None:
    connection = CallConnection(int(sys.argv[1]))
    while (call := connection.receive()) is not None:
        threading.Thread(target=connection.respond, args=(call.id, lambda call=call: work(call.action)), daemon=True).start()


if __name__ == "__main__":
    run_child(serve)
