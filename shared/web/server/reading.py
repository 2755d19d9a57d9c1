"""Stops reading from a connection for two reasons: the app is behind, or what has been read is not yet parsed."""

import asyncio

from uvicorn.protocols.http.flow_control import FlowControl


class HeldReading(FlowControl):
    """uvicorn's flow control, whose reading can be held. While it is held, no more is read, even if the app is ready for more."""

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__(transport)
        self._is_held = False
        self._is_wanted = True

    def pause_reading(self) -> None:
        self._is_wanted = False
        super().pause_reading()

    def resume_reading(self) -> None:
        self._is_wanted = True
        if not self._is_held:
            super().resume_reading()

    def hold(self) -> None:
        """Stop reading until `release`."""
        self._is_held = True
        super().pause_reading()

    def release(self) -> None:
        """Read again, if the app is ready for more."""
        self._is_held = False
        if self._is_wanted:
            super().resume_reading()
