"""Rules of a group's activity: states of posts and tasks, when news is told. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from matchmaker.core.clock import JST, today
from matchmaker.core.errors import ProductError
from matchmaker.core.states import Rule, StateMachine
from matchmaker.core.text import clean_line, clean_text
from matchmaker.working_groups.groups.domain import (
    DigestFrequency,
    PostState,
    TaskState,
    Visibility,
)

TITLE_LENGTH = 100
TASK_TITLE_LENGTH = 200
BODY_LENGTH = 10_000
NOTE_LENGTH = 2_000
VERSION_NOTE_LENGTH = 300
REASON_LENGTH = 500
OWNER_NAME_LENGTH = 100
NEWS_HOUR = time(7)
"""When daily and weekly news goes out in Japan: before the working day begins."""

SETTLING = timedelta(minutes=1)
"""News is told this long after it happened: what is put up together comes in one mail."""

REMINDED_BEFORE = timedelta(days=3)
REMINDED_UNTIL = timedelta(days=7)
"""A worker that was off on the day after the end still reminds for a week."""


class PostMove(StrEnum):
    """A step in the life of an activity post."""

    PUBLISH = "publish"
    RETRACT = "retract"


POST_STATES: StateMachine[PostState, PostMove] = StateMachine(
    labels={
        PostState.DRAFT: "下書き",
        PostState.PUBLISHED: "公開中",
        PostState.RETRACTED: "取り下げ",
    },
    moves={
        PostMove.PUBLISH: Rule("公開する", frozenset({PostState.DRAFT}), PostState.PUBLISHED),
        PostMove.RETRACT: Rule(
            "取り下げる",
            frozenset({PostState.PUBLISHED}),
            PostState.RETRACTED,
            needs_reason=True,
        ),
    },
)


class TaskMove(StrEnum):
    """A step in the life of a task."""

    FINISH = "finish"
    DROP = "drop"
    REOPEN = "reopen"


TASK_STATES: StateMachine[TaskState, TaskMove] = StateMachine(
    labels={TaskState.OPEN: "未完了", TaskState.DONE: "完了", TaskState.DROPPED: "取りやめ"},
    moves={
        TaskMove.FINISH: Rule("完了にする", frozenset({TaskState.OPEN}), TaskState.DONE),
        TaskMove.DROP: Rule(
            "取りやめる", frozenset({TaskState.OPEN}), TaskState.DROPPED, needs_reason=True
        ),
        TaskMove.REOPEN: Rule(
            "未完了に戻す", frozenset({TaskState.DONE, TaskState.DROPPED}), TaskState.OPEN
        ),
    },
)


class TaskView(StrEnum):
    """Parts of the list of tasks."""

    OPEN = "open"
    MINE = "mine"
    CLOSED = "closed"


TASK_VIEW_LABELS: Mapping[TaskView, str] = {
    TaskView.OPEN: "未完了",
    TaskView.MINE: "自分の担当",
    TaskView.CLOSED: "終わったもの",
}

DIGEST_LABELS: Mapping[DigestFrequency, str] = {
    DigestFrequency.EACH: "そのつど",
    DigestFrequency.DAILY: "1日に1回まとめて",
    DigestFrequency.WEEKLY: "1週間に1回まとめて",
    DigestFrequency.NONE: "受け取らない",
}


@dataclass(frozen=True, slots=True)
class PostData:
    """What an activity post says.

    Args:
        title: its heading.
        body: the text.
        visibility: who may read it.
    """

    title: str
    body: str
    visibility: Visibility

    def cleaned(self) -> PostData:
        """The same with regular text.

        Raises:
            ProductError: something is missing or too long (``field`` names it).
        """
        return PostData(
            checked_line(self.title, "題名", "title", TITLE_LENGTH),
            checked_text(self.body, "本文", "body", BODY_LENGTH),
            self.visibility,
        )


@dataclass(frozen=True, slots=True)
class TaskData:
    """What a task says.

    Args:
        title: what is to be done.
        note: further words.
        owner_id: the person who does it, a present member of the group.
        owner_name: who does it, when it is nobody with an account.
        due_on: last day.
    """

    title: str
    note: str = ""
    owner_id: uuid.UUID | None = None
    owner_name: str = ""
    due_on: date | None = None

    def cleaned(self) -> TaskData:
        """The same with regular text.

        Raises:
            ProductError: something is missing or too long (``field`` names it).
        """
        return TaskData(
            checked_line(self.title, "やること", "title", TASK_TITLE_LENGTH),
            checked_text(self.note, "補足", "note", NOTE_LENGTH, required=False),
            self.owner_id,
            checked_line(
                self.owner_name, "担当者の名前", "owner_name", OWNER_NAME_LENGTH, required=False
            ),
            self.due_on,
        )


def checked_line(text: str, label: str, field: str, longest: int, *, required: bool = True) -> str:
    """One line of text made regular.

    Raises:
        ProductError: it is missing though required, or longer than ``longest`` characters.
    """
    return _bounded(clean_line(text), label, field, longest, required)


def checked_text(text: str, label: str, field: str, longest: int, *, required: bool = True) -> str:
    """Several lines of text made regular.

    Raises:
        ProductError: it is missing though required, or longer than ``longest`` characters.
    """
    return _bounded(clean_text(text), label, field, longest, required)


def checked_reason(reason: str) -> str:
    """The words given for a step.

    Raises:
        ProductError: there are none, or too many (field ``reason``).
    """
    return checked_text(reason, "理由", "reason", REASON_LENGTH)


def _bounded(text: str, label: str, field: str, longest: int, required: bool) -> str:
    if required and not text:
        raise ProductError(f"{label}を入れてください。", field)
    if len(text) > longest:
        raise ProductError(
            f"{label}は{longest:,}文字以内で入れてください（いま{len(text):,}文字です）。", field
        )
    return text


def is_overdue(state: TaskState, due_on: date | None, day: date) -> bool:
    """Whether an open task's last day is over."""
    return state is TaskState.OPEN and due_on is not None and due_on < day


def news_until(frequency: DigestFrequency, now: datetime) -> datetime:
    """The moment up to which things are told in a mail that is written now.

    Daily news covers what happened before the last 7:00 in Japan, weekly news what happened before
    the last Monday's 7:00. So a worker that was off at that time catches up by itself.
    """
    if frequency is DigestFrequency.EACH:
        return now - SETTLING
    day = today(now)
    if frequency is DigestFrequency.WEEKLY:
        day -= timedelta(days=day.weekday())
    moment = datetime.combine(day, NEWS_HOUR, JST)
    step = timedelta(days=7 if frequency is DigestFrequency.WEEKLY else 1)
    if moment > now:
        moment = datetime.combine(day - step, NEWS_HOUR, JST)
    return moment


def reminder_day(due_on: date, day: date) -> date | None:
    """The day for which a task with that last day is to be reminded of on ``day``, or None.

    There are two: three days before the last day, and the day after it. A worker that was off on
    the day itself still reminds later.
    """
    early, late = due_on - REMINDED_BEFORE, due_on + timedelta(days=1)
    if late <= day <= late + REMINDED_UNTIL:
        return late
    return early if early <= day <= due_on else None
