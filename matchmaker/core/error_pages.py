"""Error pages that help: what happened, what is kept, what to do next."""

from __future__ import annotations

import structlog
from flask import Flask, current_app, flash, g, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response

from matchmaker.core.access import current_actor, is_exempt
from matchmaker.core.db import db
from matchmaker.core.dialect import is_lost_race
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.form_stash import form_page, keep_form

PAGES = frozenset({400, 401, 403, 404, 405, 413, 422, 429, 500, 503})
SIGN_IN_ENDPOINT = "security.login"
SIGN_IN_BLUEPRINT = "security"
LOST_RACE = (
    "ほかの人が同じときに操作したため、保存できませんでした。"
    "前のページを開き直して、いまの内容を確かめてください。"
)
FORM_IS_OLD = "画面を開いてから時間がたっていました。もう一度送ってください。"
UNAUTHORIZED = 401
PLAIN_PAGE = """<!DOCTYPE html>
<html lang="ja"><head><meta charset="utf-8">
<title>表示できませんでした | めぐりあわせ</title></head>
<body><main><h1>表示できませんでした</h1>
<p>いま、ページを表示できません。少し待ってから、もう一度開いてください。</p>
<p>続くときは、この番号を添えて事務局にお知らせください：{number}</p></main></body></html>"""
log = structlog.get_logger()
Answer = tuple[str, int] | Response


def init_app(app: Flask) -> None:
    """Register the pages for our own errors, HTTP errors and everything unforeseen."""
    app.register_error_handler(ProductError, _product_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DBAPIError, _database_error)


def _page(status: int, message: str = "") -> tuple[str, int]:
    name = status if status in PAGES else 400 if status < InternalServerError.code else 500
    try:
        db.session.rollback()
        text = render_template(
            f"errors/{name}.html", message=message, request_id=g.get("request_id", "")
        )
    except Exception:
        # Whatever keeps the page from being drawn (such as a database that is away: the header
        # asks who is signed in) must not hide the error itself.
        log.exception("error_page_failed", status=status)
        text = PLAIN_PAGE.format(number=escape(g.get("request_id", "")))
    return text, status


def _product_error(error: ProductError) -> Answer:
    return _page(error.status, error.message)


def _database_error(error: DBAPIError) -> Answer:
    """Where no command caught it: who lost a race reads so; anything else is a fault of ours."""
    if not is_lost_race(error):
        raise error
    log.warning("race_lost", error=str(error.orig))
    return _page(Conflict.status, LOST_RACE)


def _http_error(error: HTTPException) -> Answer | HTTPException:
    if error.code is None or error.get_response().status_code < 400:  # noqa: PLR2004
        return error
    if error.code == UNAUTHORIZED and _may_sign_in():
        return _to_sign_in()
    if isinstance(error, CSRFError) and not _is_from_script():
        return _after_stale_form()
    return _page(error.code)


def _is_from_script() -> bool:
    """Whether a script asked: it gets the error itself, never a page to go to."""
    wanted = request.accept_mimetypes
    asks_for_json = request.is_json or wanted.best == "application/json"
    return asks_for_json or any(
        name in request.headers for name in ("HX-Request", "X-CSRFToken", "X-Requested-With")
    )


def _may_sign_in() -> bool:
    return request.method in {"GET", "HEAD", "POST"} and not _is_from_script()


def _to_sign_in() -> Response:
    """Send a visitor to sign in; a form that came too late is kept and its page comes back."""
    db.session.rollback()
    g.authorized = True  # the answer is only the way to the sign-in page
    if request.method != "POST":
        flash("続けるにはサインインしてください。", "info")
        return redirect(url_for(SIGN_IN_ENDPOINT, next=request.full_path.rstrip("?")))
    page = form_page()
    if keep_form(page):
        flash("サインインすると、入力していた内容が戻ります。", "info")
    else:
        flash("続けるにはサインインしてください。", "info")
    return redirect(url_for(SIGN_IN_ENDPOINT, next=page))


def _after_stale_form() -> Response:
    """A form whose token is no longer good: bring it back, after sign-in where that is needed."""
    is_open = request.endpoint is None or is_exempt(current_app, request.endpoint)
    if not is_open and not current_actor().is_signed_in:
        return _to_sign_in()
    db.session.rollback()
    g.authorized = True  # the answer is only the way back to the form
    page = form_page()
    if request.blueprint != SIGN_IN_BLUEPRINT:
        keep_form(page)
    flash(FORM_IS_OLD, "warning")
    return redirect(page)
