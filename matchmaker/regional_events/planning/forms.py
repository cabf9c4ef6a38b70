"""Forms of events: the event itself, a new date, people who work for it, people invited."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from wtforms import (
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
)

from matchmaker.core.clock import start_of_day, today
from matchmaker.core.errors import ProductError
from matchmaker.core.form_fields import REQUIRED, line_field, text_field
from matchmaker.core.forms import NOT_CHOSEN, ProductForm
from matchmaker.core.moment_field import UNREADABLE_TIME, MomentField, parse_time
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.organizations.models import Organization
from matchmaker.regional_events.planning.content import (
    NOTE_LENGTH,
    PERSON_LENGTH,
    SUMMARY_LENGTH,
    TEXT_LENGTH,
    EventData,
    InvalidEvent,
    OrganizerData,
)
from matchmaker.regional_events.planning.domain import (
    ADDRESS_LENGTH,
    AUDIENCE_LABELS,
    DEFAULT_GUEST_RETENTION_DAYS,
    DEFAULT_HOLD_HOURS,
    KIND_LABELS,
    NAME_LENGTH,
    ORGANIZER_LABELS,
    ORGANIZERS_MOST,
    PLACE_LENGTH,
    URL_LENGTH,
    WAITING_RULE_LABELS,
    Audience,
    EventKind,
    EventState,
    OrganizerRole,
    WaitingRule,
)
from matchmaker.regional_events.planning.models import EventSeries, RegionalEvent
from matchmaker.regional_events.planning.notices import organizer_name
from matchmaker.regional_events.planning.queries import organizations_called

BLANK_ROWS = 2
LONGEST_NUMBER = 6
UNREADABLE_NUMBER = "数字で入れてください。"
UNREADABLE_POINT = (
    "緯度と経度を、35.155, 136.920 のように入れるか、地理院地図のアドレスを貼ってください。"
)
POINT = re.compile(r"^(\d{1,3}(?:\.\d+)?)[,、 /]+(\d{1,3}(?:\.\d+)?)$")
MAP_POINT = re.compile(r"#\d+/(\d{1,3}(?:\.\d+)?)/(\d{1,3}(?:\.\d+)?)")
Point = tuple[float, float]


def _moment(label: str, description: str = "", *, required: bool = False) -> MomentField:
    return MomentField(label, description=description, render_kw=REQUIRED if required else {})


def number_of(text: str | None) -> int:
    """A whole number as people type it (full width, 「時間」 or 「日」 behind it).

    Raises:
        ValueError: it is none, or far beyond any bound.
    """
    folded = unicodedata.normalize("NFKC", text or "").strip().rstrip("時間日").strip()
    if not folded.isdecimal() or len(folded) > LONGEST_NUMBER:
        raise ValueError(text)
    return int(folded)


def point_of(text: str | None) -> Point | None:
    """Latitude and longitude, typed or in an address of the authority's map; None for nothing.

    Raises:
        ValueError: it is neither.
    """
    folded = unicodedata.normalize("NFKC", text or "").strip()
    if not folded:
        return None
    match = MAP_POINT.search(folded) or POINT.match(folded)
    if match is None:
        raise ValueError(text)
    return float(match[1]), float(match[2])


class OrganizerRow(Form):
    """One organisation that holds or supports the event."""

    role = SelectField(
        "役割",
        choices=[(role.value, label) for role, label in ORGANIZER_LABELS.items()],
        validate_choice=False,
    )
    name = line_field("団体の名前", NAME_LENGTH)


class TimesForm(ProductForm):
    """A beginning and an end; an end with a time alone is on the day of the beginning."""

    starts_at = _moment(
        "始まり", "例：2027年4月1日 14:00。令和9年のように書いてもかまいません。", required=True
    )
    ends_at = _moment(
        "終わり",
        "同じ日なら、時刻だけでかまいません。日をまたぐときは、日付も入れます。",
        required=True,
    )

    def complete_end(self) -> None:
        """Put an end without a day on the day of the beginning."""
        end, begin = self.ends_at, self.starts_at
        if any(end.parts) or not end.typed_time or begin.data is None:
            return
        try:
            end.data = start_of_day(today(begin.data)) + parse_time(end.typed_time)
            end.unreadable = None
        except ValueError:
            end.unreadable = UNREADABLE_TIME

    def require_times(self) -> None:
        """Ask for both times at their fields."""
        for field in (self.starts_at, self.ends_at):
            if field.data is None and not field.errors:
                self.add_error(field.short_name, "日付と時刻を入れてください。")


class ResumeForm(TimesForm):
    """The new date of a postponed event."""

    def times(self) -> tuple[Any, Any]:
        """Beginning and end; what is missing is told at its field."""
        self.complete_end()
        self.validate_on_submit()
        self.require_times()
        return self.starts_at.data, self.ends_at.data


class EventForm(TimesForm):
    """Everything that is said of an event itself."""

    name = line_field("イベントの名前", NAME_LENGTH, "例：地域イベント（名古屋）", **REQUIRED)
    kind = SelectField(
        "種類",
        choices=[(k.value, label) for k, label in KIND_LABELS.items()],
        validate_choice=False,
    )
    series_name = line_field(
        "シリーズ", NAME_LENGTH, "ひと続きのイベントをまとめる名前です。例：地域イベント 2027年度"
    )
    summary = line_field("ひとことで", SUMMARY_LENGTH, "一覧に出ます。何のための場かを、短く。")
    description = text_field("くわしい説明", TEXT_LENGTH)
    time_note = line_field("時刻の補足", NOTE_LENGTH, "例：開場は13時30分")
    venue = line_field("会場", PLACE_LENGTH, "例：公会堂 4階ホール。オンラインだけなら空けます。")
    address = line_field("住所", ADDRESS_LENGTH)
    prefecture = SelectField(
        "都道府県", choices=[NOT_CHOSEN, *((p, p) for p in PREFECTURES)], validate_choice=False
    )
    map_point = line_field(
        "地図の位置", URL_LENGTH,
        "緯度と経度（例：35.155, 136.920）か、会場をまん中にした地理院地図のアドレス。",
    )  # fmt: skip
    access_note = text_field("行き方", TEXT_LENGTH, "駅からの道、駐車場、車いすで入れる入口など。")
    online_policy = text_field(
        "オンラインについて", TEXT_LENGTH,
        "だれが、どうすれば参加できるか。みんなに見えます。入口のアドレスは書かないでください。",
    )  # fmt: skip
    online_url = line_field(
        "オンラインの入口（アドレス）", URL_LENGTH,
        "オンラインで参加する方だけにお知らせします。あとからでもかまいません。", inputmode="url",
    )  # fmt: skip
    audience = RadioField(
        "参加できる人", choices=[(a.value, label) for a, label in AUDIENCE_LABELS.items()],
        validate_choice=False, render_kw=REQUIRED,
    )  # fmt: skip
    opens_at = _moment("受付の始まり", "空けておくと、まだ受け付けません。")
    closes_at = _moment("受付の締切", "空けておくと、イベントが終わるまで受け付けます。")
    change_until = _moment(
        "変更と取り消しの期限",
        "参加する人が自分で変えられる期限です。空けておくと、始まるまでです。",
    )
    waiting_rule = RadioField(
        "空いた席をご案内する順",
        choices=[(rule.value, label) for rule, label in WAITING_RULE_LABELS.items()],
        validate_choice=False,
        render_kw=REQUIRED,
    )
    hold_hours = line_field(
        "ご案内した席を取っておく時間", 10, "0にすると、返事を待たずに席を確定します。",
        inputmode="numeric",
    )  # fmt: skip
    guest_retention_days = line_field(
        "会員でない参加者の個人情報を消すまでの日数", 10,
        "イベントが終わった日から数えます。人数は残ります。", inputmode="numeric",
    )  # fmt: skip
    contact_name = line_field("問い合わせ先の名前", PERSON_LENGTH, "例：事務局 地域イベント担当")
    contact_email = line_field(
        "問い合わせ先のメールアドレス", 254, "公開するまでに入れます。", inputmode="email"
    )
    organizers = FieldList(FormField(OrganizerRow), max_entries=ORGANIZERS_MOST)
    revision = HiddenField()

    def offer(self, series: Sequence[EventSeries]) -> None:
        """Propose the series there are, and make room for more organisers."""
        self.series_names = [each.name for each in series]
        free = sum(not entry.form.name.data for entry in self.organizers)
        for _ in range(min(BLANK_ROWS - free, ORGANIZERS_MOST - len(self.organizers))):
            self.organizers.append_entry({"role": _next_role(len(self.organizers)).value})

    def event_data(self, event: RegionalEvent | None = None) -> EventData | None:
        """What was typed; None when something could not be read (told at its field).

        Args:
            event: the event that is changed; one of which only the day is known stays so unless
                its times were changed.
        """
        self.complete_end()
        self.validate_on_submit()
        self.require_times()
        point, numbers = self._point(), self._numbers()
        words = self._words()
        if self.errors or words is None:
            return None
        latitude, longitude = point or (None, None)
        texts: dict[str, Any] = {name: self[name].data or "" for name in TEXT_FIELDS}
        moments: dict[str, Any] = {name: self[name].data for name in MOMENT_FIELDS}
        return EventData(
            **texts, **moments, **numbers, **words, latitude=latitude, longitude=longitude,
            organizers=self._organizers(), times_known=self._times_known(event),
        )  # fmt: skip

    def _times_known(self, event: RegionalEvent | None) -> bool:
        if event is None or event.times_known or event.state is EventState.DRAFT:
            return True
        return (event.starts_at, event.ends_at) != (self.starts_at.data, self.ends_at.data)

    def _point(self) -> Point | None:
        try:
            return point_of(self.map_point.data)
        except ValueError:
            self.add_error("map_point", UNREADABLE_POINT)
            return None

    def _numbers(self) -> dict[str, Any]:
        numbers: dict[str, Any] = {}
        for name in ("hold_hours", "guest_retention_days"):
            try:
                numbers[name] = number_of(self[name].data)
            except ValueError:
                self.add_error(name, UNREADABLE_NUMBER)
        return numbers

    def _words(self) -> dict[str, Any] | None:
        """The chosen words; None when one is missing or made up."""
        found: dict[str, Any] = {}
        for name, words, message in CHOICES:
            try:
                found[name] = words(self[name].data or "")
            except ValueError:
                self.add_error(name, message)
        return found if len(found) == len(CHOICES) else None

    def _organizers(self) -> tuple[OrganizerData, ...]:
        rows = [entry.form for entry in self.organizers if entry.form.name.data]
        known = organizations_called([row.name.data or "" for row in rows])
        return tuple(_organizer(row, known) for row in rows)

    def refuse(self, error: ProductError) -> None:
        """Tell at its field what the service refused."""
        errors = error.errors if isinstance(error, InvalidEvent) else {error.field: error.message}
        for name, message in errors.items():
            field = "map_point" if name in ("latitude", "longitude") else name
            self.add_error(None if field == "organizers" else field, message)


TEXT_FIELDS = (
    "name", "series_name", "summary", "description", "time_note", "venue", "address", "prefecture",
    "access_note", "online_policy", "online_url", "contact_name", "contact_email",
)  # fmt: skip
MOMENT_FIELDS = ("starts_at", "ends_at", "opens_at", "closes_at", "change_until")
CHOICES: tuple[tuple[str, Any, str], ...] = (
    ("kind", EventKind, "種類を選んでください。"),
    ("audience", Audience, "参加できる人を選んでください。"),
    ("waiting_rule", WaitingRule, "順番の決め方を選んでください。"),
)


def _next_role(position: int) -> OrganizerRole:
    return OrganizerRole.CO_HOST if position else OrganizerRole.HOST


def _organizer(row: OrganizerRow, known: dict[str, Organization]) -> OrganizerData:
    role = row.role.data if row.role.data in set(OrganizerRole) else OrganizerRole.COOPERATION
    name = row.name.data or ""
    found = known.get(name)
    return OrganizerData(OrganizerRole(role), found.id if found else None, "" if found else name)


USUAL_VALUES: dict[str, Any] = {
    "kind": EventKind.REGIONAL_DIALOGUE.value,
    "audience": Audience.PUBLIC.value,
    "waiting_rule": WaitingRule.FIRST_COME.value,
    "hold_hours": str(DEFAULT_HOLD_HOURS),
    "guest_retention_days": str(DEFAULT_GUEST_RETENTION_DAYS),
}


def event_values(event: RegionalEvent) -> dict[str, Any]:
    """What the form shows of an event; the date of a copy is left open."""
    names = [*TEXT_FIELDS, *MOMENT_FIELDS]
    values = {name: getattr(event, name) for name in names if name != "series_name"}
    if event.state is EventState.DRAFT and not event.times_known:
        values.update(starts_at=None, ends_at=None)
    point = "" if event.latitude is None else f"{event.latitude}, {event.longitude}"
    return {
        **values,
        "series_name": event.series.name if event.series is not None else "",
        "map_point": point,
        "hold_hours": str(event.hold_hours),
        "guest_retention_days": str(event.guest_retention_days),
        **{name: getattr(event, name).value for name, _words, _message in CHOICES},
        "organizers": [
            {"role": each.role.value, "name": organizer_name(each)} for each in event.organizers
        ],
        "revision": str(event.revision),
    }
