"""Forms of working groups."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from matchmaker.core.dates import parse_date
from matchmaker.core.forms import NOT_CHOSEN, DateTripleField, ProductForm
from matchmaker.organizations.choosing import TOO_LONG, MemberForm
from matchmaker.working_groups.groups.domain import (
    KIND_LABELS,
    NAME_LENGTH,
    NOTE_LENGTH,
    PURPOSE_LENGTH,
    REASON_LENGTH,
    REPORT_LENGTH,
    ROLE_LABELS,
    VISIBILITY_LABELS,
    GroupData,
    GroupKind,
    GroupRole,
    Visibility,
)

UNREADABLE_DAY = "日付を、2027年4月1日や令和9年4月1日のように入れてください。"
REQUIRED = {"data-required": "true"}
DAY_HELP = "例：2027年4月1日。令和9年のように書いてもかまいません。"


def required_text(label: str, most: int, description: str = "", **more: Any) -> TextAreaField:
    """A text that must be given, with its counter."""
    return TextAreaField(
        label,
        [
            InputRequired(f"{label}を入れてください。"),
            Length(max=most, message=f"{most:,}文字までで入れてください。"),
        ],
        description=description,
        render_kw={"data-required": "true", "data-max-length": str(most), **more},
    )


def optional_text(label: str, most: int, description: str = "") -> TextAreaField:
    """A text that may be left out."""
    return TextAreaField(
        label,
        [Length(max=most, message=f"{most:,}文字までで入れてください。")],
        description=description,
        render_kw={"data-max-length": str(most)},
    )


class RunningGroupForm(ProductForm):
    """What those who run a group may change."""

    purpose = TextAreaField(
        "目的",
        description="何のために集まり、何を決めるのかを書きます。",
        render_kw={"data-max-length": str(PURPOSE_LENGTH)},
    )
    starts_on = DateTripleField("活動の始まり", description=f"決まっていれば入れます。{DAY_HELP}")
    ends_on = DateTripleField("活動の終わり", description="決まっていれば入れます。")
    accepts_applications = BooleanField(
        "参加の申し込みを受け付ける",
        description="会員が、メンバーとしての参加を申し込めるようになります。",
    )
    observers_from = DateTripleField("オブザーバー募集の始まり", description=DAY_HELP)
    observers_until = DateTripleField(
        "オブザーバー募集の最後の日",
        description="この日の終わりまで申し込めます。募集しないときは空けておきます。",
    )
    observer_note = TextAreaField(
        "オブザーバーへの案内",
        description="参加の条件や、できることを書きます。",
        render_kw={"data-max-length": str(NOTE_LENGTH)},
    )
    revision = HiddenField()

    def group_data(self, base: GroupData) -> GroupData:
        """What was typed, over what the form does not ask; unreadable days are told at their field.

        Args:
            base: data of the group as it is stored, or of a new one.
        """
        return replace(
            base,
            purpose=self.purpose.data or "",
            starts_on=self._day("starts_on"),
            ends_on=self._day("ends_on"),
            accepts_applications=bool(self.accepts_applications.data),
            observers_from=self._day("observers_from"),
            observers_until=self._day("observers_until"),
            observer_note=self.observer_note.data or "",
        )

    def _day(self, name: str) -> date | None:
        try:
            return parse_date(self[name].data) if self[name].data else None
        except ValueError:
            self.add_error(name, UNREADABLE_DAY)
            return None


class GroupForm(RunningGroupForm):
    """What the secretariat may change: its place in the tree as well."""

    name = StringField("名前", render_kw={"data-required": "true", "maxlength": str(NAME_LENGTH)})
    kind = RadioField(
        "種類",
        choices=[(kind.value, label) for kind, label in KIND_LABELS.items()],
        validate_choice=False,
        render_kw=REQUIRED,
    )
    parent_id = SelectField(
        "上位のWG",
        validate_choice=False,
        description="WGは総会の下、領域別WGはWGの下、サブWGはWGか領域別WGの下に置きます。",
    )
    visibility = RadioField(
        "ページを読める人",
        choices=[(each.value, label) for each, label in VISIBILITY_LABELS.items()],
        validate_choice=False,
        render_kw=REQUIRED,
    )

    def offer_parents(self, options: Sequence[tuple[str, str]]) -> None:
        """Say which groups may be chosen as the one above."""
        self.parent_id.choices = [("", "なし（総会）"), *options]

    def group_data(self, base: GroupData) -> GroupData:
        """What was typed; a kind or visibility that is not there is told at its field."""
        data = super().group_data(base)
        kind, visibility = self.kind.data, self.visibility.data
        if kind not in set(GroupKind):
            self.add_error("kind", "種類を選んでください。")
        if visibility not in set(Visibility):
            self.add_error("visibility", "ページを読める人を選んでください。")
        return replace(
            data,
            name=self.name.data or "",
            kind=GroupKind(kind) if kind in set(GroupKind) else base.kind,
            visibility=Visibility(visibility) if visibility in set(Visibility) else base.visibility,
            parent_id=as_uuid(self.parent_id.data),
        )


def as_uuid(text: str | None) -> uuid.UUID | None:
    """The id that a choice stands for; None for no choice or a made-up one."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


class ReasonForm(ProductForm):
    """A reason that must be given."""

    reason = required_text("理由", REASON_LENGTH, "記録に残り、参加している人に伝わります。")


class NoteForm(ProductForm):
    """A note that may be left out."""

    reason = optional_text("ひとこと", REASON_LENGTH, "書かなくてもかまいません。記録に残ります。")


class ClosingForm(ProductForm):
    """The final report and why the group is closed."""

    final_report = required_text(
        "最終報告",
        REPORT_LENGTH,
        "何を検討し、何がわかり、何が残ったかを書きます。WGのページを読める人に公開されます。",
    )
    file = FileField("最終報告のファイル")
    reason = required_text("終了の理由", REASON_LENGTH, "記録に残り、参加している人に伝わります。")


class JoinForm(ProductForm):
    """A wish to become a member or an observer."""

    organization_id = RadioField(
        "どの団体として参加しますか", validate_choice=False, render_kw=REQUIRED
    )
    message = optional_text(
        "ひとこと", NOTE_LENGTH, "参加したい理由や、力になれることを書くと、返事が早くなります。"
    )


class PersonForm(MemberForm):
    """A person by address, the organisation and the role."""

    email = EmailField(
        "メールアドレス",
        [InputRequired("メールアドレスを入れてください。")],
        description="このサービスに登録されているメールアドレスです。",
        render_kw=REQUIRED,
    )
    organization = StringField(
        "団体の名前",
        [TOO_LONG],
        description="その人の団体の名前を入れてください。"
        "有識者など、団体として参加しない人は、空のままにします。",
    )
    role = RadioField(
        "役割",
        choices=[(role.value, label) for role, label in ROLE_LABELS.items()],
        validate_choice=False,
        render_kw=REQUIRED,
    )
    message = optional_text("ひとこと", NOTE_LENGTH, "招待のメールに書き添えます。")

    def chosen_role(self) -> GroupRole | None:
        """The role; a missing one is told at its field."""
        return chosen_role(self)


class DirectPersonForm(PersonForm):
    """The same, entered by the secretariat with a first day."""

    starts_on = DateTripleField(
        "始まりの日", description=f"空けておくと、きょうからです。{DAY_HELP}"
    )

    def first_day(self) -> date | None:
        """The first day; an unreadable one is told at its field."""
        try:
            return parse_date(self.starts_on.data) if self.starts_on.data else None
        except ValueError:
            self.add_error("starts_on", UNREADABLE_DAY)
            return None


class RoleForm(ProductForm):
    """Another role for a person."""

    role = RadioField(
        "新しい役割",
        choices=[(role.value, label) for role, label in ROLE_LABELS.items()],
        validate_choice=False,
        render_kw=REQUIRED,
    )
    reason = optional_text("ひとこと", REASON_LENGTH, "役割の記録に残ります。")

    def chosen_role(self) -> GroupRole | None:
        """The role; a missing one is told at its field."""
        return chosen_role(self)


def chosen_role(form: Any) -> GroupRole | None:
    """The role chosen in a form; a missing one is told at its field."""
    try:
        return GroupRole(form.role.data or "")
    except ValueError:
        form.add_error("role", "役割を選んでください。")
        return None


class EndForm(ProductForm):
    """The end of a role."""

    reason = optional_text(
        "ひとこと", REASON_LENGTH, "書かなくてもかまいません。役割の記録に残ります。"
    )
    without_successor = BooleanField("運営する人がいなくなっても、終える（事務局だけ）")


class HandOverForm(ProductForm):
    """Who takes over."""

    successor = SelectField("引き継ぐ人", validate_choice=False, render_kw=REQUIRED)
    reason = optional_text(
        "ひとこと", REASON_LENGTH, "例：2027年4月の人事異動のため。役割の記録に残ります。"
    )

    def offer_people(self, options: Sequence[tuple[str, str]]) -> None:
        """Say who may be chosen."""
        self.successor.choices = [NOT_CHOSEN, *options]


class AnswerForm(ProductForm):
    """The answer to an application or an invitation."""

    reason = optional_text(
        "理由", REASON_LENGTH, "見送るときは、理由を必ず入れてください。申し込んだ人に伝わります。"
    )
