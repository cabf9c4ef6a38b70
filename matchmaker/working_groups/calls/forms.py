"""Forms about calls."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Sequence
from typing import Any

from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import AnyOf, InputRequired, Length

from matchmaker.core.dates import parse_date
from matchmaker.core.forms import ProductForm
from matchmaker.core.moment_field import MomentField
from matchmaker.organizations.domain import CATEGORIES
from matchmaker.questions.editing import EditorForm
from matchmaker.working_groups.calls.content import (
    BODY_LENGTH,
    DESCRIPTION_LENGTH,
    LABEL_LENGTH,
    MOST_CRITERIA,
    MOST_DATES,
    NAME_LENGTH,
    QUESTION_LENGTH,
    REASON_LENGTH,
    SUMMARY_LENGTH,
    TITLE_LENGTH,
    CallData,
    CriterionData,
    InvalidCall,
    TimetableEntry,
    day_of,
)
from matchmaker.working_groups.calls.domain import KIND_LABELS, CallKind

BLANK_ROWS = 3
REQUIRED = {"data-required": "true"}
NO_PARENT = ("", "決めていない")


def _longest(length: int) -> dict[str, str]:
    return {"data-max-length": str(length)}


class TimetableRow(Form):
    """One day of the timetable."""

    on = StringField("日付")
    label = StringField("すること", render_kw=_longest(LABEL_LENGTH))

    def validate_on(self, field: Any) -> None:
        """A day is needed as soon as anything is typed."""
        typed = (field.data or "").strip()
        if not typed and (self.label.data or "").strip():
            raise ValidationError("日付を入れてください。")
        try:
            parse_date(typed or "2026-01-01")
        except ValueError:
            raise ValidationError(
                "日付として読めません。2026年12月1日や令和8年12月1日のように入れてください。"
            ) from None

    def validate_label(self, field: Any) -> None:
        """So is what happens on it."""
        text = (field.data or "").strip()
        if not text and (self.on.data or "").strip():
            raise ValidationError("何をする日かを入れてください。")
        if len(text) > LABEL_LENGTH:
            raise ValidationError(f"{LABEL_LENGTH}文字以内で入れてください。")


class CallForm(ProductForm):
    """Text, period and timetable of a call."""

    revision = HiddenField()
    kind = RadioField(
        "種類",
        [AnyOf([kind.value for kind in CallKind], "種類を選んでください。")],
        choices=[(kind.value, label) for kind, label in KIND_LABELS.items()],
        validate_choice=False,
        render_kw=REQUIRED,
    )
    title = StringField(
        "公募の名前",
        [InputRequired("公募の名前を入れてください。")],
        render_kw={**REQUIRED, **_longest(TITLE_LENGTH)},
    )
    summary = TextAreaField(
        "一覧に出す説明",
        description="何を募るのかを、1文か2文で書きます。会員へのメールにも入ります。",
        render_kw=_longest(SUMMARY_LENGTH),
    )
    body = TextAreaField(
        "本文",
        description="目的、募る内容、採択したあとの進め方などを書きます。公開するときに要ります。",
        render_kw=_longest(BODY_LENGTH),
    )
    categories = SelectMultipleField(
        "答えられる団体",
        choices=[(choice.code, choice.label) for choice in CATEGORIES],
        description="選ばないと、すべての会員が答えられます。",
    )
    opens_at = MomentField(
        "受付を始める日時",
        description="この時刻に、自動で受付が始まります。年は、令和9のようにも書けます。",
    )
    closes_at = MomentField(
        "締切",
        description="この時刻になると、自動で受付が終わります。1日の終わりまで受けるときは、時刻を24:00にします。",
    )
    reviews_due_at = MomentField(
        "審査の期限", description="審査員に伝えます。なくてもかまいません。"
    )
    timetable = FieldList(FormField(TimetableRow), max_entries=MOST_DATES)
    parent_group_id = SelectField(
        "上位のWG",
        validate_choice=False,
        description="採択した提案から作るWGの、上のWGです。公開する前に選びます。",
    )
    is_anonymous = BooleanField(
        "審査員に、提案した人と団体の名前を見せない",
        description="提案の本文に書かれた名前は、自動では消えません。",
    )

    @classmethod
    def of(cls, data: CallData | None, revision: int | None = None, **given: Any) -> CallForm:
        """The form with the values of a call, and some blank days."""
        form = cls(**given, data=_form_values(data) if data else {})
        form.revision.data = str(revision or "")
        return form

    def offer_parents(self, groups: Sequence[Any]) -> None:
        """Fill the choice of the group above; one that is not there any more falls away."""
        choices = [(str(group.id), group.name) for group in groups]
        self.parent_group_id.choices = [NO_PARENT, *choices]
        if self.parent_group_id.data not in {value for value, _ in choices}:
            self.parent_group_id.data = ""

    def add_rows(self) -> None:
        """Blank days to be filled in."""
        for _ in range(min(BLANK_ROWS, MOST_DATES - len(self.timetable))):
            self.timetable.append_entry()

    def call_data(self) -> CallData:
        """What was typed; the form must be valid."""
        parent = self.parent_group_id.data
        return CallData(
            kind=CallKind(self.kind.data),
            title=self.title.data or "",
            summary=self.summary.data or "",
            body=self.body.data or "",
            categories=tuple(self.categories.data or ()),
            opens_at=self.opens_at.data,
            closes_at=self.closes_at.data,
            reviews_due_at=self.reviews_due_at.data,
            timetable=tuple(
                TimetableEntry(row.form.on.data or "", row.form.label.data or "")
                for row in self.timetable
            ),
            is_anonymous=bool(self.is_anonymous.data),
            parent_group_id=uuid.UUID(parent) if parent else None,
        )

    def tell(self, invalid: InvalidCall) -> None:
        """Show the messages of a service at their fields."""
        for name, message in invalid.errors.items():
            self.add_error(name if name != "timetable" else None, message)


def _form_values(data: CallData) -> dict[str, Any]:
    return {
        "kind": data.kind.value,
        "title": data.title,
        "summary": data.summary,
        "body": data.body,
        "categories": list(data.categories),
        "opens_at": data.opens_at,
        "closes_at": data.closes_at,
        "reviews_due_at": data.reviews_due_at,
        "timetable": [
            {"on": _day_in_words(entry), "label": entry.label} for entry in data.timetable
        ],
        "is_anonymous": data.is_anonymous,
        "parent_group_id": str(data.parent_group_id or ""),
    }


def _day_in_words(entry: TimetableEntry) -> str:
    day = day_of(entry)
    return f"{day.year}年{day.month}月{day.day}日" if day else entry.on


class CriterionRow(Form):
    """One criterion; a row without a name is left out."""

    id = HiddenField()
    name = StringField("基準の名前", render_kw=_longest(NAME_LENGTH))
    description = TextAreaField("見るところ", render_kw=_longest(DESCRIPTION_LENGTH))
    weight = StringField("重み", render_kw={"inputmode": "numeric"})
    points = StringField("満点", render_kw={"inputmode": "numeric", "data-unit": "点"})
    remove = BooleanField("この基準を消す")

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed, or the row is to go."""
        return bool(self.remove.data) or not any(
            (field.data or "").strip() for field in (self.name, self.description)
        )


class CriteriaForm(ProductForm):
    """All criteria of a call."""

    revision = HiddenField()
    criteria = FieldList(FormField(CriterionRow), max_entries=MOST_CRITERIA)

    @classmethod
    def of(cls, criteria: Sequence[CriterionData], revision: int) -> CriteriaForm:
        """The form with the stored criteria."""
        rows = [
            {"id": str(c.id), "name": c.name, "description": c.description,
             "weight": str(c.weight), "points": str(c.points)}
            for c in criteria
        ]  # fmt: skip
        form = cls(data={"criteria": rows})
        form.revision.data = str(revision)
        return form

    def add_rows(self) -> None:
        """Blank criteria to be filled in: a few to begin with, then one more at a time."""
        wanted = 1 if len(self.criteria) else BLANK_ROWS
        for _ in range(min(wanted, MOST_CRITERIA - len(self.criteria))):
            self.criteria.append_entry({"weight": "1", "points": "5"})

    def criteria_data(self) -> list[CriterionData]:
        """What was typed, without blank rows."""
        return [
            CriterionData(
                name=row.form.name.data or "",
                description=row.form.description.data or "",
                weight=_number(row.form.weight.data),
                points=_number(row.form.points.data),
                id=_id(row.form.id.data),
            )
            for row in self._filled()
        ]

    def tell(self, invalid: InvalidCall) -> None:
        """Show the messages of the service at their rows."""
        rows = self._filled()
        for name, message in invalid.errors.items():
            parts = name.split("-")
            if len(parts) == 1:
                self.form_errors.append(message)
                continue
            field = rows[int(parts[1])].form[parts[2]]
            field.errors = [*field.errors, message]
            self.criteria.errors = [*self.criteria.errors, message]

    def _filled(self) -> list[Any]:
        return [row for row in self.criteria if not row.form.is_blank]


def _number(text: str | None) -> int:
    """A whole number as typed, full width too; what is none is 0, which no criterion may have."""
    folded = unicodedata.normalize("NFKC", text or "").strip()
    return int(folded) if folded.isdecimal() and len(folded) <= len("1000") else 0


def _id(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


class QuestionnaireForm(EditorForm):
    """What a proposal is asked."""

    revision = HiddenField()


class StepForm(ProductForm):
    """The words given for a step; the page asks for them only where they are needed."""

    reason = TextAreaField("理由", render_kw={**REQUIRED, **_longest(REASON_LENGTH)})


class ExtensionForm(ProductForm):
    """A later deadline."""

    closes_at = MomentField("新しい締切", render_kw=REQUIRED)
    reason = TextAreaField(
        "理由",
        [InputRequired("理由を入れてください。")],
        description="公募のページに載ります。",
        render_kw={**REQUIRED, **_longest(REASON_LENGTH)},
    )


class OutcomeForm(ProductForm):
    """What became of a call."""

    revision = HiddenField()
    outcome = TextAreaField(
        "結果の説明",
        description="結果を公表すると、公募のページに載ります。",
        render_kw=_longest(BODY_LENGTH),
    )


class AskForm(ProductForm):
    """A question about a call."""

    text = TextAreaField(
        "質問",
        [
            InputRequired("質問を入れてください。"),
            Length(max=QUESTION_LENGTH, message=f"{QUESTION_LENGTH:,}文字以内で入れてください。"),
        ],
        description="団体の名前や、団体がわかる事情は書かないでください。",
        render_kw={**REQUIRED, **_longest(QUESTION_LENGTH)},
    )


class AnswerForm(ProductForm):
    """What the secretariat does with a question."""

    revision = HiddenField()
    published_text = TextAreaField(
        "公開する質問の文",
        description="だれの質問かわかる言葉があれば、言い換えてください。",
        render_kw=_longest(QUESTION_LENGTH),
    )
    answer = TextAreaField("回答", render_kw=_longest(QUESTION_LENGTH))
    reason = TextAreaField(
        "理由",
        description="公開しないとき、または公開を取り消すときに書きます。公開しない理由は、質問した人にメールで届きます。",
        render_kw=_longest(REASON_LENGTH),
    )


class AddReviewerForm(ProductForm):
    """A further reviewer."""

    user_id = SelectField(
        "加える人",
        [InputRequired("加える人を選んでください。")],
        description="有識者の役割がある人から選びます。",
        validate_choice=False,
        render_kw=REQUIRED,
    )

    def offer(self, people: Sequence[Any]) -> None:
        """Fill the choice."""
        choices = [(str(person.id), person.name) for person in people]
        self.user_id.choices = [("", "選んでください"), *choices]


class LeaveForm(ProductForm):
    """Why a reviewer leaves."""

    reason = TextAreaField(
        "外れる理由",
        [InputRequired("理由を入れてください。")],
        description="記録に残ります。まだ終わっていない審査は、担当なしに戻ります。",
        render_kw={**REQUIRED, **_longest(REASON_LENGTH)},
    )
