"""Ends a process soon after it was asked to stop, whatever is still running in it.

A process that is asked to stop lets its work reach a safe point. Work that never reaches one, such as a call into a library that hangs,
must not keep it running: Docker and Kubernetes would kill the process, and other workers would wait until the lease on its work expires.
"""

import os
import threading
from collections.abc import Callable

from shared.log import get_logger

PUT_BACK_SECONDS = 2.0

log = get_logger(__name__)


def exit_after(seconds: float, put_back: Callable[[], object] | None = None) -> None:
    """Return immediately. After `seconds`, call `put_back` and end the process with code 0, unless it has ended before.

    `put_back` returns unfinished work to the queue. If it hangs, the process ends `PUT_BACK_SECONDS` later.
    """

    def end() -> None:
        try:
            if put_back:
                put_back()
        except Exception as error:  # the process must end
            log.warning("unfinished work is continued only when its lease expires", problem=str(error))
        os._exit(0)

    _start_timer(seconds, end)
    if put_back:
        _start_timer(seconds + PUT_BACK_SECONDS, os._exit, 0)


def _start_timer(seconds: float, call: Callable[..., object], *arguments: object) -> None:
    timer = threading.Timer(seconds, call, arguments)
    timer.daemon = True
    timer.start()
