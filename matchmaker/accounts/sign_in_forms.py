"""Forms of the sign-in pages: the library's own with our locks, our words and full-width input."""

from __future__ import annotations

import unicodedata
from typing import Any

from flask_security.forms import (
    LoginForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
)
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.utils import get_message
from wtforms import StringField
from wtforms.validators import DataRequired

from matchmaker.accounts.domain import is_locked
from matchmaker.accounts.models import User
from matchmaker.accounts.two_factor import must_have_two_factor
from matchmaker.core.clock import now

LOCKED = "失敗が続いたため、一時的に止めています。しばらくしてからもう一度お試しください。"


def half_width(text: Any) -> Any:
    """Full-width letters and digits typed by an input method count like half-width ones."""
    return "".join(unicodedata.normalize("NFKC", text).split()) if isinstance(text, str) else text


def person(user: Any) -> User:
    """The person behind what the library hands over: its own proxy, or the person itself."""
    found: User = user if isinstance(user, User) else user._get_current_object()
    return found


def _is_locked(user: Any) -> bool:
    return user is not None and is_locked(person(user).locked_until, now())


class SignInForm(LoginForm):
    """Address and password. While the account is locked even the right password gets the answer
    that an unknown address gets, so that a stranger learns nothing."""

    remember = None  # type: ignore[assignment]

    def validate(self, **kwargs: Any) -> bool:
        """Check the password, then the lock."""
        if not super().validate(**kwargs):
            return False
        if _is_locked(self.user):
            self.form_errors.append(get_message("GENERIC_AUTHN_FAILED")[0])
            return False
        return True


class ConfirmPasswordForm(VerifyForm):
    """The password once more before something delicate."""

    def validate(self, **kwargs: Any) -> bool:
        """Check the lock first: guessing here counts like guessing at sign-in."""
        if _is_locked(self.user):
            self.form_errors.append(LOCKED)
            return False
        return bool(super().validate(**kwargs))


class CodeForm(TwoFactorVerifyCodeForm):
    """The six digits of the authenticator app."""

    code = StringField(
        "認証コード",
        filters=[half_width],
        validators=[DataRequired("認証アプリに出ている6けたの数字を入力してください。")],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "12"},
    )

    def validate(self, **kwargs: Any) -> bool:
        """Check the lock before the code."""
        if _is_locked(self.user):
            self.form_errors.append(LOCKED)
            return False
        return bool(super().validate(**kwargs))


class RecoveryCodeForm(MfRecoveryForm):
    """One of the codes kept on paper; wrong ones count as failed sign-ins."""

    code = StringField(
        "リカバリーコード",
        filters=[half_width],
        validators=[DataRequired("保管しているリカバリーコードを入力してください。")],
        render_kw={"autocomplete": "off", "maxlength": "20"},
    )

    def validate(self, **kwargs: Any) -> bool:
        """Check the lock, then the code, and count a wrong one."""
        if _is_locked(self.user):
            self.form_errors.append(LOCKED)
            return False
        if super().validate(**kwargs):
            return True
        if self.user is not None and self.code.data:
            self.user.track_failed_authn("code", True)
        return False


class TwoFactorForm(TwoFactorSetupForm):
    """Set up two-step sign-in, or disable it where that is allowed."""

    def validate(self, **kwargs: Any) -> bool:
        """Refuse to disable what is required."""
        if not super().validate(**kwargs):
            return False
        if self.setup.data == "disable" and must_have_two_factor(person(self.user)):
            self.form_errors.append("事務局の人は、2段階認証をやめられません。")
            return False
        return True


FORMS: dict[str, Any] = {
    "login_form": SignInForm,
    "verify_form": ConfirmPasswordForm,
    "two_factor_verify_code_form": CodeForm,
    "two_factor_setup_form": TwoFactorForm,
    "mf_recovery_form": RecoveryCodeForm,
}
