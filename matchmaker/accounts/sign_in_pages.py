"""What the templates of the sign-in pages need besides the library's own values."""

from __future__ import annotations

from typing import Any

from flask_security import Security

from config import Settings
from matchmaker.accounts.sessions import signed_in_user
from matchmaker.accounts.sign_in import RESET_HOURS
from matchmaker.accounts.two_factor import must_have_two_factor


def add_page_context(security: Security, settings: Settings) -> None:
    """Tell mails the public address (never the request's host) and pages the person's state."""

    def for_mail() -> dict[str, Any]:
        return {
            "public_url": settings.resolved_public_url(),
            "service_name": "めぐりあわせ",
            "reset_hours": RESET_HOURS,
        }

    def for_setup() -> dict[str, Any]:
        user = signed_in_user()
        return {
            "has_two_factor": bool(user and user.has_two_factor),
            "may_disable": bool(user and user.has_two_factor and not must_have_two_factor(user)),
        }

    def for_codes() -> dict[str, Any]:
        user = signed_in_user()
        return {"codes_left": len(user.mf_recovery_codes or []) if user else 0}

    def for_sign_in() -> dict[str, Any]:
        return {"lock_minutes": settings.login_lock_minutes}

    security.mail_context_processor(for_mail)
    security.tf_setup_context_processor(for_setup)
    security.mf_recovery_codes_context_processor(for_codes)
    security.login_context_processor(for_sign_in)
