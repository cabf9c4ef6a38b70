"""Slows down guessing and flooding: counted by Redis when there is one, else by each process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from config import Settings
from matchmaker.core.access import current_actor

EXTENSION_KEY = "matchmaker.rate_limits"
Key = Callable[[], str]


def init_app(app: Flask, settings: Settings) -> None:
    """Set up the counters; nothing is limited yet."""
    app.extensions[EXTENSION_KEY] = Limiter(
        get_remote_address,
        app=app,
        storage_uri=settings.redis_url or "memory://",
        default_limits=[],
        headers_enabled=False,
    )


def limit_posts(
    app: Flask,
    endpoint: str,
    rate: str,
    key: Key | None = None,
    *,
    visitors_only: bool = False,
    method: str = "POST",
) -> None:
    """Answer 429 to those who send a form too often, or open a page that costs much.

    Args:
        app: the application, with the page registered.
        endpoint: the page.
        rate: how often, for example ``30 per minute; 300 per hour``.
        key: what is counted; the address of the browser when left out.
        visitors_only: whether people who are signed in are not counted.
        method: what is counted; GET for a page by which somebody could probe for what is hidden.
    """
    limiter: Limiter = app.extensions[EXTENSION_KEY]
    view: Callable[..., Any] = app.view_functions[endpoint]
    limited = limiter.limit(
        rate, key_func=key, methods=[method], exempt_when=_is_known if visitors_only else None
    )(view)
    limited.is_public = getattr(view, "is_public", False)  # type: ignore[attr-defined]
    app.view_functions[endpoint] = limited


def _is_known() -> bool:
    return current_actor().is_signed_in
