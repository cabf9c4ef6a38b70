"""Forms of pilots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from matchmaker.cases.drafts import domain as draft
from matchmaker.cases.drafts.domain import DraftContent
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.forms import DateTripleField, ProductForm
from matchmaker.core.text import fold, whole_number
from matchmaker.organizations.models import Municipality
from matchmaker.partnering.pilots.domain import (
    END_REASON_LABELS,
    FIELD_LENGTH,
    FORMAT_LABELS,
    OUTCOME_LABELS,
    REASON_LENGTH,
    SUMMARY_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    Outcome,
)
from matchmaker.partnering.pilots.life import OutcomeInput
from matchmaker.partnering.pilots.models import Pilot, PilotIndicator
from matchmaker.partnering.pilots.plans import PlanInput
from matchmaker.partnering.pilots.reporting import ReportInput, ValueInput
from matchmaker.partnering.pilots.schedule import INTERVAL_LABELS
from matchmaker.posts.vocabularies import find_municipality_code
from matchmaker.posts.vocabulary import CIRCULATION_METHODS

EMPTY_ROWS = 3
TOWN = {"data-municipality": "true", "data-required": "true"}


def _long(most: int, *, required: bool = False) -> dict[str, str]:
    shown = {"data-max-length": str(most)}
    return {**shown, "data-required": "true"} if required else shown


def town_code(text: str | None) -> str:
    """The code of a town typed by name or code; empty when it is not known."""
    return (find_municipality_code(text, None) or "") if text and text.strip() else ""


def town_text(town: Municipality) -> str:
    """How a town stands in its field."""
    return f"{town.prefecture}{town.name}"


class PlanForm(ProductForm):
    """The frame of a pilot."""

    revision = HiddenField()
    title = StringField(
        "実証の名前",
        description="例：竹チップのたい肥化の実証（東川町）",
        render_kw=_long(TITLE_LENGTH, required=True),
    )
    format = RadioField(
        "実証の形",
        choices=[(code.value, label) for code, label in FORMAT_LABELS.items()],
        render_kw={"data-required": "true"},
        validate_choice=False,
    )
    summary = TextAreaField(
        "何を確かめるか",
        description="はじめて読む人に分かるように書いてください。公開ページにも出ます。",
        render_kw={**_long(SUMMARY_LENGTH, required=True), "rows": "6"},
    )
    starts_on = DateTripleField("始まる日", render_kw={"data-required": "true"})
    ends_on = DateTripleField("終わる日", render_kw={"data-required": "true"})
    municipality = StringField(
        "実証をする市区町村", description="名前か、団体コード6桁で入れてください。", render_kw=TOWN
    )
    field_name = StringField(
        "実証をする場所", description="例：町のたい肥センター", render_kw=_long(FIELD_LENGTH)
    )
    report_interval = RadioField(
        "報告の間隔",
        choices=[(str(int(code)), label) for code, label in INTERVAL_LABELS.items()],
        description="報告の期間は、月の終わりと3月31日で区切ります。",
        render_kw={"data-required": "true"},
        validate_choice=False,
    )
    report_days = StringField(
        "報告の期日",
        description="期間が終わってから何日以内に出すかです。",
        render_kw={"data-required": "true", "inputmode": "numeric", "data-unit": "日以内"},
    )
    is_public = BooleanField(
        "始まったら、公開ページを作る",
        description="名前、場所、期間、できた節目、公開と決めた指標、"
        "名前を出すことに同意した団体が、だれにでも見えます。予算と報告の文章は出ません。",
    )

    def fill(self, pilot: Pilot) -> None:
        """Show what is stored (town loaded)."""
        for name in ("title", "summary", "field_name", "is_public"):
            self[name].data = getattr(pilot, name)
        self.format.data = pilot.format.value
        self.revision.data = str(pilot.revision)
        self.starts_on.process(None, pilot.starts_on)
        self.ends_on.process(None, pilot.ends_on)
        self.municipality.data = town_text(pilot.municipality)
        self.report_interval.data = str(pilot.report_interval)
        self.report_days.data = str(pilot.report_days)

    def plan(self) -> PlanInput:
        """What was typed."""
        return PlanInput(
            title=self.title.data or "",
            format=self.format.data or "",
            starts_on=self.starts_on.data or "",
            ends_on=self.ends_on.data or "",
            municipality_code=town_code(self.municipality.data),
            field_name=self.field_name.data or "",
            summary=self.summary.data or "",
            report_interval=self.report_interval.data or "",
            report_days=self.report_days.data or "",
            is_public=bool(self.is_public.data),
        )


class RowsForm(ProductForm):
    """Lines of a table (milestones, budget, indicators); the inputs are read by column."""

    revision = HiddenField()


def sent_rows(columns: Sequence[str], most: int) -> list[dict[str, str]] | None:
    """The lines as they were sent, or kept from before the session ended; None for neither.

    Each line sends the names ``<column>-<number>``: a box that is not ticked shifts nothing.
    """
    values: MultiDict[str, str] | None = (
        request.form if request.method == "POST" else stashed_values(request.path)
    )
    if values is None:
        return None
    last = max((_place(name, columns) for name in values), default=-1)
    return [
        {column: values.get(f"{column}-{place}", "") for column in columns}
        for place in range(min(last + 1, most + EMPTY_ROWS))
    ]


def _place(name: str, columns: Sequence[str]) -> int:
    column, _, number = name.rpartition("-")
    place = whole_number(number) if column in columns else None
    return -1 if place is None else place


class MoveForm(ProductForm):
    """A step. Each form of the page writes its own step beside the fields."""

    move = StringField()
    reason = StringField("理由", render_kw=_long(REASON_LENGTH, required=True))


class ConsentForm(ProductForm):
    """Whether an organisation is named on the public page."""

    organization = StringField()
    named = StringField()


class OutcomeForm(ProductForm):
    """What came of a pilot."""

    outcome = RadioField(
        "これからどうするか",
        choices=[(code.value, label) for code, label in OUTCOME_LABELS.items()],
        render_kw={"data-required": "true"},
        validate_choice=False,
    )
    end_reason = RadioField(
        "終了する理由",
        choices=[(code.value, label) for code, label in END_REASON_LABELS.items()],
        render_kw={"data-only-when": f"outcome:{Outcome.FINISHED.value}"},
        validate_choice=False,
    )
    words = TextAreaField(
        "結果と、そう決めた理由",
        render_kw={**_long(TEXT_LENGTH, required=True), "rows": "6"},
    )
    lessons = TextAreaField(
        "分かったこと",
        description="ほかの地域の役に立つことを書いてください。うまくいかなかったことも書きます。"
        "事例の下書きに入ります。",
        render_kw={**_long(TEXT_LENGTH, required=True), "rows": "6"},
    )

    def typed(self) -> OutcomeInput:
        """What was typed."""
        return OutcomeInput(
            self.outcome.data or "", self.end_reason.data or "", self.words.data or "",
            self.lessons.data or "",
        )  # fmt: skip


class ReportForm(ProductForm):
    """The words of a report; the values are read by indicator."""

    revision = HiddenField()
    done = TextAreaField(
        "この期間にしたこと", render_kw={**_long(TEXT_LENGTH, required=True), "rows": "6"}
    )
    troubles = TextAreaField("困っていること", render_kw={**_long(TEXT_LENGTH), "rows": "4"})
    next_steps = TextAreaField("次の期間にすること", render_kw={**_long(TEXT_LENGTH), "rows": "4"})
    reason = StringField(
        "直す理由",
        description="前の版は残ります。例：計量票と突き合わせて直した。",
        render_kw=_long(REASON_LENGTH, required=True),
    )

    def fill(self, typed: ReportInput, revision: int) -> None:
        """Show what is stored."""
        self.revision.data = str(revision)
        for name in ("done", "troubles", "next_steps"):
            self[name].data = getattr(typed, name)

    def typed(self, indicators: Sequence[PilotIndicator]) -> ReportInput:
        """What was typed."""
        return ReportInput(
            done=self.done.data or "",
            troubles=self.troubles.data or "",
            next_steps=self.next_steps.data or "",
            reason=self.reason.data or "",
            values=sent_values(request.form, indicators),
        )


def sent_values(
    sent: MultiDict[str, str], indicators: Sequence[PilotIndicator]
) -> dict[str, ValueInput]:
    """Values of the indicators as typed."""
    return {
        str(each.id): ValueInput(
            sent.get(f"value-{each.id}", ""),
            bool(sent.get(f"estimate-{each.id}")),
            sent.get(f"note-{each.id}", ""),
        )
        for each in indicators
    }


class CaseDraftForm(ProductForm):
    """The draft of a case."""

    revision = HiddenField()
    title = StringField("題名", render_kw=_long(draft.TITLE_LENGTH, required=True))
    municipality = StringField("市区町村", render_kw=TOWN)
    need = TextAreaField(
        "困りごと",
        description="実証の前に、自治体が何に困っていたかを書いてください。",
        render_kw={**_long(draft.TEXT_LENGTH, required=True), "rows": "5"},
    )
    business = StringField("事業者", render_kw=_long(draft.NAME_LENGTH, required=True))
    offering = TextAreaField(
        "事業者ができたこと", render_kw={**_long(draft.TEXT_LENGTH, required=True), "rows": "5"}
    )
    materials = SelectMultipleField("対象の品目", validate_choice=False)
    methods = SelectMultipleField(
        "循環の構築方法",
        choices=[(choice.code, choice.label) for choice in CIRCULATION_METHODS],
        validate_choice=False,
    )
    theme = StringField("テーマ", render_kw=_long(draft.THEME_LENGTH))
    material_note = StringField("品目の説明", render_kw=_long(draft.NAME_LENGTH))
    quantity = TextAreaField("量と効果", render_kw={**_long(draft.QUANTITY_LENGTH), "rows": "3"})
    year = StringField("始まった年度", render_kw={"inputmode": "numeric", "maxlength": "8"})
    source_url = StringField(
        "出典のアドレス",
        description="だれでも読めるページを入れてください。例：市のホームページ",
        render_kw=_long(draft.URL_LENGTH, required=True),
    )
    note = TextAreaField("そのほか", render_kw={**_long(draft.TEXT_LENGTH), "rows": "6"})

    def fill(self, stored: Any) -> None:
        """Show what is stored (town loaded)."""
        for name in (
            "title", "need", "business", "offering", "materials", "methods", "theme",
            "material_note", "quantity", "source_url", "note",
        ):  # fmt: skip
            self[name].data = getattr(stored, name)
        self.year.data = str(stored.year or "")
        self.municipality.data = town_text(stored.municipality)
        self.revision.data = str(stored.revision)

    def content(self) -> DraftContent:
        """What was typed."""
        texts = {
            name: self[name].data or ""
            for name in (
                "title", "need", "business", "offering", "theme", "material_note", "quantity",
                "source_url", "note",
            )
        }  # fmt: skip
        return DraftContent(
            **texts,
            municipality_code=town_code(self.municipality.data),
            year=whole_number(fold(self.year.data or "").rstrip("年度")),
            materials=tuple(self.materials.data or ()),
            methods=tuple(self.methods.data or ()),
        )
