"""Forms of meetings: the meeting itself, its agenda, answers, materials, checklist."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
)

from matchmaker.core.clock import start_of_day, today
from matchmaker.core.dates import parse_date
from matchmaker.core.errors import ProductError
from matchmaker.core.form_fields import REQUIRED, line_field, text_field
from matchmaker.core.forms import DateTripleField, ProductForm
from matchmaker.core.moment_field import MomentField, parse_time
from matchmaker.working_groups.groups.domain import VISIBILITY_LABELS, Visibility
from matchmaker.working_groups.meetings.agenda import AgendaLine
from matchmaker.working_groups.meetings.attendance import Answer
from matchmaker.working_groups.meetings.domain import (
    ANSWER_LABELS,
    PLACE_LENGTH,
    POLICY_LENGTH,
    PUBLISH_LABELS,
    TITLE_LENGTH,
    URL_LENGTH,
    AttendanceAnswer,
    InvalidMeeting,
    MeetingData,
    PublishMoment,
)
from matchmaker.working_groups.meetings.models import AgendaItem, Meeting

BLANK_ROWS = 3
MOST_ROWS = 40
LONGEST_ITEM = 600
UNREADABLE_NUMBER = "数字で入れてください。"


def number_of(text: str | None) -> int | None:
    """A whole number as people type it (full width, 「回」 or 「分」 behind it); None for nothing.

    Raises:
        ValueError: it is no number.
    """
    folded = unicodedata.normalize("NFKC", text or "").strip().strip("第回分").strip()
    if not folded:
        return None
    if not folded.isdecimal() or len(folded) > 6:  # noqa: PLR2004 - far beyond any bound
        raise ValueError(text)
    return int(folded)


class MeetingForm(ProductForm):
    """Date, place, way in and who may read of it."""

    round = line_field("何回目か", 10, "数えないときは空けておきます。", inputmode="numeric")
    title = line_field("会合の名前", TITLE_LENGTH, "例：第3回会合、現地視察", **REQUIRED)
    starts_at = MomentField(
        "始まり",
        description="例：2027年4月1日 14:00。令和9年のように書いてもかまいません。",
        render_kw=REQUIRED,
    )
    ends_at = MomentField(
        "終わり",
        description="同じ日なら、時刻だけでかまいません。日をまたぐときは、日付も入れます。",
        render_kw=REQUIRED,
    )
    is_long = BooleanField("12時間を超える会合です（泊まりがけの視察など）")
    place = line_field(
        "会場", PLACE_LENGTH, "例：大阪市役所 5階 第2会議室。オンラインだけなら空けます。"
    )
    online_url = line_field(
        "オンラインの入口（アドレス）",
        URL_LENGTH,
        "WGに参加している人と代理の人だけに見えます。あとから入れてもかまいません。",
        inputmode="url",
    )
    online_policy = text_field(
        "オンラインについて",
        POLICY_LENGTH,
        "だれが、どうすれば参加できるか。会合を読める人みんなに見えます。入口のアドレスは書かないでください。",
    )
    answers_until = MomentField(
        "出欠の回答の期限", description="空けておくと、会合が始まるまで回答できます。"
    )
    visibility = RadioField(
        "会合のページを読める人",
        choices=[(each.value, label) for each, label in VISIBILITY_LABELS.items()],
        validate_choice=False,
        render_kw=REQUIRED,
    )
    copies_agenda = BooleanField("前回の会合の議題を写す")
    revision = HiddenField()

    def meeting_data(self) -> MeetingData | None:
        """What was typed; None when something could not be read (told at its field)."""
        self._complete_end()
        self.validate_on_submit()
        number = self._round()
        visibility = self._visibility()
        for name in ("starts_at", "ends_at"):
            if self[name].data is None and not self[name].errors:
                self.add_error(name, "日付と時刻を入れてください。")
        if self.errors or visibility is None:
            return None
        return MeetingData(
            title=self.title.data or "",
            starts_at=self.starts_at.data,
            ends_at=self.ends_at.data,
            round=number,
            place=self.place.data or "",
            online_url=self.online_url.data or "",
            online_policy=self.online_policy.data or "",
            visibility=visibility,
            answers_until=self.answers_until.data,
            is_long=bool(self.is_long.data),
        )

    def _complete_end(self) -> None:
        """An end with a time alone is on the day of the beginning."""
        end, begin = self.ends_at, self.starts_at
        if any(end.parts) or not end.typed_time or begin.data is None:
            return
        try:
            end.data = start_of_day(today(begin.data)) + parse_time(end.typed_time)
            end.unreadable = None
        except ValueError:
            return

    def _round(self) -> int | None:
        try:
            return number_of(self.round.data)
        except ValueError:
            self.add_error("round", UNREADABLE_NUMBER)
            return None

    def _visibility(self) -> Visibility | None:
        try:
            return Visibility(self.visibility.data or "")
        except ValueError:
            self.add_error("visibility", "読める人を選んでください。")
            return None

    def refuse(self, error: ProductError) -> None:
        """Tell at its field what the service refused."""
        if not isinstance(error, InvalidMeeting):
            self.add_error(error.field, error.message)
            return
        for name, message in error.errors.items():
            self.add_error(name, message)


def meeting_values(meeting: Meeting) -> dict[str, Any]:
    """What the form shows of a meeting."""
    names = ("title", "starts_at", "ends_at", "place", "online_url", "online_policy")
    return {
        **{name: getattr(meeting, name) for name in names},
        "round": str(meeting.round or ""),
        "answers_until": meeting.answers_until,
        "visibility": meeting.visibility.value,
        "revision": str(meeting.revision),
    }


class AgendaRow(Form):
    """One item of the agenda."""

    item_id = HiddenField()
    order = line_field("順番", 6, inputmode="numeric")
    title = line_field("議題", 200)
    minutes = line_field("長さ（分）", 6, inputmode="numeric")
    speaker_id = SelectField("話す人", validate_choice=False)
    speaker_name = line_field("話す人（WGの外の人）", 100)
    note = text_field("補足", 1000)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed into it."""
        return not (self.title.data or self.minutes.data or self.speaker_name.data)


class AgendaForm(ProductForm):
    """The whole agenda; rows without a title go."""

    items = FieldList(FormField(AgendaRow), max_entries=MOST_ROWS)
    revision = HiddenField()

    def offer_people(self, options: Sequence[tuple[str, str]]) -> None:
        """Say who may be chosen as a speaker."""
        for entry in self.items:
            entry.form.speaker_id.choices = [("", "なし"), *options]

    def add_blank_rows(self, number: int = BLANK_ROWS) -> None:
        """Make room for more items."""
        for _ in range(min(number, MOST_ROWS - len(self.items))):
            self.items.append_entry({"order": str(len(self.items) + 1)})

    def lines(self) -> list[AgendaLine]:
        """The items in the order wished for; what cannot be read is told at its field."""
        rows = [entry.form for entry in self.items if not entry.form.is_empty]
        numbered = [(_order(row, place), place, row) for place, row in enumerate(rows, start=1)]
        ordered = sorted(numbered, key=lambda each: each[:2])
        lines = [_line(row) for _order_number, _place, row in ordered]
        self.items.errors = [each.form.errors for each in self.items if each.form.errors]
        return lines


def _order(row: AgendaRow, place: int) -> int:
    try:
        wanted = number_of(row.order.data)
    except ValueError:
        row.order.errors = [*row.order.errors, UNREADABLE_NUMBER]
        return place
    return place if wanted is None else wanted


def _line(row: AgendaRow) -> AgendaLine:
    if not row.title.data:
        row.title.errors = [
            *row.title.errors,
            "議題を入れてください。消すときは、行をすべて空けます。",
        ]
    return AgendaLine(
        title=row.title.data or "",
        minutes=_minutes(row),
        item_id=uuid_of(row.item_id.data),
        speaker_id=uuid_of(row.speaker_id.data),
        speaker_name=row.speaker_name.data or "",
        note=row.note.data or "",
    )


def _minutes(row: AgendaRow) -> int | None:
    try:
        minutes = number_of(row.minutes.data)
    except ValueError:
        minutes = 0
    if minutes is not None and not 1 <= minutes <= LONGEST_ITEM:
        row.minutes.errors = [*row.minutes.errors, f"1から{LONGEST_ITEM}までの分で入れてください。"]
    return minutes


def agenda_values(items: Sequence[AgendaItem]) -> list[dict[str, str]]:
    """What the form shows of an agenda."""
    return [
        {
            "item_id": str(item.id),
            "order": str(place),
            "title": item.title,
            "minutes": str(item.minutes or ""),
            "speaker_id": str(item.speaker_id or ""),
            "speaker_name": item.speaker_name,
            "note": item.note,
        }
        for place, item in enumerate(items, start=1)
    ]


def uuid_of(text: str | None) -> uuid.UUID | None:
    """The id in a field; None for nothing or a made-up one."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


class AttendanceForm(ProductForm):
    """Whether and how somebody comes."""

    answer = RadioField("出欠", validate_choice=False, render_kw=REQUIRED)
    proxy_name = line_field("代理の人の名前", 100, **{"data-only-when": "answer:proxy"})
    proxy_email = EmailField(
        "代理の人のメールアドレス",
        description="案内をこのアドレスに送ります。",
        render_kw={"data-only-when": "answer:proxy"},
    )
    note = line_field(
        "ひとこと", 500, "遅れて着くことや、会場での手助けなど。主催者だけが読みます。"
    )

    def offer(self, answers: Sequence[AttendanceAnswer]) -> None:
        """Say which answers the meeting leaves."""
        self.answer.choices = [(each.value, ANSWER_LABELS[each]) for each in answers]

    def given(self) -> Answer | None:
        """The answer; None when there is none (told at its field)."""
        is_valid = self.validate_on_submit()
        if self.answer.data not in set(AttendanceAnswer):
            self.add_error("answer", "出欠を選んでください。")
            return None
        if not is_valid:
            return None
        return Answer(
            AttendanceAnswer(self.answer.data),
            self.proxy_name.data or "",
            self.proxy_email.data or "",
            self.note.data or "",
        )


class StepForm(ProductForm):
    """A further step of the checklist."""

    label = line_field("すること", 200, **REQUIRED)
    due_on = DateTripleField("いつまでに", description="決まっていなければ空けておきます。")

    def due_day(self) -> date | None:
        """The day; one that cannot be read is told at its field."""
        try:
            return parse_date(self.due_on.data) if self.due_on.data else None
        except ValueError:
            self.add_error("due_on", "日付を、2027年4月1日や令和9年4月1日のように入れてください。")
            return None


class MaterialForm(ProductForm):
    """A material, the item it belongs to and when it may be seen."""

    title = line_field("資料の名前", 100, "空けておくと、ファイルの名前になります。")
    file = FileField("ファイル", render_kw=REQUIRED)
    agenda_item_id = SelectField("どの議題の資料ですか", validate_choice=False)
    moment = RadioField(
        "いつ公開しますか",
        choices=[(each.value, label) for each, label in PUBLISH_LABELS.items()],
        default=PublishMoment.NOW.value,
        validate_choice=False,
        render_kw=REQUIRED,
    )
    visibility = RadioField(
        "公開したあと、読める人",
        choices=[(each.value, label) for each, label in VISIBILITY_LABELS.items()],
        default=Visibility.GROUP.value,
        validate_choice=False,
        render_kw=REQUIRED,
    )

    def offer_items(self, items: Sequence[AgendaItem]) -> None:
        """Say which items of the agenda there are."""
        self.agenda_item_id.choices = [
            ("", "会合全体の資料"),
            *((str(item.id), f"{place}. {item.title}") for place, item in enumerate(items, 1)),
        ]

    def chosen_moment(self) -> PublishMoment:
        """When it may be seen; a made-up word counts as the latest moment."""
        known = self.moment.data in set(PublishMoment)
        return PublishMoment(self.moment.data) if known else PublishMoment.AT_END

    def chosen_visibility(self) -> Visibility:
        """Who may read it; a made-up word counts as the smallest circle."""
        known = self.visibility.data in set(Visibility)
        return Visibility(self.visibility.data) if known else Visibility.GROUP
