"""Forms of the matching tables."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, Length

from matchmaker.core.errors import ProductError
from matchmaker.core.form_fields import REQUIRED, text_field
from matchmaker.core.forms import ProductForm
from matchmaker.core.moment_field import MomentField
from matchmaker.core.text import clean_line, whole_number
from matchmaker.regional_events.tables.domain import (
    NOTE_LENGTH,
    POSTS_MOST,
    REASON_LENGTH,
    VERDICT_LABELS,
    OutcomeVerdict,
    PlanSettings,
)
from matchmaker.regional_events.tables.models import TableGuest, TablePlan
from matchmaker.regional_events.tables.service import GuestAnswer, InvalidSettings

YES, NO = "yes", "no"
NUMBERS = ("slot_minutes", "break_minutes", "slots", "tables", "seats")
CHOOSE_PERSON = "人を選んでください。"


def _number(label: str, description: str = "") -> StringField:
    return StringField(
        label, description=description, render_kw={**REQUIRED, "inputmode": "numeric"}
    )


class SettingsForm(ProductForm):
    """When, how long, how many tables."""

    first_starts_at = MomentField("1回目の始まり", render_kw=REQUIRED)
    slot_minutes = _number("1回の長さ", "15〜25分です。")
    break_minutes = _number("回と回の間", "移動にかかる時間です。")
    slots = _number("回数")
    tables = _number("テーブルの数")
    seats = _number("1つのテーブルの席の数", "4〜6席が目安です。事務局の人の席も含みます。")
    opt_in_until = MomentField(
        "参加の回答の期限", description="空けておくと、1回目が始まるまで回答できます。"
    )
    note = text_field(
        "参加する人へのお知らせ", NOTE_LENGTH, "例：テーブルは2階の第3会議室にあります。"
    )
    revision = HiddenField()

    def settings(self) -> PlanSettings | None:
        """What was typed; None when something could not be read (told at its field)."""
        self.validate_on_submit()
        values: dict[str, Any] = {name: self._whole(name) for name in NUMBERS}
        if self.first_starts_at.data is None and not self.first_starts_at.errors:
            self.add_error("first_starts_at", "日付と時刻を入れてください。")
        if self.errors:
            return None
        return PlanSettings(
            first_starts_at=self.first_starts_at.data,
            opt_in_until=self.opt_in_until.data,
            note=self.note.data or "",
            **values,
        )

    def _whole(self, name: str) -> int:
        text = unicodedata.normalize("NFKC", clean_line(self[name].data or "")).rstrip("分回卓席")
        number = whole_number(text)
        if number is None:
            self.add_error(name, "数字で入れてください。")
        return number or 0

    def refuse(self, error: ProductError) -> None:
        """Tell at its field what the service refused."""
        if isinstance(error, InvalidSettings):
            for name, message in error.errors.items():
                self.add_error(name, message)
        else:
            self.add_error(error.field, error.message)


def setting_values(plan: TablePlan) -> dict[str, Any]:
    """What the form shows of a plan."""
    return {
        **{name: str(getattr(plan, name)) for name in NUMBERS},
        "first_starts_at": plan.first_starts_at,
        "opt_in_until": plan.opt_in_until,
        "note": plan.note,
        "revision": str(plan.revision),
    }


class AnswerForm(ProductForm):
    """Whether a person takes part, with which posts, and whom they want to meet or not."""

    takes_part = RadioField(
        "テーブルでの対話に参加しますか",
        [DataRequired("どちらかを選んでください。")],
        choices=[(YES, "参加する"), (NO, "参加しない")],
        validate_choice=False,
        description="同じテーブルになる人に、お名前・団体・役職と、選んだニーズ・シーズの件名を知らせます。",
        render_kw=REQUIRED,
    )
    posts = SelectMultipleField(
        "話したいニーズ・シーズ",
        validate_choice=False,
        description=f"公開中のものから、{POSTS_MOST}件まで選べます。これをもとに、同じテーブルになる相手を決めます。",
    )
    meet = SelectMultipleField(
        "話したい団体",
        validate_choice=False,
        description="できるだけ同じテーブルになるようにします。",
    )
    avoid = SelectMultipleField(
        "同じテーブルにしない団体",
        validate_choice=False,
        description="選んだことは、あなたと事務局だけが知っています。相手には伝わりません。",
    )
    revision = HiddenField()

    def offer(self, posts: Iterable[Any], organizations: Sequence[tuple[uuid.UUID, str]]) -> None:
        """Say what can be chosen."""
        named = [(str(key), name) for key, name in organizations]
        self.posts.choices = [(str(post.id), post.title) for post in posts]
        self.meet.choices, self.avoid.choices = named, named

    def given(self) -> GuestAnswer | None:
        """The answer; None when something has to be mended."""
        if not self.validate_on_submit():
            return None
        if self.takes_part.data not in {YES, NO}:
            self.add_error("takes_part", "どちらかを選んでください。")
            return None
        lists = [_ids(field.data) for field in (self.posts, self.meet, self.avoid)]
        return GuestAnswer(self.takes_part.data == YES, *lists)


class StaffAnswerForm(AnswerForm):
    """The same, written down by the staff."""

    is_secretariat = BooleanField(
        "事務局として座る", description="1つのテーブルに1人までになるように配ります。"
    )


def _ids(texts: Sequence[str] | None) -> list[uuid.UUID]:
    """Readable ids; anything else stands for nothing that could be chosen."""
    found = []
    for text in texts or ():
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            found.append(uuid.UUID(int=0))
    return found


def answer_values(guest: TableGuest | None) -> dict[str, Any]:
    """What the form shows of an answer."""
    if guest is None:
        return {"revision": "0"}
    wishes = {kind: [] for kind in ("meet", "avoid")}  # type: dict[str, list[str]]
    for wish in guest.wishes:
        wishes[wish.kind.value].append(str(wish.organization_id))
    return {
        "takes_part": YES if guest.is_taking_part else NO,
        "posts": [str(each.need_id or each.offering_id) for each in guest.posts],
        "is_secretariat": guest.is_secretariat,
        "revision": str(guest.revision),
        **wishes,
    }


class SwapForm(ProductForm):
    """One person elsewhere, or two people the other way round."""

    slot = SelectField("何回目", validate_choice=False)
    guest = SelectField("動かす人", validate_choice=False)
    target = SelectField("どうするか", validate_choice=False)
    reason = StringField(
        "理由",
        [
            DataRequired("理由を入れてください。"),
            Length(max=REASON_LENGTH, message=f"{REASON_LENGTH}文字までで入れてください。"),
        ],
        filters=[lambda text: clean_line(text or "")],
        description="記録に残ります。参加する人には見えません。",
        render_kw=REQUIRED,
    )


class OutcomeForm(ProductForm):
    """What came of one meeting."""

    verdict = RadioField(
        "話してみて、どうでしたか",
        [DataRequired("1つ選んでください。")],
        choices=[(each.value, label) for each, label in VERDICT_LABELS.items()],
        validate_choice=False,
        render_kw=REQUIRED,
    )
    note = text_field(
        "メモ", NOTE_LENGTH, "話した内容、次にすることなど。相手の方と事務局も読みます。"
    )
    revision = HiddenField()

    def chosen(self) -> OutcomeVerdict | None:
        """What was chosen; None when something has to be mended."""
        if not self.validate_on_submit():
            return None
        if self.verdict.data not in set(OutcomeVerdict):
            self.add_error("verdict", "1つ選んでください。")
            return None
        return OutcomeVerdict(self.verdict.data)
