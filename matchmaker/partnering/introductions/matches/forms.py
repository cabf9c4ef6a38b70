"""Forms of the shared page of a match."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from wtforms import FileField, HiddenField, RadioField, SelectField

from matchmaker.core.dates import parse_date
from matchmaker.core.errors import ProductError
from matchmaker.core.form_fields import REQUIRED, line_field, text_field
from matchmaker.core.forms import DateTripleField, ProductForm
from matchmaker.core.moment_field import MomentField
from matchmaker.core.text import clean_line, whole_number
from matchmaker.partnering.introductions.domain import REASON_LABELS
from matchmaker.partnering.introductions.matches.appointments import Proposal
from matchmaker.partnering.introductions.matches.domain import (
    LABEL_LENGTH,
    MESSAGE_LENGTH,
    PLACE_LENGTH,
    REASON_LENGTH,
    STEP_LENGTH,
    TITLE_LENGTH,
    VALUE_LENGTH,
)
from matchmaker.partnering.introductions.matches.files import CAPTION_LENGTH

UNREADABLE_DAY = "日付を、2027年4月1日や令和9年4月1日のように入れてください。"


class RevisionForm(ProductForm):
    """Carries the revision that the page was made from."""

    revision = HiddenField()

    @property
    def expected(self) -> int:
        """The revision that was read; 0, which none has, when it cannot be read."""
        return whole_number(self.revision.data) or 0


class MessageForm(ProductForm):
    """A message to the other side."""

    key = HiddenField()
    text = text_field("メッセージ", MESSAGE_LENGTH, wanted="メッセージを入れてください。")


class FactForm(RevisionForm):
    """Something both sides hold; the label of one that stands is not changed."""

    label = line_field("項目", LABEL_LENGTH, "例：引き渡す量、引き渡しの場所、費用の分担")
    value = text_field("決まった内容", VALUE_LENGTH, wanted="決まった内容を入れてください。")


class FileForm(ProductForm):
    """A file for both sides."""

    file = FileField("ファイル", render_kw=REQUIRED)
    caption = line_field("説明", CAPTION_LENGTH, "何のファイルかを書いてください。")


class NextStepForm(RevisionForm):
    """What is done next."""

    next_step = line_field(
        "次にすること",
        STEP_LENGTH,
        "例：サンプルを5kg送る",
        wanted="次にすることを入れてください。",
    )
    due_on = DateTripleField("いつまでに", render_kw=REQUIRED)
    owner = SelectField("だれが", validate_choice=False, render_kw=REQUIRED)

    def day(self) -> date | None:
        """The day that was typed.

        Raises:
            ProductError: it cannot be read (field ``due_on``).
        """
        if not self.due_on.data:
            return None
        try:
            return parse_date(self.due_on.data)
        except ValueError:
            raise ProductError(UNREADABLE_DAY, "due_on") from None


class DatesForm(ProductForm):
    """Up to three dates for a talk; ``replaces`` names the appointment whose dates were read."""

    replaces = HiddenField()
    title = line_field(
        "何の打合せか", TITLE_LENGTH, "例：はじめての打合せ",
        wanted="何の打合せかを入れてください。",
    )  # fmt: skip
    place = line_field("場所・方法", PLACE_LENGTH, "例：町役場2階、電話、オンライン（URL）")
    minutes = line_field(
        "時間", 4, "分で入れてください。", wanted="時間を入れてください。", inputmode="numeric"
    )
    date_1 = MomentField("候補1", render_kw=REQUIRED)
    date_2 = MomentField("候補2")
    date_3 = MomentField("候補3")

    def proposal(self) -> Proposal:
        """What was typed.

        Raises:
            ProductError: a date stands after an empty one (field of the empty one).
        """
        fields = (self.date_1, self.date_2, self.date_3)
        dates: list[datetime] = []
        for number, field in enumerate(fields, start=1):
            if field.data is None:
                continue
            if len(dates) < number - 1:
                raise ProductError("候補は1つめから順に入れてください。", f"date_{len(dates) + 1}")
            dates.append(field.data)
        minutes = whole_number(clean_line(self.minutes.data or ""))
        return Proposal(
            self.title.data or "", self.place.data or "", minutes, dates, self._replaced()
        )

    def _replaced(self) -> uuid.UUID | None:
        try:
            return uuid.UUID(self.replaces.data or "")
        except ValueError:
            return None


class ShiftForm(RevisionForm):
    """Another date for an agreed appointment."""

    starts_at = MomentField("新しい日時", render_kw=REQUIRED)


class CancelForm(RevisionForm):
    """Why an appointment is cancelled."""

    reason = text_field("理由", REASON_LENGTH, wanted="中止する理由を入れてください。")


class EndForm(RevisionForm):
    """Why the talks end."""

    reason_code = RadioField(
        "理由",
        choices=[(code.value, label) for code, label in REASON_LABELS.items()],
        validate_choice=False,
        render_kw=REQUIRED,
    )
    reason = text_field(
        "くわしい理由", REASON_LENGTH, "相手と事務局が読みます。次の紹介に生かします。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.reason_code.data is None:
            self.reason_code.data = ""
