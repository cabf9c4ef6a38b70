"""Forms that arrive after the session ended are kept and come back after sign-in.

What was typed is kept for a day, for the person who last signed in with this browser and for
nobody else: on a desk that several people share, the next person does not see it. A view asks
:func:`stashed_values` for the fields when it shows its form; it works without scripts.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, flash, g, request
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Index, String, delete
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from matchmaker.core.access import FIRST_ERROR_STATUS, current_actor
from matchmaker.core.clock import now
from matchmaker.core.db import Base, IdMixin, db

KEPT_FOR = timedelta(hours=24)
MOST_BYTES = 256 * 1024
PATH_LENGTH = 500
STASH_COOKIE = "form_stash"
PERSON_COOKIE = "last_person"
PERSON_COOKIE_AGE = 30 * 24 * 3600
NEVER_KEPT = ("password", "csrf", "token", "secret")
NEVER_KEPT_NAMES = frozenset({"code"})
RESTORED = "入力していた内容を戻しました。まだ送られていません。確かめて、もう一度送ってください。"


class FormStash(IdMixin, Base):
    """What somebody typed into a form when the session had ended."""

    __tablename__ = "form_stashes"
    __table_args__ = (Index("ix_form_stashes_expires_at", "expires_at"),)

    owner_id: Mapped[uuid.UUID]
    path: Mapped[str] = mapped_column(String(PATH_LENGTH))
    payload: Mapped[dict[str, Any]] = mapped_column(
        info={"personal": "giving back what was typed", "retention": "24 hours"}
    )
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


def init_app(app: Flask) -> None:
    """Set the cookies that were asked for and forget a stash once its form was sent."""
    app.after_request(_finish)


def remember_person(user_id: uuid.UUID) -> None:
    """Note with whom this browser signed in; a form that comes late is kept for that person."""
    g.person_cookie = _serializer("person").dumps(str(user_id))


def form_page() -> str:
    """Path and query of the page the form of this request stood on: the referring page when it is
    ours and can be opened, else the request's own address, else the home page."""
    referrer = urlsplit(request.referrer or "")
    if referrer.netloc == request.host and _opens(referrer.path):
        return f"{referrer.path}?{referrer.query}" if referrer.query else referrer.path
    return request.path if _opens(request.path) else "/"


def keep_form(page: str) -> bool:
    """Keep the text fields of this request for the page they came from.

    Args:
        page: path (and query) of the form, from :func:`form_page`.

    Returns:
        Whether they were kept: not for strangers, other sites, files, passwords or huge forms.
    """
    owner = _read_cookie(PERSON_COOKIE, "person")
    payload = kept_fields(request.form.items(multi=True))
    path = urlsplit(page).path
    if owner is None or not payload or not _from_our_pages() or len(path) > PATH_LENGTH:
        return False
    moment = now()
    stash = FormStash(
        owner_id=owner,
        path=path,
        payload=payload,
        created_at=moment,
        expires_at=moment + KEPT_FOR,
    )
    db.session.add(stash)
    db.session.flush()
    g.stash_cookie = _serializer("stash").dumps(str(stash.id))
    return True


def kept_fields(items: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Fields that may be kept: no secrets, nothing when all together are larger than 256 kB."""
    fields: dict[str, list[str]] = {}
    size = 0
    for name, value in items:
        lowered = name.lower()
        if lowered in NEVER_KEPT_NAMES or any(word in lowered for word in NEVER_KEPT):
            continue
        size += len(name.encode()) + len(value.encode())
        fields.setdefault(name, []).append(value)
    return fields if size <= MOST_BYTES else {}


def stashed_values(path: str) -> MultiDict[str, str] | None:
    """What the signed-in person typed into the form at ``path`` before the session ended.

    Give it to the form as ``formdata`` when the page is opened; a message tells the person.
    """
    stash = _own_stash(path)
    if stash is None:
        return None
    flash(RESTORED, "info")
    return MultiDict([(name, value) for name, values in stash.payload.items() for value in values])


def drop_expired(moment: datetime) -> int:
    """Delete what was kept for longer than a day (the worker calls it); gives the number."""
    result = db.session.execute(delete(FormStash).where(FormStash.expires_at <= moment))
    return int(result.rowcount)  # type: ignore[attr-defined]


def _own_stash(path: str) -> FormStash | None:
    stash_id = _read_cookie(STASH_COOKIE, "stash")
    if stash_id is None:
        return None
    stash = db.session.get(FormStash, stash_id)
    if stash is None or stash.expires_at <= now() or stash.path != path:
        return None
    return stash if stash.owner_id == current_actor().user_id else None


def _finish(response: Response) -> Response:
    """Set the cookies; a stash whose form was now sent with success is deleted."""
    if "person_cookie" in g:
        _set_cookie(response, PERSON_COOKIE, g.pop("person_cookie"), PERSON_COOKIE_AGE)
    if "stash_cookie" in g:
        age = int(KEPT_FOR.total_seconds())
        _set_cookie(response, STASH_COOKIE, g.pop("stash_cookie"), age)
    elif request.method == "POST" and response.status_code < FIRST_ERROR_STATUS:
        _forget_sent(response)
    return response


def _forget_sent(response: Response) -> None:
    if STASH_COOKIE not in request.cookies or not current_actor().is_signed_in:
        return
    stash = _own_stash(urlsplit(form_page()).path)
    if stash is not None:
        db.session.delete(stash)
        response.delete_cookie(STASH_COOKIE)


def _opens(path: str) -> bool:
    """Whether there is a page at ``path`` that a browser can open."""
    adapter = current_app.create_url_adapter(request)
    if adapter is None or path.startswith("//"):
        return False
    try:
        adapter.match(path, method="GET")
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return True


def _from_our_pages() -> bool:
    """Whether the browser says that the form stood on one of our pages."""
    origin = request.headers.get("Origin") or request.referrer or ""
    return urlsplit(origin).netloc == request.host


def _set_cookie(response: Response, name: str, value: str, max_age: int) -> None:
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(name, value, max_age=max_age, httponly=True, secure=secure, samesite="Lax")


def _serializer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"form-stash-{purpose}")


def _read_cookie(name: str, purpose: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(_serializer(purpose).loads(request.cookies.get(name, "")))
    except (BadSignature, ValueError, TypeError):
        return None
