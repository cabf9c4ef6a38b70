"""Forms of decisions."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from matchmaker.core.dates import parse_date
from matchmaker.core.forms import DateTripleField, ProductForm
from matchmaker.core.moment_field import UNREADABLE_DAY, MomentField
from matchmaker.core.text import fold, whole_number
from matchmaker.working_groups.groups.domain import NAME_LENGTH
from matchmaker.working_groups.reviews.decision_data import OBSERVER_DAYS, DecisionData
from matchmaker.working_groups.reviews.domain import (
    ADOPTING,
    MOST_MEETINGS,
    OUTCOME_LABELS,
    REASON_LENGTH,
    Outcome,
)

NO_NUMBER = -1
WHEN_ADOPTED = "outcome:" + " ".join(sorted(ADOPTING))
WHEN_RETURNED = f"outcome:{Outcome.RETURNED}"
WORDS = {"data-required": "true", "data-max-length": str(REASON_LENGTH)}


class DecisionForm(ProductForm):
    """What is decided about a proposal. Fields of other outcomes are not asked for."""

    revision = HiddenField()
    outcome = RadioField(
        "決定",
        choices=list(OUTCOME_LABELS.items()),
        validate_choice=False,
        render_kw={"data-required": "true"},
    )
    reasons = TextAreaField(
        "決定の理由", description="提案した人にそのまま届きます。", render_kw=dict(WORDS)
    )
    conditions = TextAreaField(
        "採択の条件",
        description="提案した人にそのまま届きます。",
        render_kw={**WORDS, "data-only-when": f"outcome:{Outcome.ADOPTED_WITH_CONDITIONS}"},
    )
    mend_what = TextAreaField(
        "直してほしいこと", render_kw={**WORDS, "data-only-when": WHEN_RETURNED}
    )
    mend_until = MomentField(
        "いつまでに直すか",
        description="この日時まで、直して再提出できます。例：2027年4月1日 17:00",
        render_kw={"data-required": "true", "data-only-when": WHEN_RETURNED},
    )
    group_name = StringField(
        "立ち上げるWGの名前",
        description="採択の通知と同時に、この名前のWGができます。",
        render_kw={
            "data-required": "true",
            "data-max-length": str(NAME_LENGTH),
            "data-only-when": WHEN_ADOPTED,
        },
    )
    group_starts_on = DateTripleField(
        "WGの活動の始まり", render_kw={"data-only-when": WHEN_ADOPTED}
    )
    group_ends_on = DateTripleField("WGの活動の終わり", render_kw={"data-only-when": WHEN_ADOPTED})
    planned_meetings = StringField(
        "予定する会合の数",
        description=f"活動の期間に、同じ間をあけて予定します（0〜{MOST_MEETINGS}回）。"
        "日時はあとで変えられます。",
        render_kw={"inputmode": "decimal", "data-unit": "回", "data-only-when": WHEN_ADOPTED},
    )
    observers_wanted = BooleanField(
        f"オブザーバーを募集する（通知の日から{OBSERVER_DAYS}日間）",
        render_kw={"data-only-when": WHEN_ADOPTED},
    )

    def data_or_none(self) -> DecisionData | None:
        """What was typed; None with messages at the fields when something cannot be read."""
        days = {name: self._day(name) for name in ("group_starts_on", "group_ends_on")}
        outcome = self._outcome()
        if not self.mend_until.validate(self) or self.errors or outcome is None:
            return None
        return DecisionData(
            outcome=outcome,
            reasons=self.reasons.data or "",
            conditions=self.conditions.data or "",
            mend_what=self.mend_what.data or "",
            mend_until=self.mend_until.data,
            group_name=self.group_name.data or "",
            planned_meetings=_number(self.planned_meetings.data),
            observers_wanted=bool(self.observers_wanted.data),
            **days,
        )

    def show(self, problems: dict[str, str]) -> None:
        """Attach messages of the rules to their fields."""
        for name, message in problems.items():
            self.add_error(name, message)

    @property
    def known_revision(self) -> int:
        """The revision that the form was made from; 0 when there was no draft."""
        return whole_number(self.revision.data) or 0

    def _outcome(self) -> Outcome | None:
        if self.outcome.data in set(Outcome):
            return Outcome(self.outcome.data)
        self.outcome.errors = ["決定を選んでください。"]
        return None

    def _day(self, name: str) -> date | None:
        field = self[name]
        if not field.data:
            return None
        try:
            return parse_date(field.data)
        except ValueError:
            field.errors = [UNREADABLE_DAY]
            return None


class CorrectionForm(DecisionForm):
    """The decision as it shall hold, and why it is put right."""

    reason = TextAreaField(
        "訂正の理由",
        [
            InputRequired("訂正の理由を入れてください。"),
            Length(max=REASON_LENGTH, message=f"{REASON_LENGTH:,}文字以内で入れてください。"),
        ],
        description="提案した人にそのまま届きます。前の決定の内容も記録に残ります。",
        render_kw=dict(WORDS),
    )


def shown_values(data: DecisionData, revision: int) -> dict[str, Any]:
    """Stored data as the form shows it."""
    values = {each.name: getattr(data, each.name) for each in fields(DecisionData)}
    return {**values, "planned_meetings": str(data.planned_meetings), "revision": str(revision)}


def _number(typed: str | None) -> int:
    text = fold(typed or "").strip() or "0"
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else NO_NUMBER  # noqa: PLR2004
