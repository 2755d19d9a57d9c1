"""A route whose JSON body is read within the limits of `shared.validation.read_json`, and off the event loop if it is large.

FastAPI itself would parse and validate every body on the event loop, without a limit but its number of bytes.
"""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, cast

from fastapi import Request, Response
from pydantic import BaseModel
from starlette.types import Receive, Scope

from shared.validation.off_loop import run_off_loop
from shared.validation.read_json import read_storable_json
from shared.validation.translate import parse
from shared.web.strict_route import StrictRoute


class JsonRoute(StrictRoute):
    """A route that gets its body as the model of its parameter `body`. The class of every router with such routes."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return FastAPI's handler, with a request that reads its own body."""
        handle = super().get_route_handler()
        if self.body_field is None:
            return handle
        model = cast(type[BaseModel], self.body_field.field_info.annotation)

        async def read_and_handle(request: Request) -> Response:
            return await handle(ModelRequest(request.scope, request.receive, model))

        return read_and_handle


class ModelRequest(Request):
    """A request whose `json()` is a model. FastAPI accepts it without validating it again."""

    def __init__(self, scope: Scope, receive: Receive, model: type[BaseModel]) -> None:
        super().__init__(scope, receive)
        self._model = model

    async def json(self) -> BaseModel | None:
        """Return the body as a model; None if it is `null`.

        Raises:
            InvalidRequest: if it is not JSON or does not match the model. FastAPI makes this the cause of an HTTPException.
        """
        body = await self.body()
        return await run_off_loop(partial(_read_model, self._model, body), len(body))


def _read_model(model: type[BaseModel], body: bytes) -> BaseModel | None:
    value = read_storable_json(body)
    return None if value is None else parse(model, value)
