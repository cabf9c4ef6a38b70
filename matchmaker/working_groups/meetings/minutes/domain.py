"""Minutes: bounds, what they begin with, when the speakers' check is over. Pure rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from matchmaker.core.errors import Conflict, ProductError
from matchmaker.working_groups.meetings.domain import CheckAnswer, MinutesKind

BODY_LENGTH = 60_000
"""Characters of the whole text; a two-hour meeting word for word has about 35,000."""

COMMENT_LENGTH, REASON_LENGTH, NOTE_LENGTH = 2000, 300, 300
WRITING_NOW = timedelta(minutes=5)
"""Whoever saved within this time counts as writing."""

USUAL_CHECK_TIME = timedelta(days=7)
LONGEST_CHECK_TIME = timedelta(days=60)
TIME_AFTER_CHANGE = timedelta(days=3)
"""When the text changes during the check, the speakers have at least this long from then on."""

KIND_LABELS: Mapping[MinutesKind, str] = {
    MinutesKind.MINUTES: "議事録",
    MinutesKind.SUMMARY: "議事要旨",
}
CHECK_LABELS: Mapping[CheckAnswer, str] = {
    CheckAnswer.ASKED: "返事待ち",
    CheckAnswer.APPROVED: "確認しました",
    CheckAnswer.CHANGE_WANTED: "直してほしい",
}


class Contradiction(Conflict):
    """Two people changed the same sentence in different ways; nothing was overwritten.

    Args:
        mine: what was being saved.
        theirs: what is stored.
        revision: number of the stored text, the base of the next save.
        merged: both one after the other, as a start for deciding.
    """

    def __init__(self, mine: str, theirs: str, revision: int, merged: str) -> None:
        super().__init__(
            "ほかの人が同じところを先に直しました。どちらの文も残っています。"
            "見くらべて、残す文を決めてください。"
        )
        self.mine, self.theirs, self.revision, self.merged = mine, theirs, revision, merged


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save.

    Args:
        body: the text as it is now.
        revision: its number.
        base: number of the text that was sent; the next save of the same page starts from it.
        others: names of those whose sentences were taken in.
    """

    body: str
    revision: int
    base: int
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckCount:
    """How far the speakers' check is."""

    asked: int
    approved: int
    change_wanted: int

    @property
    def waiting(self) -> int:
        """Those who have not answered."""
        return self.asked - self.approved - self.change_wanted


def bounded(body: str) -> str:
    """``body`` with plain line ends.

    Raises:
        ProductError: it is longer than :data:`BODY_LENGTH`.
    """
    text = body.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if len(text) > BODY_LENGTH:
        raise ProductError(
            f"{BODY_LENGTH:,}文字までにしてください（いま{len(text):,}文字です）。"
            "入力した内容はこの画面に残っています。",
            "body",
        )
    return text


def start_text(items: Sequence[tuple[str, str]]) -> str:
    """What minutes begin with: a heading for each item of the agenda.

    Args:
        items: title and speaker's name (or nothing) of each item.
    """
    headings = [
        f"■ {number}．{title}{f'（{speaker}）' if speaker else ''}\n\n"
        for number, (title, speaker) in enumerate(items, start=1)
    ]
    return "\n".join(headings)


def count_checks(answers: Iterable[CheckAnswer]) -> CheckCount:
    """Count what the speakers said."""
    given = list(answers)
    return CheckCount(
        asked=len(given),
        approved=given.count(CheckAnswer.APPROVED),
        change_wanted=given.count(CheckAnswer.CHANGE_WANTED),
    )


def what_keeps_from_publishing(count: CheckCount, until: date | None, day: date) -> str:
    """Why the check is not over, in words; nothing when it is.

    Silence counts as consent once the deadline has passed; a wish for a change never lapses.

    Args:
        count: answers of the speakers.
        until: last day for answers.
        day: today in Japan.
    """
    if count.change_wanted:
        return (
            f"直してほしいという返事が{count.change_wanted}人からあります。"
            "本文を直すと、もう一度確認をお願いします。"
        )
    if count.waiting and (until is None or day <= until):
        return (
            f"まだ{count.waiting}人の返事がありません。"
            "全員の返事がそろうか、期日を過ぎると公開できます。"
        )
    return ""


def checked_deadline(until: date | None, day: date) -> date:
    """The last day for the speakers' answers; a week from today when none was given.

    Raises:
        ProductError: it is in the past or far ahead (field ``until``).
    """
    until = until or day + USUAL_CHECK_TIME
    if until < day:
        raise ProductError("期日は今日か、今日より後の日にしてください。", "until")
    if until > day + LONGEST_CHECK_TIME:
        raise ProductError("期日は60日以内にしてください。", "until")
    return until


def is_fresh(saved_at: datetime, now: datetime) -> bool:
    """Whether somebody who saved then still counts as writing."""
    return now - saved_at <= WRITING_NOW
