"""What happens around a session: it begins anew at sign-in, ends at sign-out, names the actor."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from flask import Flask, flash, g, redirect, request, session, url_for
from flask_login import current_user, user_logged_out
from flask_security.signals import (
    password_changed,
    password_reset,
    tf_disabled,
    tf_profile_changed,
    user_authenticated,
    user_failed_authn,
)
from werkzeug.wrappers import Response

from matchmaker.accounts import service
from matchmaker.accounts.models import User
from matchmaker.accounts.queries import roles_in_organizations
from matchmaker.accounts.sign_in import SESSION_ID
from matchmaker.accounts.sign_in_forms import person
from matchmaker.accounts.two_factor import lacks_two_factor, usable_roles
from matchmaker.core import form_stash
from matchmaker.core.actor import VISITOR, Actor
from matchmaker.core.clock import now
from matchmaker.core.settings import current_settings

KEPT_AT_SIGN_IN = frozenset({"_user_id", "_fresh", "_id", "_flashes", "fs_cc", "fs_paa"})
SECRETARIAT_PATH = "/secretariat"
CODE_PAGE = "security.two_factor_token_validation"


def init_app(app: Flask) -> None:
    """Hook into the sign-in library's signals and into each request."""
    user_authenticated.connect(_begin_session, app)
    user_logged_out.connect(_end_session, app)
    user_failed_authn.connect(_count_failure, app)
    password_changed.connect(_note_password, app)
    password_reset.connect(_note_password, app)
    tf_profile_changed.connect(_note_two_factor_set, app)
    tf_disabled.connect(_note_two_factor_disabled, app)
    app.before_request(_ask_for_two_factor)
    app.before_request(_pass_by_finished_code)


def signed_in_user() -> User | None:
    """The person of this request, with global roles."""
    user = current_user._get_current_object()
    return user if isinstance(user, User) else None


def actor_of_request() -> Actor:
    """Who acts in this request: at most two statements, none for a visitor."""
    user = signed_in_user()
    if user is None:
        return VISITOR
    return Actor(
        user_id=user.id,
        name=user.name,
        roles=roles_in_organizations(user.id),
        global_roles=usable_roles(user),
    )


def _begin_session(_app: Flask, user: User, authn_via: Any = None, **_: Any) -> None:
    """Start a session with nothing left of the one before it (its id and its token are new)."""
    for key in [key for key in session if key not in KEPT_AT_SIGN_IN]:
        session.pop(key)
    g.pop("csrf_token", None)
    session[SESSION_ID] = secrets.token_urlsafe(24)
    session.permanent = True
    form_stash.remember_person(user.id)
    if authn_via != ["change"]:
        service.note_sign_in(user, now())


def _end_session(_app: Flask, **_: Any) -> None:
    session_id = session.pop(SESSION_ID, None)
    if session_id:
        service.end_session(session_id, now())


def _count_failure(_app: Flask, user: User, **_: Any) -> None:
    settings = current_settings()
    moment = now()
    lock_for = timedelta(minutes=settings.login_lock_minutes)
    if service.count_failed_sign_in(person(user), moment, settings.login_max_failures, lock_for):
        service.record_lock(person(user), moment)


def _note_password(_app: Flask, user: User, **_: Any) -> None:
    service.note_password_change(user, now())


def _note_two_factor_set(_app: Flask, user: Any, **_: Any) -> None:
    service.note_two_factor(person(user), "set-up", now())


def _note_two_factor_disabled(_app: Flask, user: Any, **_: Any) -> None:
    service.note_two_factor(person(user), "disabled", now())


def _ask_for_two_factor() -> Response | None:
    """Send the secretariat to set up two steps before its pages open."""
    if request.path != SECRETARIAT_PATH and not request.path.startswith(f"{SECRETARIAT_PATH}/"):
        return None
    user = signed_in_user()
    if user is None or not lacks_two_factor(user):
        return None
    g.authorized = True  # the answer is only the way to the page that sets it up
    flash("事務局の画面を使うには、先に2段階認証を設定してください。", "warning")
    return redirect(url_for("security.two_factor_setup"))


def _pass_by_finished_code() -> Response | None:
    """Lead on whoever comes back to the page of the code: the library would sign the person out."""
    is_changing = session.get("tf_state") == "validating_profile"
    if request.endpoint != CODE_PAGE or is_changing or signed_in_user() is None:
        return None
    g.authorized = True  # the answer is only the way on
    return redirect(url_for("accounts.index"))
