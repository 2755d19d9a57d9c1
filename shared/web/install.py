"""Gives a FastAPI app everything that both services have in common."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from shared.settings import CommonSettings
from shared.web.error_responses import add_error_handlers
from shared.web.health import Check, operations_router
from shared.web.middleware.head import AnswerHead
from shared.web.middleware.observe import ObserveRequests
from shared.web.middleware.protect import BodyLimit, Protection, ProtectRequests

UPLOADS = "/v1/files"
SELF_LIMITED: Mapping[str, BodyLimit | None] = {UPLOADS: None}


def install(
    app: FastAPI,
    registry: CollectorRegistry,
    checks: Mapping[str, Check],
    settings: CommonSettings,
    *,
    self_limited_paths: Mapping[str, BodyLimit | None] = SELF_LIMITED,
    readiness_details: Callable[[], dict[str, Any]] = dict,
) -> None:
    """Add middleware, error handlers, `/health/*` and `/metrics` to `app`.

    `checks` maps the name of each service that `app` needs to a function that raises TandemError if the service is not available.
    `settings` say who may read `/metrics` and the documentation, and how long a body may pause.
    `self_limited_paths` are the paths whose routes limit the size of their bodies themselves, with the limit if it is that of a whole
    body. `readiness_details` returns further fields of `Ready`; it is called after the checks.
    """
    protection = Protection(settings.metrics, settings.docs, settings.body_seconds)
    app.add_middleware(AnswerHead)
    app.add_middleware(ProtectRequests, protection=protection, self_limited_paths=self_limited_paths)
    app.add_middleware(ObserveRequests, registry=registry)
    add_error_handlers(app)
    app.include_router(operations_router(registry, checks, readiness_details))
