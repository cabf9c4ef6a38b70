"""Forms of what comes after an event."""

from __future__ import annotations

from wtforms import BooleanField, FileField, HiddenField, RadioField, StringField, TextAreaField

from matchmaker.core.forms import DateTripleField, ProductForm
from matchmaker.core.text import whole_number
from matchmaker.regional_events.reports.costs import CostRow
from matchmaker.regional_events.reports.domain import (
    ALT_LENGTH,
    BODY_LENGTH,
    CAPTION_LENGTH,
    CONSENT_LENGTH,
    MOST_COSTS,
    REASON_LENGTH,
    SUBJECT_LENGTH,
    TEXT_LENGTH,
)
from matchmaker.regional_events.reports.mailings import MailingData
from matchmaker.regional_events.reports.models import EventReport
from matchmaker.regional_events.reports.photos import PhotoWords
from matchmaker.regional_events.reports.service import ReportData

EMPTY_ROWS = 3


def _long(most: int, *, required: bool = False) -> dict[str, str]:
    shown = {"data-max-length": str(most)}
    return {**shown, "data-required": "true"} if required else shown


class ReportForm(ProductForm):
    """The words of a report."""

    revision = HiddenField()
    summary = TextAreaField(
        "概要",
        description="どんなイベントだったかを、はじめて読む人に分かるように書きます。",
        render_kw={**_long(TEXT_LENGTH, required=True), "rows": "10"},
    )
    outcome = TextAreaField(
        "成果とこれから",
        description="何が決まり、何につながったかを書きます。個人の名前は書かないでください。",
        render_kw={**_long(TEXT_LENGTH), "rows": "8"},
    )
    shows_questions = BooleanField("会場からの質問と答えを載せる")
    shows_meetings = BooleanField("面談の数を載せる")
    shows_survey = BooleanField(
        "アンケートの結果を載せる",
        description="選ぶ質問の結果だけを、締め切りのあと、5件以上集まったときに載せます。",
    )
    reason = StringField("直す理由", render_kw=_long(REASON_LENGTH))

    def fill(self, report: EventReport | None) -> None:
        """Show what is stored."""
        self.revision.data = str(report.revision if report else 0)
        if report is None:
            self.shows_questions.data = self.shows_meetings.data = self.shows_survey.data = True
            return
        self.summary.data, self.outcome.data = report.summary, report.outcome
        self.shows_questions.data = report.shows_questions
        self.shows_meetings.data = report.shows_meetings
        self.shows_survey.data = report.shows_survey

    def seen_revision(self) -> int | None:
        """The revision the form was opened with."""
        return whole_number(self.revision.data)

    def report_data(self) -> ReportData:
        """What was typed."""
        return ReportData(
            self.summary.data or "",
            self.outcome.data or "",
            bool(self.shows_survey.data),
            bool(self.shows_questions.data),
            bool(self.shows_meetings.data),
        )


class MoveForm(ProductForm):
    """A step of a report. Each form of the page writes its own step: were the field a hidden one,
    an empty one would be sent before it."""

    move = StringField()
    reason = StringField("理由", render_kw=_long(REASON_LENGTH))


class PhotoWordsForm(ProductForm):
    """The words to a picture."""

    alt_text = StringField(
        "写っているもの",
        description="写真を見られない方が読みます。例：机を囲んで話す8人。",
        render_kw=_long(ALT_LENGTH, required=True),
    )
    caption = StringField(
        "説明",
        description="写真の下に出ます。なくてもかまいません。",
        render_kw=_long(CAPTION_LENGTH),
    )
    consent_note = StringField(
        "同意の確かめ方",
        description="公開しません。例：受付で全員に確かめた。後ろ姿だけで人は分からない。",
        render_kw=_long(CONSENT_LENGTH, required=True),
    )

    def words(self) -> PhotoWords:
        """What was typed."""
        return PhotoWords(
            self.alt_text.data or "", self.consent_note.data or "", self.caption.data or ""
        )


class PhotoForm(PhotoWordsForm):
    """A picture with its words."""

    file = FileField("写真", render_kw={"data-required": "true"})


class MailingForm(ProductForm):
    """A mail of the staff."""

    subject = StringField("件名", render_kw=_long(SUBJECT_LENGTH, required=True))
    body = TextAreaField(
        "本文",
        description="宛名、日時、資料とアンケートのリンクは、自動で付きます。",
        render_kw={**_long(BODY_LENGTH, required=True), "rows": "10"},
    )

    def mailing_data(self) -> MailingData:
        """What was typed."""
        return MailingData(self.subject.data or "", self.body.data or "")


class EventSurveyForm(ProductForm):
    """A survey to those who came."""

    title = StringField("アンケートの名前", render_kw={"data-required": "true", "maxlength": "100"})
    until = DateTripleField(
        "答えられる最後の日",
        description="空のままなら2週間後です。例：2027年4月1日。令和9年のように書いてもかまいません。",
    )
    names = RadioField(
        "答えた人の名前",
        choices=[
            ("anonymous", "名前を残さない（だれの答えか、主催者にも分かりません）"),
            ("named", "名前を残す"),
        ],
        default="anonymous",
        render_kw={"data-required": "true"},
    )


class ForgetForm(ProductForm):
    """One registration of a guest, to be deleted at once."""

    number = StringField(
        "参加登録の番号",
        description="参加登録の一覧にある番号です。名前やメールアドレスは入れないでください。",
        render_kw={"data-required": "true", "inputmode": "numeric", "maxlength": "8"},
    )
    reason = StringField(
        "理由",
        description="記録に残ります。名前は書かないでください。例：本人から電話で希望があった。",
        render_kw=_long(REASON_LENGTH, required=True),
    )


class CostsForm(ProductForm):
    """Lines of costs, as many as were sent."""

    def sent_rows(self, labels: list[str], planned: list[str], actual: list[str]) -> list[CostRow]:
        """The lines as they were typed (bounded)."""
        columns = zip(labels, planned, actual, strict=False)
        return [CostRow(*typed) for typed in columns][: MOST_COSTS + EMPTY_ROWS]
