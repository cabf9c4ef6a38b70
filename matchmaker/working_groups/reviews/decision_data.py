"""What is decided about a proposal: what has to be said for each outcome. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from matchmaker.core.clock import JST, today
from matchmaker.core.errors import ProductError
from matchmaker.core.text import clean_line, clean_text
from matchmaker.working_groups.groups.domain import NAME_LENGTH
from matchmaker.working_groups.reviews.domain import (
    ADOPTING,
    MOST_MEETINGS,
    REASON_LENGTH,
    Outcome,
)

USUAL_MEETINGS = 3
OBSERVER_DAYS = 30
"""So many days observers may apply to a group that an adoption founds."""

MEETING_BEGINS, MEETING_LASTS = time(14, 0), timedelta(hours=2)
SATURDAY = 5
DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class DecisionData:
    """What the secretariat writes about one proposal.

    Args:
        outcome: what is decided.
        reasons: why; the authors read it.
        conditions: for an adoption with conditions, what they are.
        mend_what: for what is returned, what has to be mended.
        mend_until: for what is returned, the moment until which it may be handed in again.
        group_name: for adoptions, the name of the group that is founded.
        group_starts_on: first day of the group's period.
        group_ends_on: last day of it.
        planned_meetings: how many meetings are spread over the period.
        observers_wanted: whether observers are recruited from the beginning.
    """

    outcome: Outcome
    reasons: str
    conditions: str = ""
    mend_what: str = ""
    mend_until: datetime | None = None
    group_name: str = ""
    group_starts_on: date | None = None
    group_ends_on: date | None = None
    planned_meetings: int = USUAL_MEETINGS
    observers_wanted: bool = False

    @property
    def adopts(self) -> bool:
        """Whether a group is founded."""
        return self.outcome in ADOPTING


class InvalidDecision(ProductError):
    """Something does not fit; ``problems`` has a message for each field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        field, message = next(iter(problems.items()))
        super().__init__(message, field)
        self.problems = dict(problems)


def normalized(data: DecisionData) -> DecisionData:
    """The same with tidy texts; what belongs to other outcomes is left out."""
    data = replace(
        data,
        reasons=clean_text(data.reasons),
        conditions=clean_text(data.conditions),
        mend_what=clean_text(data.mend_what),
        group_name=clean_line(data.group_name),
    )
    if data.outcome is not Outcome.ADOPTED_WITH_CONDITIONS:
        data = replace(data, conditions="")
    if data.outcome is not Outcome.RETURNED:
        data = replace(data, mend_what="", mend_until=None)
    if not data.adopts:
        data = replace(
            data, group_name="", group_starts_on=None, group_ends_on=None,
            planned_meetings=USUAL_MEETINGS, observers_wanted=False,
        )  # fmt: skip
    return data


def problems_of(data: DecisionData, now: datetime) -> dict[str, str]:
    """What is missing or wrong in (normalised) data, by field.

    Args:
        now: what is to be mended needs time that lies ahead, and so does a group's period.
    """
    problems: dict[str, str] = {}
    if not data.reasons:
        problems["reasons"] = "決定の理由を入れてください。提案した人が読みます。"
    if data.outcome is Outcome.ADOPTED_WITH_CONDITIONS and not data.conditions:
        problems["conditions"] = "採択の条件を入れてください。"
    if data.outcome is Outcome.RETURNED:
        problems |= _return_problems(data, now)
    if data.adopts:
        problems |= _group_problems(data, today(now))
    for name in ("reasons", "conditions", "mend_what"):
        if len(getattr(data, name)) > REASON_LENGTH:
            problems[name] = f"{REASON_LENGTH:,}文字以内で入れてください。"
    return problems


def _return_problems(data: DecisionData, now: datetime) -> dict[str, str]:
    problems = {}
    if not data.mend_what:
        problems["mend_what"] = "何を直してほしいかを入れてください。"
    if data.mend_until is None:
        problems["mend_until"] = "いつまでに直すかを、日付と時刻で入れてください。"
    elif data.mend_until <= now:
        problems["mend_until"] = "直す期限は、これからの日時にしてください。"
    return problems


def _group_problems(data: DecisionData, day: date) -> dict[str, str]:
    problems = {}
    if not data.group_name:
        problems["group_name"] = "立ち上げるWGの名前を入れてください。"
    elif len(data.group_name) > NAME_LENGTH:
        problems["group_name"] = f"WGの名前は{NAME_LENGTH}文字以内で入れてください。"
    if not 0 <= data.planned_meetings <= MOST_MEETINGS:
        problems["planned_meetings"] = f"会合の数は、0から{MOST_MEETINGS}までで入れてください。"
    return problems | _period_problems(data, day)


def _period_problems(data: DecisionData, day: date) -> dict[str, str]:
    begin, end = data.group_starts_on, data.group_ends_on
    if data.planned_meetings and begin is None:
        return {"group_starts_on": "会合を予定するには、活動の始まりの日が要ります。"}
    if data.planned_meetings and end is None:
        return {"group_ends_on": "会合を予定するには、活動の終わりの日が要ります。"}
    if end is not None and end <= day:
        return {"group_ends_on": "活動の終わりの日は、明日より後にしてください。"}
    if begin is not None and end is not None and end < begin:
        return {"group_ends_on": "活動の終わりの日が、始まりの日より前です。"}
    return {}


def meeting_times(data: DecisionData, now: datetime) -> list[tuple[datetime, datetime]]:
    """Beginnings and ends of the planned meetings, spread evenly over what is left of the period.

    They begin at 14:00 in Japan and last two hours; one that would fall on a weekend is held on the
    Monday after. They are a first proposal: the group moves them as it likes.
    """
    first, last = data.group_starts_on, data.group_ends_on
    if not data.planned_meetings or first is None or last is None:
        return []
    first = max(first, today(now) + timedelta(days=1))
    days = max(0, (last - first).days)
    times = []
    for number in range(data.planned_meetings):
        share = (number + 0.5) / data.planned_meetings
        day = _weekday(first + timedelta(days=int(days * share)))
        begins = datetime.combine(day, MEETING_BEGINS, JST)
        times.append((begins, begins + MEETING_LASTS))
    return times


def _weekday(day: date) -> date:
    if day.weekday() < SATURDAY:
        return day
    return day + timedelta(days=DAYS_A_WEEK - day.weekday())
