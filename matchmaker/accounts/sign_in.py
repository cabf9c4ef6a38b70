"""The sign-in library, set up our way. Nothing outside this package names Flask-Security."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from typing import Any

from flask import Flask, render_template, request, session
from flask_babel import Babel  # type: ignore[import-untyped]
from flask_security import MailUtil, PasswordUtil, Security, SQLAlchemyUserDatastore
from flask_security.mail_util import EmailValidateException
from flask_security.totp import Totp
from flask_security.utils import get_message
from flask_wtf import FlaskForm
from passlib.totp import TotpMatch

from config import ROOT, Settings
from matchmaker.accounts import queries
from matchmaker.accounts.domain import (
    PASSWORD_SHORTEST,
    email_is_plausible,
    normalized_email,
    normalized_password,
    password_problem,
)
from matchmaker.accounts.events import SignInHelpWanted, SignInMailDue
from matchmaker.accounts.models import Role, User
from matchmaker.accounts.passwords import OPTIONS
from matchmaker.accounts.sign_in_forms import FORMS, person
from matchmaker.core.actor import SYSTEM, Actor
from matchmaker.core.clock import now
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.transaction import commit_anyway

SESSION_ID = "sid"
INVALID_FORM = 422
RESCUE_MAIL = "security/email/two_factor_rescue"
RESET_HOURS = 2
RECENT = timedelta(minutes=60)
"""How long after the password was typed delicate settings may be changed without it."""


class UserStore(SQLAlchemyUserDatastore):
    """People as the library sees them; the request commits, not the library."""

    def commit(self) -> None:
        """Leave the commit to the request."""
        db.session.flush()

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> User | None:
        """The person with that address or session key, with global roles."""
        name, value = kwargs.popitem()
        if name == "email":
            return queries.user_with_email(value)
        if name != "fs_uniquifier":
            raise ValueError(f"people are not looked up by {name}")
        return queries.user_in_session(value, session.get(SESSION_ID, ""))


class OutboxMailUtil(MailUtil):
    """Addresses are normalised by our rules; mail goes into the outbox."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],
        body: str | None,
        html: str | None,
        **context: Any,
    ) -> None:
        """Hand a rendered mail on as an event."""
        user: User = context["user"]
        if template == RESCUE_MAIL:
            actor = Actor(user_id=user.id, name=user.name)
            record(SignInHelpWanted(actor=actor, now=now(), subject_id=user.id))
            return
        record(
            SignInMailDue(
                actor=SYSTEM,
                now=now(),
                subject_id=user.id,
                address=user.email,
                subject=str(subject),
                body=(body or "").strip() + "\n",
                details={"template": template.rpartition("/")[2]},
            )
        )

    def normalize(self, email: str) -> str:
        """The address as it is stored, or the library's error."""
        email = normalized_email(email)
        if not email_is_plausible(email):
            raise EmailValidateException(get_message("INVALID_EMAIL_ADDRESS")[0])
        return email

    def validate(self, email: str) -> str:
        """The same: whether mail arrives is seen when it is sent."""
        return self.normalize(email)


class OurPasswordUtil(PasswordUtil):
    """Passwords follow our rule, told in our words."""

    def normalize(self, password: str) -> str:
        """Full-width input counts like half-width input."""
        return normalized_password(password)

    def validate(
        self, password: str, is_register: bool, **kwargs: Any
    ) -> tuple[list[str] | None, str]:
        """Problems (None when there are none) and the normalised password."""
        password = normalized_password(password)
        user: User | None = kwargs.get("user")
        email, name = (user.email, user.name) if user else ("", "")
        problem = password_problem(password, email, name)
        return ([problem] if problem else None), password


class SingleUseTotp(Totp):
    """A code works once: the counter of the last accepted one is kept with the person."""

    def get_last_counter(self, user: Any) -> int | None:
        """Counter of the last code that was accepted."""
        return person(user).tf_last_counter

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        """Keep the counter of the code that was just accepted."""
        person(user).tf_last_counter = tmatch.counter


def configure(app: Flask, settings: Settings) -> Security:
    """Set the library up and register its pages under our addresses."""
    app.config.from_mapping(_config(settings))
    Babel(app, default_locale="ja", default_timezone="Asia/Tokyo")
    security = Security(
        app,
        UserStore(db, User, Role),
        mail_util_cls=OutboxMailUtil,
        password_util_cls=OurPasswordUtil,
        totp_cls=SingleUseTotp,
        render_template=_render,
        **FORMS,
    )
    security.want_json(lambda _request: False)
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    app.login_manager.session_protection = None  # type: ignore[attr-defined]
    return security


def _config(settings: Settings) -> dict[str, Any]:
    """The library's settings: addresses, features, strength, secrets."""
    secret = settings.resolved_secret_key()
    prefixed = {**_addresses(), **_features(), **_secrets(secret)}
    return {f"SECURITY_{name}": value for name, value in prefixed.items()}


def _addresses() -> dict[str, Any]:
    return {
        "LOGIN_URL": "/sign-in",
        "LOGOUT_URL": "/sign-out",
        "VERIFY_URL": "/sign-in/confirm",
        "RESET_URL": "/password/reset",
        "CHANGE_URL": "/password/change",
        "TWO_FACTOR_SETUP_URL": "/two-factor/setup",
        "TWO_FACTOR_TOKEN_VALIDATION_URL": "/two-factor/code",
        "TWO_FACTOR_RESCUE_URL": "/two-factor/help",
        "TWO_FACTOR_SELECT_URL": "/two-factor/select",
        "MULTI_FACTOR_RECOVERY_CODES_URL": "/two-factor/recovery-codes",
        "MULTI_FACTOR_RECOVERY_URL": "/two-factor/recovery",
        "POST_LOGIN_VIEW": "/account/start",
        "POST_LOGOUT_VIEW": "/",
        "POST_CHANGE_VIEW": "/account",
        "TWO_FACTOR_POST_SETUP_VIEW": "/account/two-factor",
        "STATIC_FOLDER": None,
    }


def _features() -> dict[str, Any]:
    return {
        "RECOVERABLE": True,
        "CHANGEABLE": True,
        "TWO_FACTOR": True,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "TWO_FACTOR_RESCUE_EMAIL": False,
        "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
        "MULTI_FACTOR_RECOVERY_CODES": True,
        "MULTI_FACTOR_RECOVERY_CODES_N": 8,
        "API_ENABLED_METHODS": ["session"],
        "RETURN_GENERIC_RESPONSES": True,
        "RESET_PASSWORD_WITHIN": timedelta(hours=RESET_HOURS),
        "FRESHNESS": RECENT,
        "FRESHNESS_GRACE_PERIOD": RECENT,
        "LOGOUT_CSRF": False,
        "EMAIL_HTML": False,
        "PASSWORD_LENGTH_MIN": PASSWORD_SHORTEST,
        "PASSWORD_NORMALIZE_FORM": "NFKC",
        "PASSWORD_SCHEMES": ["argon2"],
        "PASSWORD_SINGLE_HASH": {"argon2"},
        "PASSWORD_HASH_PASSLIB_OPTIONS": OPTIONS,
        "INPUT_NORMALIZE_FORM": "NFKC",
        "TOTP_ISSUER": "めぐりあわせ",
        "I18N_DIRNAME": str(ROOT / "matchmaker" / "translations"),
        "CLI_USERS_NAME": None,
        "CLI_ROLES_NAME": None,
    }


def _secrets(secret_key: str) -> dict[str, Any]:
    """Keys that are derived from the secret key, each for one purpose."""
    return {
        "PASSWORD_SALT": _derived(secret_key, "password").hex(),
        "TOTP_SECRETS": {1: _derived(secret_key, "totp").hex()},
        "MULTI_FACTOR_RECOVERY_CODES_KEYS": [
            base64.urlsafe_b64encode(_derived(secret_key, "recovery-codes"))
        ],
    }


def _derived(secret_key: str, purpose: str) -> bytes:
    return hashlib.sha256(f"meguriawase:{purpose}:{secret_key}".encode()).digest()


def _render(template: str, **context: Any) -> Any:
    """Render one of the library's pages; an invalid form answers 422 and keeps what was counted."""
    forms = [value for value in context.values() if isinstance(value, FlaskForm)]
    faulty = next((form for form in forms if form.errors or form.form_errors), None)
    if faulty is not None:
        faulty.form_errors = list(dict.fromkeys(str(error) for error in faulty.form_errors))
    page = render_template(template, form=faulty, **context)
    if faulty is None or request.method != "POST":
        return page
    commit_anyway()
    return page, INVALID_FORM
