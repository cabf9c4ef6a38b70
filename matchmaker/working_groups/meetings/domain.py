"""Meetings: states, answers of those invited, minutes. Pure rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from matchmaker.core.clock import today
from matchmaker.core.errors import ProductError
from matchmaker.core.states import Rule, StateMachine
from matchmaker.working_groups.groups.domain import Visibility


class MeetingState(StrEnum):
    """Where a meeting stands."""

    PLANNING = "planning"
    ANNOUNCED = "announced"
    HELD = "held"
    CANCELLED = "cancelled"


class MeetingMove(StrEnum):
    """A step in the life of a meeting."""

    ANNOUNCE = "announce"
    HOLD = "hold"
    CANCEL = "cancel"
    REVIVE = "revive"
    UNHOLD = "unhold"


S = MeetingState
MEETING_STATES: StateMachine[MeetingState, MeetingMove] = StateMachine(
    labels={
        S.PLANNING: "準備中",
        S.ANNOUNCED: "案内済み",
        S.HELD: "開催済み",
        S.CANCELLED: "中止",
    },
    moves={
        MeetingMove.ANNOUNCE: Rule("案内を送る", frozenset({S.PLANNING}), S.ANNOUNCED),
        MeetingMove.HOLD: Rule("開催済みにする", frozenset({S.ANNOUNCED}), S.HELD),
        MeetingMove.CANCEL: Rule(
            "中止する", frozenset({S.PLANNING, S.ANNOUNCED}), S.CANCELLED, needs_reason=True
        ),
        MeetingMove.REVIVE: Rule(
            "中止を取り消す", frozenset({S.CANCELLED}), S.PLANNING, needs_reason=True
        ),
        MeetingMove.UNHOLD: Rule(
            "開催済みを取り消す", frozenset({S.HELD}), S.ANNOUNCED, needs_reason=True
        ),
    },
)


class AttendanceAnswer(StrEnum):
    """How somebody will take part."""

    ON_SITE = "on_site"
    ONLINE = "online"
    ABSENT = "absent"
    PROXY = "proxy"


ANSWER_LABELS: Mapping[AttendanceAnswer, str] = {
    AttendanceAnswer.ON_SITE: "会場で出席",
    AttendanceAnswer.ONLINE: "オンラインで出席",
    AttendanceAnswer.ABSENT: "欠席",
    AttendanceAnswer.PROXY: "代理が出席",
}


class CheckInWay(StrEnum):
    """How presence was established."""

    LIST = "list"
    QR = "qr"


class MinutesKind(StrEnum):
    """Whether everything said is written down or its gist."""

    MINUTES = "minutes"
    SUMMARY = "summary"


class MinutesState(StrEnum):
    """Where minutes stand: draft → checked by the speakers → published."""

    DRAFT = "draft"
    CHECKING = "checking"
    PUBLISHED = "published"


class MinutesMove(StrEnum):
    """A step of the minutes."""

    ASK = "ask"
    REWORK = "rework"
    PUBLISH = "publish"
    CORRECT = "correct"


MINUTES_STATES: StateMachine[MinutesState, MinutesMove] = StateMachine(
    labels={
        MinutesState.DRAFT: "下書き",
        MinutesState.CHECKING: "発言者が確認中",
        MinutesState.PUBLISHED: "公開済み",
    },
    moves={
        MinutesMove.ASK: Rule(
            "発言者に確認を頼む", frozenset({MinutesState.DRAFT}), MinutesState.CHECKING
        ),
        MinutesMove.REWORK: Rule(
            "下書きに戻す", frozenset({MinutesState.CHECKING}), MinutesState.DRAFT
        ),
        MinutesMove.PUBLISH: Rule(
            "公開する", frozenset({MinutesState.CHECKING}), MinutesState.PUBLISHED
        ),
        MinutesMove.CORRECT: Rule(
            "訂正する",
            frozenset({MinutesState.PUBLISHED}),
            MinutesState.DRAFT,
            needs_reason=True,
        ),
    },
)


class CheckAnswer(StrEnum):
    """What a speaker says to the minutes."""

    ASKED = "asked"
    APPROVED = "approved"
    CHANGE_WANTED = "change_wanted"


class FindingKind(StrEnum):
    """What a marked line of the minutes is."""

    DECISION = "decision"
    TASK = "task"


LONGEST_UNASKED = timedelta(hours=12)
"""A longer meeting is taken only when the organiser says that it is meant."""

TITLE_LENGTH, PLACE_LENGTH, URL_LENGTH, POLICY_LENGTH = 100, 200, 500, 1000
AGENDA_MOST = 30


@dataclass(frozen=True, slots=True)
class MeetingData:
    """What an organiser says about a meeting.

    Args:
        title: what people read first.
        starts_at: first moment.
        ends_at: moment at which it is over; it may be on the next day.
        round: which meeting of the group it is, if they are counted.
        place: where one comes to; empty when it is online only.
        online_url: where one joins; shown only to those admitted.
        online_policy: plain words on who may join and how; shown to all who see the meeting.
        visibility: who may read of the meeting.
        answers_until: until when people say whether they come.
        is_long: whether more than twelve hours are meant.
    """

    title: str
    starts_at: datetime
    ends_at: datetime
    round: int | None = None
    place: str = ""
    online_url: str = ""
    online_policy: str = ""
    visibility: Visibility = Visibility.GROUP
    answers_until: datetime | None = None
    is_long: bool = False


class InvalidMeeting(ProductError):
    """Something about a meeting cannot be; ``errors`` has a message for each field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("\n".join(errors.values()), next(iter(errors), None))
        self.errors = dict(errors)


def meeting_errors(data: MeetingData, now: datetime | None = None) -> dict[str, str]:
    """What cannot be, as messages by field.

    Args:
        data: what the organiser said.
        now: the present moment, when the beginning has to lie ahead of it.
    """
    errors: dict[str, str] = {}
    if not data.title.strip():
        errors["title"] = "会合の名前を入れてください。"
    if data.round is not None and data.round < 1:
        errors["round"] = "回は1以上の数で入れてください。"
    if data.online_url and not data.online_url.startswith(("https://", "http://")):
        errors["online_url"] = "https:// で始まるアドレスを入れてください。"
    return errors | _time_errors(data, now)


def _time_errors(data: MeetingData, now: datetime | None) -> dict[str, str]:
    errors: dict[str, str] = {}
    if data.ends_at <= data.starts_at:
        errors["ends_at"] = (
            "終わりが始まりより前か同じです。日をまたぐときは、終わりの日付を翌日にしてください。"
        )
    elif data.ends_at - data.starts_at > LONGEST_UNASKED and not data.is_long:
        errors["is_long"] = (
            "始まりから終わりまで12時間を超えています。間違いでなければ、ここにチェックしてください。"
        )
    if now is not None and data.starts_at <= now:
        errors["starts_at"] = "始まりの日時がもう過ぎています。これからの日時を入れてください。"
    if data.answers_until is not None and data.answers_until > data.starts_at:
        errors["answers_until"] = "回答の期限は、会合が始まる前にしてください。"
    return errors


@dataclass(frozen=True, slots=True)
class Span:
    """When one item of the agenda begins and ends; None where a length before it is unknown."""

    begins_at: datetime | None
    ends_at: datetime | None


def running_clock(starts_at: datetime, minutes: Iterable[int | None]) -> list[Span]:
    """The times of the items, one after the other from the beginning of the meeting.

    Args:
        starts_at: beginning of the meeting.
        minutes: length of each item; None is unknown, and so are the times after it.
    """
    spans: list[Span] = []
    moment: datetime | None = starts_at
    for length in minutes:
        ends_at = moment + timedelta(minutes=length) if moment and length else None
        spans.append(Span(moment, ends_at))
        moment = ends_at
    return spans


def overrun_minutes(starts_at: datetime, ends_at: datetime, minutes: Iterable[int | None]) -> int:
    """By how many minutes the known lengths go over the end of the meeting (0 when they fit)."""
    planned = timedelta(minutes=sum(length or 0 for length in minutes))
    return max(0, int((starts_at + planned - ends_at).total_seconds() // 60))


@dataclass(frozen=True, slots=True)
class DefaultStep:
    """A line that every checklist begins with.

    Args:
        label: what is to be done.
        days_before: how many days before the meeting it is due.
    """

    label: str
    days_before: int


DEFAULT_STEPS: Sequence[DefaultStep] = (
    DefaultStep("有識者との日程調整", 21),
    DefaultStep("議題案の作成と、有識者・座長への相談", 18),
    DefaultStep("資料案の送付（有識者・座長）", 14),
    DefaultStep("開催案内の送付", 14),
    DefaultStep("会場とオンラインの準備", 7),
    DefaultStep("資料の公開", 3),
    DefaultStep("出席者の確認", 1),
)
"""Experts are asked two to three weeks ahead (practice of the partnership's working groups)."""


def moved_due_date(due_on: date, old_start: datetime, new_start: datetime) -> date:
    """The day a step is due after the meeting has moved: as many days before it as until now."""
    return due_on + (today(new_start) - today(old_start))


class PublishMoment(StrEnum):
    """When a material of a meeting may be seen."""

    NOW = "now"
    THREE_DAYS_BEFORE = "three_days_before"
    AT_START = "at_start"
    AT_END = "at_end"


PUBLISH_LABELS: Mapping[PublishMoment, str] = {
    PublishMoment.NOW: "すぐに",
    PublishMoment.THREE_DAYS_BEFORE: "開催の3日前",
    PublishMoment.AT_START: "開催時（始まりの時刻）",
    PublishMoment.AT_END: "開催後（終わりの時刻）",
}


def publish_at(moment: PublishMoment, starts_at: datetime, ends_at: datetime) -> datetime | None:
    """The moment that a choice means for a meeting; None is at once."""
    match moment:
        case PublishMoment.THREE_DAYS_BEFORE:
            return starts_at - timedelta(days=3)
        case PublishMoment.AT_START:
            return starts_at
        case PublishMoment.AT_END:
            return ends_at
        case _:
            return None


ANSWER_REMINDER_DAYS = (7, 2)
"""Days before the deadline for answers on which those who have not answered are reminded."""


def due_answer_reminder(
    answers_until: datetime, notified_at: datetime, now: datetime
) -> int | None:
    """Which reminder is due now: 7 or 2 days before the deadline, or None.

    Days are Japan's. One missed (the service stood still) is made up for until the next one is due.
    One whose day had come when people were last told of the meeting is not sent.
    """
    if now >= answers_until:
        return None
    left = (today(answers_until) - today(now)).days
    passed = [days for days in ANSWER_REMINDER_DAYS if left <= days]
    if not passed:
        return None
    due_on = today(answers_until) - timedelta(days=min(passed))
    return min(passed) if today(notified_at) < due_on else None


def is_day_before(starts_at: datetime, now: datetime) -> bool:
    """Whether the meeting is tomorrow, or later today, in Japan."""
    return now < starts_at and (today(starts_at) - today(now)).days <= 1


def possible_answers(place: str, has_online: bool) -> list[AttendanceAnswer]:
    """The answers that a meeting leaves: nobody comes to a place that there is not."""
    answers = [AttendanceAnswer.ABSENT, AttendanceAnswer.PROXY]
    if has_online:
        answers.insert(0, AttendanceAnswer.ONLINE)
    if place:
        answers.insert(0, AttendanceAnswer.ON_SITE)
    return answers
