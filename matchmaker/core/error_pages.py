"""Error pages that help: what happened, what is kept, what to do next."""

from __future__ import annotations

import structlog
from flask import Flask, flash, g, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response

from matchmaker.core.db import db
from matchmaker.core.errors import ProductError

PAGES = frozenset({400, 401, 403, 404, 405, 413, 422, 429, 500, 503})
SIGN_IN_ENDPOINT = "security.login"
UNAUTHORIZED = 401
log = structlog.get_logger()
Answer = tuple[str, int] | Response


def init_app(app: Flask) -> None:
    """Register the pages for our own errors, HTTP errors and everything unforeseen."""
    app.register_error_handler(ProductError, _product_error)
    app.register_error_handler(HTTPException, _http_error)


def _page(status: int, message: str = "") -> tuple[str, int]:
    db.session.rollback()
    name = status if status in PAGES else 400 if status < InternalServerError.code else 500
    text = render_template(
        f"errors/{name}.html", message=message, request_id=g.get("request_id", "")
    )
    return text, status


def _product_error(error: ProductError) -> Answer:
    return _page(error.status, error.message)


def _http_error(error: HTTPException) -> Answer | HTTPException:
    if error.code is None or error.get_response().status_code < 400:  # noqa: PLR2004
        return error
    if error.code == UNAUTHORIZED and _may_sign_in():
        return _to_sign_in()
    return _page(error.code)


def _may_sign_in() -> bool:
    return request.method in {"GET", "HEAD", "POST"}


def _to_sign_in() -> Response:
    db.session.rollback()
    g.authorized = True  # the answer is only the way to the sign-in page
    flash("続けるにはサインインしてください。", "info")
    following = request.full_path.rstrip("?") if request.method != "POST" else request.path
    return redirect(url_for(SIGN_IN_ENDPOINT, next=following))
