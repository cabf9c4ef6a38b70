"""Until when something waits, in the words of a person's own page."""

from __future__ import annotations

from datetime import date, datetime

from matchmaker.core.clock import JST, today
from matchmaker.core.formatting import weekday
from matchmaker.working_groups.calls.domain import time_left


def moment_words(moment: datetime) -> str:
    """``12月22日（火）17:00`` in Japan's time."""
    local = moment.astimezone(JST)
    day = f"{local.month}月{local.day}日（{weekday(local.date())}）"
    return f"{day}{local.hour}:{local.minute:02d}"


def until_moment(until: datetime | None, now: datetime) -> str:
    """``12月22日（火）17:00まで・あと12日``; empty without a moment."""
    if until is None:
        return ""
    if until <= now:
        return "期限を過ぎています"
    return f"{moment_words(until)}まで・{time_left(until, now)}"


def until_day(until: date | None, now: datetime) -> str:
    """``12月22日（火）まで・あと3日``; empty without a day."""
    if until is None:
        return ""
    days = (until - today(now)).days
    text = f"{until.month}月{until.day}日（{weekday(until)}）まで"
    if days < 0:
        return f"{text}・期限を過ぎています"
    return f"{text}・あと{days}日" if days else "きょうまで"
