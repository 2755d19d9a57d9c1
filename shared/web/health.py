"""Routes for operators: liveness, readiness and metrics."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from shared.contracts.health import Live, Ready
from shared.errors import AuthenticationFailed, TandemError
from shared.web.auth import current_caller

Check: TypeAlias = Callable[[], None]
HIDDEN_REASON = "It is not available. Send an API key to see why."


def operations_router(registry: CollectorRegistry, checks: Mapping[str, Check], details: Callable[[], dict[str, Any]]) -> APIRouter:
    """Return the router of `/health/live`, `/health/ready` and `/metrics`."""
    router = APIRouter(tags=["operations"])

    @router.get("/health/live")
    async def live() -> Live:
        """Return 200 as long as the process responds, even if all its threads are busy."""
        return Live()

    @router.get("/health/ready", responses={503: {"model": Ready}}, response_model_exclude_none=True)
    def ready(request: Request, response: Response) -> Ready:
        """Return 200 if everything that the service needs is available, otherwise 503 with what is missing.

        With an API key, the response also says why, and has the addresses of the engines.
        """
        missing = {name: problem for name, check in checks.items() if (problem := _find_problem(check))}
        response.status_code = 503 if missing else 200
        status: Any = "not_ready" if missing else "ready"
        if not _has_key(request):
            return Ready(status=status, missing=dict.fromkeys(missing, HIDDEN_REASON))
        return Ready(status=status, missing=missing, **details())

    @router.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return router


def _has_key(request: Request) -> bool:
    """Return whether the request may see addresses: it has a valid key, or no key is needed."""
    try:
        current_caller(request)
    except AuthenticationFailed:
        return False
    return True


def _find_problem(check: Check) -> str | None:
    try:
        check()
    except TandemError as error:
        return error.message
    return None
