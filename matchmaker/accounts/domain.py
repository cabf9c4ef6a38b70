"""People: addresses, passwords, invitations, locks. Pure rules."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from datetime import datetime, timedelta

from matchmaker.core.actor import GlobalRole, OrganizationRole
from matchmaker.core.errors import Conflict
from matchmaker.core.fields import Choice

PASSWORD_SHORTEST = 12
PASSWORD_LONGEST = 128
NAME_LENGTH = 60
EMAIL_LENGTH = 254
INVITATION_VALID = timedelta(days=14)
SAME_CHARACTERS_AT_LEAST = 5

ORGANIZATION_ROLES = (
    Choice(
        OrganizationRole.REPRESENTATIVE, "代表者", "団体の情報と人を管理し、書き込みもできます。"
    ),
    Choice(OrganizationRole.EDITOR, "編集者", "ニーズやシーズを書き、連絡に答えられます。"),
    Choice(OrganizationRole.READER, "閲覧者", "団体に届いたものを読めます。書き込みはできません。"),
)
GLOBAL_ROLES = (
    Choice(GlobalRole.SECRETARIAT, "事務局", "すべての団体と投稿を管理します。"),
    Choice(GlobalRole.REVIEWER, "有識者", "提案書を読み、評価します。"),
    Choice(GlobalRole.OPERATOR, "システム管理者", "アカウントとシステムの状態を管理します。"),
)


class InvitationNotUsable(Conflict):
    """The invitation was used, withdrawn or has expired."""


def normalized_email(text: str) -> str:
    """An address as it is stored: half-width (NFKC), no spaces, domain in lower case.

    The part before the @ keeps its case, as RFC 5321 asks; it is compared without regard to case.
    """
    folded = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    local, at, domain = folded.rpartition("@")
    return f"{local}{at}{domain.lower()}"


def email_key(text: str) -> str:
    """The form in which two addresses are the same: normalised, lower case throughout."""
    return normalized_email(text).lower()


def email_is_plausible(email: str) -> bool:
    """Whether the (normalised) address can be one: ASCII, one @, a domain with a dot."""
    pattern = (
        r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z0-9-]{2,}"
    )
    return len(email) <= EMAIL_LENGTH and re.fullmatch(pattern, email) is not None


def normalized_password(text: str) -> str:
    """Full-width input counts like half-width input (NFKC)."""
    return unicodedata.normalize("NFKC", text)


def password_problem(password: str, email: str = "", name: str = "") -> str:
    """Why the (normalised) password is not good enough, in Japanese; empty when it is.

    Length is what counts; well-known weak forms are refused. Source: NIST SP 800-63B 5.1.1.
    """
    if len(password) < PASSWORD_SHORTEST:
        return f"パスワードは{PASSWORD_SHORTEST}文字以上にしてください。"
    if len(password) > PASSWORD_LONGEST:
        return f"パスワードは{PASSWORD_LONGEST}文字までにしてください。"
    if len(set(password)) < SAME_CHARACTERS_AT_LEAST:
        return "同じ文字のくり返しではないパスワードにしてください。"
    lowered = password.lower()
    if any(_is_run(lowered, row) for row in ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz")):
        return "並んだ数字や文字だけではないパスワードにしてください。"
    own = [email.partition("@")[0].lower(), email.lower(), re.sub(r"\s", "", name).lower()]
    if any(word and len(word) >= SAME_CHARACTERS_AT_LEAST and word in lowered for word in own):
        return "名前やメールアドレスを含まないパスワードにしてください。"
    return ""


def _is_run(text: str, row: str) -> bool:
    return text in row or text in row[::-1]


def new_token() -> str:
    """A secret that fits into an address (256 bits)."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a secret link: its SHA-256, so that a leaked table opens nothing."""
    return hashlib.sha256(token.encode("utf-8")).hexdigest()


def is_locked(locked_until: datetime | None, now: datetime) -> bool:
    """Whether an account is locked at this moment."""
    return locked_until is not None and locked_until > now


def invitation_problem(
    accepted_at: datetime | None,
    revoked_at: datetime | None,
    expires_at: datetime,
    now: datetime,
) -> str:
    """Why an invitation cannot be used any more, in Japanese; empty when it can."""
    if accepted_at is not None:
        return "この招待はすでに使われています。サインインしてください。"
    if revoked_at is not None:
        return "この招待は取り消されました。招待した人に確認してください。"
    if expires_at <= now:
        return "この招待は期限が切れています。招待した人に、もう一度送るように頼んでください。"
    return ""
