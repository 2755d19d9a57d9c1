"""A route that refuses query parameters that it does not have, those that are sent twice, and integers that are not written as such.

FastAPI itself ignores the first two, and reads `1_0`, ` 5`, `+5` and `5.0` as integers.
"""

import re
from collections import Counter
from collections.abc import Callable, Coroutine
from types import NoneType
from typing import Any, get_args, get_origin

from fastapi import Request, Response
from fastapi.dependencies.utils import get_dependant, get_flat_dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from shared.errors import InvalidRequest
from shared.validation.codes import UNKNOWN_PARAMETER
from shared.validation.shorten import shorten
from shared.validation.translate import to_invalid_request

INTEGER = re.compile(r"-?[0-9]+")


class StrictRoute(APIRoute):
    """The class of every router whose routes are part of the API. The caller's key is checked first."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return FastAPI's handler. After the route's own dependencies, it checks the query."""
        names, models = _read_parameters(self)

        async def check(request: Request) -> None:
            for name, times in Counter(name for name, _ in request.query_params.multi_items()).items():
                if name not in names and not models:  # a model refuses unknown names itself
                    raise _unknown(shorten(name))
                if times > 1 and not _is_list(names.get(name.removesuffix("[]"))):
                    raise InvalidRequest(f"'{name}' must not be sent twice.", param=name)
            for name, text in request.query_params.items():
                if _is_integer(names.get(name)) and not INTEGER.fullmatch(text):
                    raise to_invalid_request([{"type": "int_parsing", "loc": ("query", name), "input": text}], None)

        self.dependant.dependencies.append(get_dependant(path=self.path_format, call=check))
        return super().get_route_handler()


def _unknown(name: str) -> InvalidRequest:
    return InvalidRequest(f"'{name}' is not a known parameter.", param=name, code=UNKNOWN_PARAMETER)


def _read_parameters(route: APIRoute) -> tuple[dict[str, Any], list[type[BaseModel]]]:
    """Return the types of the query parameters by name, and the models that have some of them."""
    types = {field.alias: field.field_info.annotation for field in get_flat_dependant(route.dependant).query_params}
    models = [each for each in types.values() if isinstance(each, type) and issubclass(each, BaseModel)]
    fields = {field.alias or name: field.annotation for model in models for name, field in model.model_fields.items()}
    return {**types, **fields}, models


def _is_list(kind: Any) -> bool:
    """Return whether a value of the type may be a list."""
    return get_origin(kind) is list or any(_is_list(each) for each in get_args(kind))


def _is_integer(kind: Any) -> bool:
    """Return whether a value of the type must be an integer, if it is sent."""
    return [each for each in get_args(kind) or (kind,) if each is not NoneType] == [int]
