"""Middleware that answers HEAD wherever GET works: with the same headers, and without a body."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.web.methods import routed_methods

ROUTED = ("route", "endpoint", "path_params")


class HeadersSent(Exception):
    """Ends the route once the headers were sent, because a HEAD response has no body."""


class AnswerHead:
    """Lets the route for GET answer HEAD, unless there is a route for HEAD."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD" or "HEAD" in routed_methods(scope):
            await self._app(scope, receive, send)
            return
        get = {**scope, "method": "GET"}  # the server's own scope must still say HEAD, so that it expects no body
        try:
            await self._app(get, receive, _without_body(send))
        except HeadersSent:
            pass
        finally:
            scope.update({key: get[key] for key in ROUTED if key in get})  # for the log and the metrics


def _without_body(send: Send) -> Send:
    async def send_headers(message: Message) -> None:
        if message["type"] != "http.response.body":
            await send(message)
            return
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        raise HeadersSent

    return send_headers
