"""Logs: one line of JSON (or of readable text) per event, with the id of the request or job it belongs to."""

import logging
import re
import sys
from typing import Literal

import structlog

from shared.ids import new_id

LogFormat = Literal["json", "console"]
REQUEST_ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
NOISY_LIBRARIES = ("httpx", "httpcore", "alembic", "filelock", "urllib3", "uvicorn.access", "celery.app.trace", "celery.worker.strategy")


def configure(service: str, log_format: LogFormat = "json", level: str = "INFO") -> None:
    """Write every log of the process, including the libraries', to standard output."""
    processors: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    console = structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty(), exception_formatter=structlog.dev.plain_traceback)
    renderers = _json_renderers(service) if log_format == "json" else [console]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=processors, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers]
    )
    output = logging.StreamHandler(sys.stdout)
    output.setFormatter(formatter)
    logging.basicConfig(handlers=[output], level=level.upper(), force=True)
    for name in NOISY_LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*processors, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _json_renderers(service: str) -> list[structlog.typing.Processor]:
    def name_service(_: object, __: str, fields: structlog.typing.EventDict) -> structlog.typing.EventDict:
        return {"service": service, **fields}

    return [structlog.processors.format_exc_info, name_service, structlog.processors.JSONRenderer()]


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return a logger whose lines carry the bound request id."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return logger


def bind_request_id(header: str | None) -> str:
    """Bind the request id that the caller sent, or a new one if it is missing or not fit for a log line; return it."""
    request_id = header if header and REQUEST_ID.fullmatch(header) else new_id("req_")
    structlog.contextvars.bind_contextvars(request_id=request_id)
    return request_id


def request_id() -> str | None:
    """Return the request id bound in this context, if any."""
    bound: str | None = structlog.contextvars.get_contextvars().get("request_id")
    return bound
