"""Questions from floor and stream: states, limits, moments. Pure rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from matchmaker.core.states import Rule, StateMachine
from matchmaker.core.text import clean_line, clean_text
from matchmaker.regional_events.planning.domain import EventState


class QuestionKind(StrEnum):
    """What was sent."""

    QUESTION = "question"
    OPINION = "opinion"


QUESTION_KIND_LABELS: Mapping[QuestionKind, str] = {
    QuestionKind.QUESTION: "質問",
    QuestionKind.OPINION: "意見",
}


class QuestionSource(StrEnum):
    """Whence it came."""

    BEFOREHAND = "beforehand"
    ROOM = "room"
    ONLINE = "online"
    DESK = "desk"


QUESTION_SOURCE_LABELS: Mapping[QuestionSource, str] = {
    QuestionSource.BEFOREHAND: "事前",
    QuestionSource.ROOM: "会場",
    QuestionSource.ONLINE: "配信",
    QuestionSource.DESK: "進行担当が代わりに入力",
}


class QuestionState(StrEnum):
    """Where a question stands. Only an accepted or answered one is shown to the others."""

    NEW = "new"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    ANSWERED = "answered"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


class QuestionMove(StrEnum):
    """A step of the moderators (the last one: of the person who asked)."""

    ACCEPT = "accept"
    REJECT = "reject"
    UNDO = "undo"
    ANSWER = "answer"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"


Q = QuestionState
QUESTION_STATES: StateMachine[QuestionState, QuestionMove] = StateMachine(
    labels={
        Q.NEW: "確認待ち",
        Q.ACCEPTED: "公開中",
        Q.REJECTED: "見送り",
        Q.ANSWERED: "回答済み",
        Q.MERGED: "まとめ済み",
        Q.WITHDRAWN: "取り下げ",
    },
    moves={
        QuestionMove.ACCEPT: Rule("公開する", frozenset({Q.NEW, Q.REJECTED}), Q.ACCEPTED),
        QuestionMove.REJECT: Rule(
            "見送る", frozenset({Q.NEW, Q.ACCEPTED}), Q.REJECTED, needs_reason=True
        ),
        QuestionMove.UNDO: Rule("確認待ちに戻す", frozenset({Q.ACCEPTED, Q.REJECTED}), Q.NEW),
        QuestionMove.ANSWER: Rule(
            "回答済みにする", frozenset({Q.ACCEPTED, Q.ANSWERED}), Q.ANSWERED
        ),
        QuestionMove.REOPEN: Rule("回答済みを取り消す", frozenset({Q.ANSWERED}), Q.ACCEPTED),
        QuestionMove.WITHDRAW: Rule("取り下げる", frozenset({Q.NEW}), Q.WITHDRAWN),
    },
)
SHOWN = frozenset({Q.ACCEPTED, Q.ANSWERED})
MERGEABLE = frozenset({Q.NEW, Q.ACCEPTED})


class PollState(StrEnum):
    """Where a show of hands stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class PollMove(StrEnum):
    """A step of a show of hands."""

    OPEN = "open"
    CLOSE = "close"
    REOPEN = "reopen"


POLL_STATES: StateMachine[PollState, PollMove] = StateMachine(
    labels={PollState.DRAFT: "準備中", PollState.OPEN: "受付中", PollState.CLOSED: "終了"},
    moves={
        PollMove.OPEN: Rule("挙手を始める", frozenset({PollState.DRAFT}), PollState.OPEN),
        PollMove.CLOSE: Rule("締め切る", frozenset({PollState.OPEN}), PollState.CLOSED),
        PollMove.REOPEN: Rule("もう一度受け付ける", frozenset({PollState.CLOSED}), PollState.OPEN),
    },
)


class Order(StrEnum):
    """How questions are sorted."""

    VOTES = "votes"
    TIME = "time"


class QueueMove(StrEnum):
    """A change of the order in which questions come up."""

    ADD = "add"
    REMOVE = "remove"
    UP = "up"
    DOWN = "down"


TEXT_LENGTH, REASON_LENGTH, ANSWER_LENGTH = 300, 200, 3000
SHOWN_NAME_LENGTH = 40
QUESTIONS_PER_PERSON, BEFOREHAND_PER_PERSON = 10, 5
BURST, BURST_WITHIN = 3, timedelta(minutes=1)
"""At most so many questions of one person within that time."""

FEWEST_OPTIONS, MOST_OPTIONS, OPTION_LENGTH, POLL_LENGTH = 2, 6, 40, 120
MOST_POLLS, MOST_QUEUED = 40, 20
OVERRUN = timedelta(hours=3)
"""Events run late: so long after the planned end the floor may stay open."""


class Occasion(Protocol):
    """What the rules need to know of an event."""

    @property
    def state(self) -> EventState:
        """What was decided."""

    @property
    def starts_at(self) -> datetime:
        """When it begins."""

    @property
    def ends_at(self) -> datetime:
        """When it is over."""


class Switches(Protocol):
    """What the moderators allow at present."""

    @property
    def takes_beforehand(self) -> bool:
        """Whether questions are taken before the start."""

    @property
    def is_asking_open(self) -> bool:
        """Whether questions are taken during the event."""

    @property
    def is_voting_open(self) -> bool:
        """Whether people may support questions."""

    @property
    def admits_guests(self) -> bool:
        """Whether people may join by the code shown in the room."""


def is_running(event: Occasion, now: datetime) -> bool:
    """Whether the event is on: from its start until it is over, with time to overrun."""
    return event.state is EventState.PUBLISHED and (
        event.starts_at <= now < event.ends_at + OVERRUN
    )


def is_before(event: Occasion, now: datetime) -> bool:
    """Whether the event is announced and has not begun."""
    return event.state is EventState.PUBLISHED and now < event.starts_at


def takes_questions(
    event: Occasion, switches: Switches, now: datetime, *, is_guest: bool = False
) -> bool:
    """Whether a person may send something now; beforehand only those who registered may."""
    if is_before(event, now):
        return switches.takes_beforehand and not is_guest
    return is_running(event, now) and switches.is_asking_open


def takes_votes(event: Occasion, switches: Switches, now: datetime) -> bool:
    """Whether questions may be supported now: beforehand too, so that themes come up."""
    return switches.is_voting_open and (is_before(event, now) or is_running(event, now))


def takes_guests(event: Occasion, switches: Switches, now: datetime) -> bool:
    """Whether the code in the room lets people join now: on the day, from three hours before."""
    if not switches.admits_guests or event.state is not EventState.PUBLISHED:
        return False
    return event.starts_at - OVERRUN <= now < event.ends_at + OVERRUN


def problem_with(text: str) -> str:
    """Why a question cannot be taken as it is, in Japanese; nothing when it can."""
    if not text:
        return "質問か意見を入れてください。"
    if len(text) > TEXT_LENGTH:
        return f"{TEXT_LENGTH}文字以内で入れてください（いま{len(text)}文字です）。"
    return ""


def cleaned_options(lines: Iterable[str]) -> list[str]:
    """Options of a show of hands as they are kept: no empty ones, no doubles."""
    options = [clean_line(line) for line in lines]
    return list(dict.fromkeys(option for option in options if option))


def options_of(text: str) -> list[str]:
    """Options typed one a line."""
    return cleaned_options(clean_text(text).split("\n"))


def problem_with_options(options: list[str]) -> str:
    """Why a show of hands cannot have these options; nothing when it can."""
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        return f"選択肢は、ちがう言葉で{FEWEST_OPTIONS}個から{MOST_OPTIONS}個にしてください。"
    if any(len(option) > OPTION_LENGTH for option in options):
        return f"選択肢は、ひとつ{OPTION_LENGTH}文字以内にしてください。"
    return ""
