"""Which methods a path has."""

from fastapi import Request
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def routed_methods(scope: Scope) -> list[str]:
    """Return the methods of all routes that have the path of a request."""
    routes: list[BaseRoute] = scope["app"].router.routes
    return [method for method in METHODS if any(_is_routed({**scope, "method": method}, route) for route in routes)]


def allowed_methods(request: Request) -> str:
    """Return the value of the header `Allow` for the path of a request. HEAD works wherever GET does."""
    routed = routed_methods(request.scope)
    return ", ".join(method for method in METHODS if method in routed or (method == "HEAD" and "GET" in routed))


def _is_routed(scope: Scope, route: BaseRoute) -> bool:
    return route.matches(scope)[0] is Match.FULL
