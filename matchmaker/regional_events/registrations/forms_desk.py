"""Forms of the staff: putting a person right, moving, adding by hand, choosing whom to move."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired

from matchmaker.core.forms import ProductForm
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.organizations.domain import CATEGORIES
from matchmaker.regional_events.registrations.domain import (
    ASSISTANCE_LABELS,
    ATTENDEE_ROLE_LABELS,
    REASON_LENGTH,
    AttendeeRole,
    OrganizationCorrection,
    WhenFull,
)
from matchmaker.regional_events.registrations.forms import (
    NAME_MOST,
    NOTE_MOST,
    REQUIRED,
    TITLE_MOST,
    check_kana,
    check_mail,
    line,
    mail,
)

Choices = Sequence[tuple[str, str]]
STAFF_ROLES = tuple(role for role in ATTENDEE_ROLE_LABELS if role is not AttendeeRole.COMPANION)


class ReasonForm(ProductForm):
    """A step of the staff with its reason."""

    reason = line(
        "理由", REASON_LENGTH, "理由を入れてください。", "本人へのメールと、記録に残ります。"
    )


class CorrectionForm(ProductForm):
    """What is put right of a person."""

    name = line("お名前", NAME_MOST, "お名前を入れてください。")
    kana = line("フリガナ", NAME_MOST)
    job_title = line("所属・役職", TITLE_MOST)
    email = mail(
        "メールアドレス",
        "変えると、前のアドレスに送ったリンクは使えなくなり、案内を送り直します。",
        required=False,
    )
    assistance = SelectMultipleField(
        "必要な手助け",
        choices=[(need.value, label) for need, label in ASSISTANCE_LABELS.items()],
        validate_choice=False,
    )
    assistance_note = line("手助けについての連絡", NOTE_MOST)
    reason = line("理由", REASON_LENGTH, description="メールアドレスを変えるときに入れます。")

    def check(self) -> bool:
        """Whether everything fits; messages stand at their fields."""
        fits = all([self.validate_on_submit(), check_mail(self.email), check_kana(self.kana)])
        known = set(ASSISTANCE_LABELS)
        self.assistance.data = [word for word in self.assistance.data or () if word in known]
        return fits


class OrganizationForm(ReasonForm):
    """In whose name somebody comes, put right."""

    organization_name = line(
        "正しい団体の名前",
        120,
        description="名簿の名前のとおりに入れます。区分と都道府県は、名簿のものになります。"
        "団体に属さない方は、空けます。",
    )
    category = SelectField(
        "団体の種類",
        choices=[("", "名簿のとおり"), *((each.code, each.label) for each in CATEGORIES)],
        description="名簿にない団体のときだけ、選びます。",
        validate_choice=False,
    )
    prefecture = SelectField(
        "都道府県",
        choices=[("", "名簿のとおり（なければ空欄）"), *((name, name) for name in PREFECTURES)],
        description="名簿にない団体と、団体に属さない方のときだけ、選びます。",
        validate_choice=False,
    )
    scope = RadioField(
        "直す方", choices=[("one", ""), ("all", "")], default="one", validate_choice=False
    )
    when_full = RadioField(
        "上限をこえるとき",
        choices=[
            (
                WhenFull.LINE.value,
                "席を離れて、キャンセル待ちに移る（順番は、席を取った時刻のまま）",
            ),
            (WhenFull.BEYOND.value, "上限をこえて、いまの席のままにする"),
        ],
        validate_choice=False,
    )

    def name_people(self, person: str, people: int) -> None:
        """Say whom the choices mean.

        Args:
            person: name of the one.
            people: of the whole registration.
        """
        self.scope.choices = [
            ("one", f"{person}さん（付き添いの方も）"),
            ("all", f"この登録の全員（{people}人）"),
        ]

    def correction(self) -> OrganizationCorrection:
        """What was typed."""
        decided = self.when_full.data
        return OrganizationCorrection(
            name=self.organization_name.data or "",
            category=self.category.data or "",
            prefecture=self.prefecture.data if self.prefecture.data in PREFECTURES else "",
            is_whole=self.scope.data == "all",
            when_full=WhenFull(decided) if decided in set(WhenFull) else None,
        )


class SeatForm(ReasonForm):
    """Where a person is seated by the staff."""

    seat = RadioField(
        "移す先",
        validators=[DataRequired("移す先を選んでください。")],
        validate_choice=False,
        render_kw=REQUIRED,
    )

    def offer(self, seats: Choices) -> None:
        """Say where there is."""
        self.seat.choices = list(seats)


class ByHandForm(ProductForm):
    """Somebody whom the staff add: a speaker, press, a person on the phone."""

    submission_key = HiddenField()
    name = line("お名前", NAME_MOST, "お名前を入れてください。")
    kana = line("フリガナ", NAME_MOST)
    organization_name = line("団体の名前", 120)
    job_title = line("所属・役職", TITLE_MOST)
    email = mail("メールアドレス", "あれば、案内とQRコードを送ります。", required=False)
    role = SelectField(
        "立場", choices=[(role.value, ATTENDEE_ROLE_LABELS[role]) for role in STAFF_ROLES]
    )
    seat = RadioField(
        "席",
        validators=[DataRequired("席を選んでください。")],
        validate_choice=False,
        render_kw=REQUIRED,
    )
    assistance = SelectMultipleField(
        "必要な手助け",
        choices=[(need.value, label) for need, label in ASSISTANCE_LABELS.items()],
        validate_choice=False,
    )
    desk_note = line("事務局のメモ", NOTE_MOST, description="本人には見えません。")

    def offer(self, seats: Choices) -> None:
        """Say where there is."""
        self.seat.choices = list(seats)

    def check(self) -> bool:
        """Whether everything fits; messages stand at their fields."""
        return all([self.validate_on_submit(), check_mail(self.email), check_kana(self.kana)])


class CapacityForm(ReasonForm):
    """How many seats a track has, and who moves when they are fewer than before."""

    capacity = line("席数", 6, "席数を入れてください。", inputmode="numeric")
    people = SelectMultipleField("移す方", validate_choice=False)
    target = RadioField("移す先", validate_choice=False, default="")

    def offer(self, people: Choices, targets: Choices) -> None:
        """Say who may be moved, and where to."""
        self.people.choices = list(people)
        self.target.choices = [("", "この参加方法のキャンセル待ち"), *targets]
