"""Hooks accounts into the application."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_wtf import CSRFProtect

from config import Settings
from matchmaker.accounts import rate_limits, sessions, sign_in, user_views, views
from matchmaker.accounts.sign_in_pages import add_page_context
from matchmaker.core import form_stash
from matchmaker.core.access import current_actor, exempt_blueprint, set_actor_provider

SIGN_IN_RATE = "30 per minute; 300 per hour"
"""For one address, behind which a whole town hall may sit."""

MAIL_RATE = "10 per minute; 60 per hour"
LIMITED = {
    "security.login": SIGN_IN_RATE,
    "security.verify": SIGN_IN_RATE,
    "security.two_factor_token_validation": SIGN_IN_RATE,
    "security.mf_recovery": SIGN_IN_RATE,
    "security.forgot_password": MAIL_RATE,
    "security.reset_password": MAIL_RATE,
    "security.two_factor_rescue": MAIL_RATE,
    "accounts.accept_invitation": SIGN_IN_RATE,
}


def init_app(app: Flask, settings: Settings) -> None:
    """Set up sign-in, sessions, the account pages and the guard of all forms."""
    CSRFProtect(app)
    form_stash.init_app(app)
    security = sign_in.configure(app, settings)
    add_page_context(security, settings)
    exempt_blueprint(app, "security")
    sessions.init_app(app)
    set_actor_provider(app, sessions.actor_of_request)
    app.context_processor(_actor_for_templates)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(user_views.blueprint)
    _limit_rates(app, settings)


def _actor_for_templates() -> dict[str, Any]:
    return {"actor": current_actor()}


def _limit_rates(app: Flask, settings: Settings) -> None:
    """Slow down guessing of passwords, codes and tokens."""
    rate_limits.init_app(app, settings)
    for endpoint, rate in LIMITED.items():
        rate_limits.limit_posts(app, endpoint, rate)
