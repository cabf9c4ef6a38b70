"""The form with which people register: for themselves, or for several of an organisation."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from itsdangerous import BadData, URLSafeSerializer
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, Length

from matchmaker.accounts.domain import EMAIL_LENGTH, email_is_plausible, normalized_email
from matchmaker.core.forms import ProductForm
from matchmaker.core.settings import current_settings
from matchmaker.core.text import clean_line, whole_number
from matchmaker.questions.forms import AnswersForm
from matchmaker.regional_events.registrations.domain import (
    ASSISTANCE_LABELS,
    COMPANIONS_MOST,
    PEOPLE_MOST,
)
from matchmaker.regional_events.registrations.presentation import Way

NAME_MOST, TITLE_MOST, NOTE_MOST, PHONE_MOST = 100, 100, 500, 30
QUICKEST = timedelta(seconds=2)
"""A person needs longer than that for the form; a program usually does not."""

REQUIRED = {"data-required": "true"}
WRONG_EMAIL = "メールアドレスを、名前@会社.jp の形で入れてください。"
WRONG_KANA = "フリガナは、カタカナかひらがなで入れてください。"
KANA = re.compile(r"^[\u30a0-\u30ff\u3040-\u309f ・\-.A-Za-z]*$")
ENTRY_SALT = "matchmaker-registration-started"
Choices = Sequence[tuple[str, str]]


def line(
    label: str, most: int, wanted: str = "", description: str = "", **more: str
) -> StringField:
    """A field of one line, made regular as everywhere (half-width kana widened, IVS kept)."""
    needed = [DataRequired(wanted)] if wanted else []
    return StringField(
        label,
        [*needed, Length(max=most, message=f"{most:,}文字までで入れてください。")],
        filters=[lambda text: clean_line(text or "")],
        description=description,
        render_kw={**(REQUIRED if wanted else {}), **more},
    )


def mail(label: str, description: str = "", *, required: bool = True, **more: str) -> EmailField:
    """A field for a mail address, normalised."""
    needed = [DataRequired("メールアドレスを入れてください。")] if required else []
    return EmailField(
        label,
        [*needed, Length(max=EMAIL_LENGTH, message=WRONG_EMAIL)],
        filters=[lambda text: normalized_email(text or "")],
        description=description,
        render_kw={**(REQUIRED if required else {}), **more},
    )


def check_mail(field: Any) -> bool:
    """Whether the address can be one; a message stands at the field otherwise."""
    if not field.data or email_is_plausible(field.data):
        return True
    field.errors = [*field.errors, WRONG_EMAIL]
    return False


def check_kana(field: Any) -> bool:
    """Whether the reading can be one; hiragana become katakana."""
    if KANA.match(field.data or ""):
        field.data = katakana(field.data or "")
        return True
    field.errors = [*field.errors, WRONG_KANA]
    return False


def katakana(text: str) -> str:
    """Hiragana as katakana; everything else stays."""
    return "".join(chr(ord(c) + 0x60) if "\u3041" <= c <= "\u3096" else c for c in text)


class PersonForm(ProductForm):
    """One person who comes."""

    class Meta(ProductForm.Meta):
        csrf = False  # the form around it carries the token

    name = line("お名前", NAME_MOST, "お名前を入れてください。")
    kana = line("フリガナ", NAME_MOST, description="受付の名簿と名札に使います。")
    job_title = line("所属・役職", TITLE_MOST, description="例：環境課 主査")
    email = mail(
        "メールアドレス",
        "この方への案内とQRコードを送ります。空のときは、連絡先に送ります。",
        required=False,
    )
    way = RadioField("参加方法", validate_choice=False, render_kw=REQUIRED)
    assistance = SelectMultipleField(
        "必要な手助け",
        choices=[(need.value, label) for need, label in ASSISTANCE_LABELS.items()],
        validate_choice=False,
    )
    assistance_note = line("手助けについての連絡", NOTE_MOST, description="例：前のほうの席を希望")
    companions = line(
        "付き添い・通訳の方のお名前",
        NAME_MOST * COMPANIONS_MOST,
        description=f"いるときだけ入れます。{COMPANIONS_MOST}人まで、「、」で区切ります。",
    )

    def offer(self, ways: Choices) -> None:
        """Say which tracks may be chosen; the only one is chosen already."""
        self.way.choices = list(ways)
        if len(ways) == 1 and not self.way.data:
            self.way.data = ways[0][0]

    def companion_names(self) -> tuple[str, ...]:
        """The names behind each other, without empty ones."""
        return tuple(
            name.strip() for name in re.split("[、,，]", self.companions.data or "") if name.strip()
        )

    def check(self) -> bool:
        """Whether everything fits; messages stand at their fields."""
        fits = self.validate()
        fits = all([fits, check_mail(self.email), check_kana(self.kana)])
        if self.way.data not in offered_values(self.way):
            self.way.errors = ["参加方法を選んでください。"]
            fits = False
        if len(self.companion_names()) > COMPANIONS_MOST:
            self.companions.errors = [f"{COMPANIONS_MOST}人までにしてください。"]
            fits = False
        self.assistance.data = [
            word for word in self.assistance.data or () if word in set(ASSISTANCE_LABELS)
        ]
        return fits


class RegistrationForm(AnswersForm):
    """A registration: contact, people, and what the event asks."""

    started = HiddenField()
    submission_key = HiddenField()
    count = HiddenField(default="1")
    website = StringField(
        "この欄には何も入れないでください", render_kw={"autocomplete": "off", "tabindex": "-1"}
    )
    contact_name = line("お名前", NAME_MOST, "お名前を入れてください。", autocomplete="name")
    contact_email = mail(
        "メールアドレス",
        "このアドレスに、確認のメールと参加の案内を送ります。",
        autocomplete="email",
    )
    contact_phone = line(
        "電話番号",
        PHONE_MOST,
        description="当日の急な連絡に使います。なくてもかまいません。",
        autocomplete="tel",
    )
    organization_id = SelectField("申し込む団体", validate_choice=False)
    organization_name = line("団体の名前", 120, description="団体として参加するときだけ入れます。")
    colleague = SelectField("団体の人から選ぶ", validate_choice=False)
    grouping = RadioField(
        "席が足りないとき",
        choices=[
            ("together", "全員がそろうまで、全員でキャンセル待ちをする"),
            ("split", "入れる人から席をとり、残りの人はキャンセル待ちをする"),
        ],
        default="together",
    )
    is_at_once = BooleanField(
        "直前でもすぐ行けます",
        description="開催まで24時間を切ってから空いた席は、これを選んだ方に案内します。",
    )
    consent = BooleanField(
        "個人情報の取り扱いに同意します",
        description="参加の受付、当日の運営、終了後の連絡にだけ使います。",
        render_kw=REQUIRED,
    )
    ways: Sequence[Way] = ()
    people: Sequence[PersonForm] = ()
    track_forms: Mapping[uuid.UUID, AnswersForm] = {}
    PEOPLE_PREFIX: ClassVar[str] = "person"

    def number_of_people(self) -> int:
        """How many people the form has now."""
        return min(max(1, whole_number(self.count.data) or 1), PEOPLE_MOST)

    def looks_like_a_program(self, now: datetime) -> bool:
        """Whether the hidden field was filled, or the form came back faster than anybody types."""
        begun = started_at(self.started.data or "")
        return bool(self.website.data) or begun is None or now - begun < QUICKEST

    def check(self, *, is_member: bool, has_consent: bool = True) -> bool:
        """Whether contact, people and answers fit; messages stand at their fields."""
        fits = [self.validate_on_submit(), check_mail(self.contact_email)]
        fits += [person.check() for person in self.people]
        if has_consent and not self.consent.data:
            self.consent.errors = ["同意いただけるときは、チェックを入れてください。"]
            fits.append(False)
        if is_member and not self._organization_is_offered():
            self.organization_id.errors = ["団体を選んでください。"]
            fits.append(False)
        return all(fits)

    def _organization_is_offered(self) -> bool:
        return self.organization_id.data in offered_values(self.organization_id)


def offered_values(field: Any) -> set[str]:
    """What may be chosen in a field."""
    return {str(choice[0]) for choice in field.choices or ()}


def start_mark(now: datetime) -> str:
    """A signed note of when a form was opened."""
    return _serializer().dumps(now.timestamp())


def started_at(mark: str) -> datetime | None:
    """When the form was opened; None when the mark is not ours."""
    try:
        stamp = float(_serializer().loads(mark))
        return datetime.fromtimestamp(stamp).astimezone()
    except (BadData, ValueError, TypeError, OverflowError, OSError):
        return None


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_settings().resolved_secret_key(), salt=ENTRY_SALT)
