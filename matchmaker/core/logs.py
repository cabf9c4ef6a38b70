"""Structured logs: one line per event with the id of the request it belongs to."""

from __future__ import annotations

import logging
import time
import uuid

import structlog
from flask import Flask, Response, g, request
from structlog.typing import Processor

from config import Settings

REQUEST_ID_HEADER = "X-Request-ID"
LONGEST_REQUEST_ID = 64
CHATTY = ("apscheduler", "sentence_transformers", "alembic.runtime.migration")
"""Libraries that tell of every step at the level of ordinary news."""
log = structlog.get_logger()


def configure(settings: Settings) -> None:
    """Send structlog and the standard library's loggers to one formatter."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def init_app(app: Flask) -> None:
    """Give each request an id and write one line about it when it is answered."""

    @app.before_request
    def start() -> None:
        given = request.headers.get(REQUEST_ID_HEADER, "")
        usable = given.isascii() and given.replace("-", "").isalnum()
        g.request_id = given if usable and len(given) <= LONGEST_REQUEST_ID else uuid.uuid4().hex
        g.started = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers[REQUEST_ID_HEADER] = g.get("request_id", "")
        if request.endpoint != "static":
            log.info(
                "request",
                method=request.method,
                path=path_without_secrets(),
                endpoint=request.endpoint,
                status=response.status_code,
                ms=round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
            )
        return response


def path_without_secrets() -> str:
    """The path of the request; a token in it (invitation, reset) opens a door and is left out."""
    token = (request.view_args or {}).get("token")
    return request.path.replace(str(token), "…") if token else request.path
