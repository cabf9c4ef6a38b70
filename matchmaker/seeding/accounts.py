"""Sign-ins of the demo: one person for each kind of work. There are none in production."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from dataclasses import dataclass

from config import Settings
from matchmaker.accounts import service
from matchmaker.accounts.models import User
from matchmaker.accounts.passwords import hashed
from matchmaker.accounts.queries import user_of
from matchmaker.core.actor import SYSTEM, GlobalRole, OrganizationRole
from matchmaker.core.db import db
from matchmaker.organizations.models import Organization
from matchmaker.seeding.progress import Seeder

PURPOSE = b"sign-in of the demo accounts"
GROUP, GROUPS = 4, 4
DOMAIN = "meguriawase.example"


class NoDemoInProduction(RuntimeError):
    """Demo accounts were asked for where real people are served."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One demo sign-in.

    Args:
        key: part of the address before the @.
        name: how the person is called.
        kana: reading of the name.
        work: what the person does, in Japanese and English.
        organization: key of the demo organisation the person represents.
        role: role for the whole service.
    """

    key: str
    name: str
    kana: str
    work: str
    organization: str = ""
    role: GlobalRole | None = None

    @property
    def email(self) -> str:
        """Address to sign in with."""
        return f"{self.key}@{DOMAIN}"


ACCOUNTS = (
    DemoAccount(
        "officer", "梅野 千里", "ウメノ チサト", "自治体の担当者 (municipal officer)", "town-demo"
    ),
    DemoAccount(
        "startup", "小布施 航", "オブセ ワタル", "スタートアップ (startup)", "startup-demo"
    ),
    DemoAccount(
        "recycler", "三好 礼子", "ミヨシ レイコ", "リサイクル事業者 (recycler)", "recycler-demo"
    ),
    DemoAccount(
        "coordinator", "佐伯 まどか", "サエキ マドカ", "事務局 (coordinator)",
        role=GlobalRole.SECRETARIAT,
    ),
    DemoAccount(
        "coordinator2", "横山 修", "ヨコヤマ オサム", "事務局・確認する人 (second coordinator)",
        role=GlobalRole.SECRETARIAT,
    ),
    DemoAccount(
        "reviewer", "葛西 正樹", "カサイ マサキ", "有識者 (reviewer)", role=GlobalRole.REVIEWER
    ),
    DemoAccount(
        "reviewer2", "長田 由紀", "オサダ ユキ", "有識者 (reviewer)", role=GlobalRole.REVIEWER
    ),
    DemoAccount(
        "reviewer3", "堀内 剛", "ホリウチ ゴウ",
        "有識者・リサイクル事業者の役員 (reviewer with an interest)",
        "recycler-demo", GlobalRole.REVIEWER,
    ),
    DemoAccount(
        "operator", "野々村 健", "ノノムラ ケン", "システム管理者 (system operator)",
        role=GlobalRole.OPERATOR,
    ),
)  # fmt: skip


def demo_password(settings: Settings) -> str:
    """The password of all demo accounts: it follows from the secret key of this installation.

    Raises:
        NoDemoInProduction: this installation serves real people.
    """
    refuse_in_production(settings)
    key = settings.resolved_secret_key().encode("utf-8")
    digest = hmac.new(key, PURPOSE, hashlib.sha256).digest()
    letters = base64.b32encode(digest).decode("ascii").lower()
    return "-".join(letters[n * GROUP : (n + 1) * GROUP] for n in range(GROUPS))


def refuse_in_production(settings: Settings) -> None:
    """Raise where real people are served.

    Raises:
        NoDemoInProduction: so it is.
    """
    if settings.is_production:
        raise NoDemoInProduction("there are no demo accounts in production")


def load_demo_accounts(seeder: Seeder, settings: Settings) -> int:
    """Make the demo sign-ins that are not there yet."""
    password = demo_password(settings)

    def load(entry: dict[str, DemoAccount]) -> uuid.UUID:
        return _make(seeder, entry["account"], password)

    entries = [{"key": account.key, "account": account} for account in ACCOUNTS]
    return seeder.load_once("user", "key", entries, load)  # type: ignore[arg-type]


def _make(seeder: Seeder, account: DemoAccount, password: str) -> uuid.UUID:
    user = service.create_user(
        account.email, account.name, password, seeder.now, kana=account.kana, is_demo=True
    )
    if account.organization:
        key = f"organization:{account.organization}"
        organization = db.session.get_one(Organization, seeder.record_id(key))
        role = OrganizationRole.REPRESENTATIVE
        service.add_member(user, organization, role, SYSTEM, seeder.now)
    if account.role:
        service.grant_global_role(user, account.role, now=seeder.now)
    return user.id


def present_accounts(seeder: Seeder) -> list[DemoAccount]:
    """The demo sign-ins that have been made."""
    return [account for account in ACCOUNTS if seeder.knows(f"user:{account.key}")]


def reset_passwords(seeder: Seeder, settings: Settings) -> int:
    """Give the demo accounts their password back, after it or the secret key was changed."""
    password = demo_password(settings)
    accounts = present_accounts(seeder)
    for account in accounts:
        user: User = user_of(seeder.record_id(f"user:{account.key}"))
        user.password = hashed(password)
        service.note_password_change(user, seeder.now)
    db.session.commit()
    return len(accounts)
