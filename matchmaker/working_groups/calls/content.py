"""What the secretariat writes about a call, and whether it fits. Pure rules.

Every check gives messages by the name of the field they belong to.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from matchmaker.core.clock import today
from matchmaker.core.dates import parse_date
from matchmaker.core.errors import ProductError
from matchmaker.core.text import clean_line, clean_text
from matchmaker.organizations.domain import CATEGORIES
from matchmaker.working_groups.calls.domain import CallKind, group_kind
from matchmaker.working_groups.groups.domain import GroupKind, parent_problem

TITLE_LENGTH = 120
SUMMARY_LENGTH = 300
BODY_LENGTH = 20_000
REASON_LENGTH = 500
QUESTION_LENGTH = 2000
LABEL_LENGTH = 100
NAME_LENGTH = 60
DESCRIPTION_LENGTH = 1000
MOST_DATES = 20
MOST_CRITERIA = 12
MOST_POINTS = 100
MOST_WEIGHT = 100
MOST_OPEN_QUESTIONS = 20
"""So many questions of one person to one call may wait for an answer."""

Errors = dict[str, str]


class InvalidCall(ProductError):
    """What was written about a call does not fit.

    Args:
        errors: message in Japanese by field name.
    """

    def __init__(self, errors: Errors) -> None:
        super().__init__("入力を確かめてください。")
        self.errors = errors


def refuse(errors: Errors) -> None:
    """Raise when something has to be mended.

    Raises:
        InvalidCall: there are messages.
    """
    if errors:
        raise InvalidCall(errors)


def checked_reason(reason: str) -> str:
    """The words given for a step.

    Raises:
        ProductError: there are too many.
    """
    reason = clean_text(reason)
    if len(reason) > REASON_LENGTH:
        raise ProductError(f"理由は{REASON_LENGTH}文字以内で入れてください。", "reason")
    return reason


@dataclass(frozen=True, slots=True)
class TimetableEntry:
    """One day of the timetable.

    Args:
        on: the day as it was typed (西暦 or 和暦), or as it is stored (``2026-12-01``).
        label: what happens on it.
    """

    on: str
    label: str

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed."""
        return not self.on.strip() and not self.label.strip()


@dataclass(frozen=True, slots=True)
class CallData:
    """The text, the period and the timetable of a call.

    Args:
        kind: what it is for.
        title: name of the call.
        summary: a sentence or two for lists.
        body: the whole text.
        categories: kinds of organisations that may answer; empty means all members.
        opens_at: first moment at which proposals are taken; None while it is not set.
        closes_at: the deadline; None while it is not set.
        reviews_due_at: until when reviewers are asked to score.
        timetable: further dates.
        is_anonymous: whether reviewers read the proposals without names.
        parent_group_id: the working group under which adopted groups will stand.
    """

    kind: CallKind
    title: str
    summary: str = ""
    body: str = ""
    categories: tuple[str, ...] = ()
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    reviews_due_at: datetime | None = None
    timetable: tuple[TimetableEntry, ...] = field(default=())
    is_anonymous: bool = False
    parent_group_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class CriterionData:
    """One criterion.

    Args:
        name: what is judged.
        description: how to judge it.
        weight: how much it counts, 1 to 100.
        points: the best score, 1 to 100; scores begin at 0.
        id: the stored criterion that is changed, None for a new one.
    """

    name: str
    description: str = ""
    weight: int = 1
    points: int = 5
    id: uuid.UUID | None = None


def cleaned(data: CallData) -> CallData:
    """The same with regular text: widths, spaces, the timetable in the order of its days."""
    entries = [entry for entry in data.timetable if not entry.is_blank]
    return replace(
        data,
        title=clean_line(data.title),
        summary=clean_line(data.summary),
        body=clean_text(data.body),
        categories=tuple(c.code for c in CATEGORIES if c.code in data.categories),
        timetable=tuple(sorted(map(_cleaned_entry, entries), key=lambda entry: entry.on)),
    )


def _cleaned_entry(entry: TimetableEntry) -> TimetableEntry:
    day = day_of(entry)
    return TimetableEntry(day.isoformat() if day else entry.on.strip(), clean_line(entry.label))


def day_of(entry: TimetableEntry) -> date | None:
    """The day of an entry, or None when it cannot be read."""
    try:
        return parse_date(entry.on)
    except ValueError:
        return None


def problems_of(data: CallData) -> Errors:
    """What has to be mended before a call can be saved, as a draft or otherwise."""
    return {**_text_problems(data), **_period_problems(data), **_timetable_problems(data)}


def _text_problems(data: CallData) -> Errors:
    found: Errors = {}
    if not data.title:
        found["title"] = "公募の名前を入れてください。"
    for name, text, most in (
        ("title", data.title, TITLE_LENGTH),
        ("summary", data.summary, SUMMARY_LENGTH),
        ("body", data.body, BODY_LENGTH),
    ):
        if len(text) > most:
            found[name] = f"{most:,}文字以内で入れてください（いま{len(text):,}文字です）。"
    return found


def _period_problems(data: CallData) -> Errors:
    found: Errors = {}
    opens, closes, due = data.opens_at, data.closes_at, data.reviews_due_at
    if opens and closes and closes <= opens:
        found["closes_at"] = "締切は、受付を始める日時より後にしてください。"
    if due and closes and due <= closes:
        found["reviews_due_at"] = "審査の期限は、締切より後にしてください。"
    return found


def _timetable_problems(data: CallData) -> Errors:
    if len(data.timetable) > MOST_DATES:
        return {"timetable": f"日程は{MOST_DATES}行までです。"}
    for entry in data.timetable:
        if day_of(entry) is None:
            return {
                "timetable": f"日程の「{entry.on[:20]}」を日付として読めません。"
                "2026年12月1日や令和8年12月1日のように入れてください。"
            }
        if not entry.label:
            return {"timetable": f"日程の「{entry.on}」に、何をする日かを入れてください。"}
        if len(entry.label) > LABEL_LENGTH:
            return {"timetable": f"日程の内容は{LABEL_LENGTH}文字以内で入れてください。"}
    return {}


def publishing_problems(
    data: CallData, criteria: Sequence[Any], parent_kind: GroupKind | None, now: datetime
) -> Errors:
    """What has to be mended before a call can be published.

    Args:
        data: the call as it is stored.
        criteria: its criteria.
        parent_kind: kind of the group under which adopted groups will stand; None without one.
        now: the present moment.
    """
    found = problems_of(data)
    if not data.body:
        found.setdefault("body", "公募の本文を入れてください。")
    if data.opens_at is None:
        found["opens_at"] = "受付を始める日時を入れてください。"
    elif today(data.opens_at) < today(now):
        found["opens_at"] = "受付を始める日が過ぎています。きょうより後の日を入れてください。"
    if data.closes_at is None:
        found["closes_at"] = "締切を入れてください。"
    elif data.closes_at <= now:
        found["closes_at"] = "締切が過ぎています。これからの日時を入れてください。"
    if not criteria:
        found["criteria"] = "評価基準を1つ以上入れてください。"
    return {**found, **parent_problems(data, parent_kind)}


def parent_problems(data: CallData, parent_kind: GroupKind | None) -> Errors:
    """Every adoption founds a group, so a public call says under which group it will stand."""
    problem = parent_problem(group_kind(data.kind), parent_kind)
    return {"parent_group_id": problem} if problem else {}


def extension_problems(
    closes_at: datetime, reviews_due_at: datetime | None, wanted: datetime | None, now: datetime
) -> Errors:
    """What is wrong with a later deadline; a deadline is never moved to an earlier moment."""
    if wanted is None:
        return {"closes_at": "新しい締切を入れてください。"}
    if wanted <= closes_at or wanted <= now:
        return {
            "closes_at": "新しい締切は、いまの締切より後にしてください。早めることはできません。"
        }
    if reviews_due_at is not None and wanted >= reviews_due_at:
        return {"closes_at": "新しい締切は、審査の期限より前にしてください。"}
    return {}


def cleaned_criteria(criteria: Sequence[CriterionData]) -> list[CriterionData]:
    """The criteria with regular text."""
    return [
        replace(each, name=clean_line(each.name), description=clean_text(each.description))
        for each in criteria
    ]


def criteria_problems(criteria: Sequence[CriterionData]) -> Errors:
    """What is wrong with criteria; messages by ``criteria`` or ``criteria-<place>-<field>``."""
    found: Errors = {}
    if len(criteria) > MOST_CRITERIA:
        found["criteria"] = f"評価基準は{MOST_CRITERIA}個までです。"
    names = [each.name for each in criteria]
    for place, each in enumerate(criteria):
        for name, message in _criterion_problems(each, names[:place]):
            found[f"criteria-{place}-{name}"] = message
    if criteria and sum(each.weight for each in criteria) <= 0:
        found.setdefault("criteria", "重みの合計を1以上にしてください。")
    return found


def _criterion_problems(each: CriterionData, earlier: Sequence[str]) -> list[tuple[str, str]]:
    found = []
    if not each.name:
        found.append(("name", "基準の名前を入れてください。"))
    elif each.name in earlier:
        found.append(("name", "同じ名前の基準があります。"))
    if len(each.name) > NAME_LENGTH:
        found.append(("name", f"基準の名前は{NAME_LENGTH}文字以内で入れてください。"))
    if len(each.description) > DESCRIPTION_LENGTH:
        found.append(("description", f"説明は{DESCRIPTION_LENGTH:,}文字以内で入れてください。"))
    if not 1 <= each.weight <= MOST_WEIGHT:
        found.append(("weight", f"重みは1から{MOST_WEIGHT}までの数にしてください。"))
    if not 1 <= each.points <= MOST_POINTS:
        found.append(("points", f"満点は1から{MOST_POINTS}までの数にしてください。"))
    return found


def timetable_from(stored: Sequence[Mapping[str, Any]]) -> tuple[TimetableEntry, ...]:
    """The timetable as it is stored with a call."""
    return tuple(TimetableEntry(str(each["on"]), str(each["label"])) for each in stored)


def timetable_data(entries: Sequence[TimetableEntry]) -> list[dict[str, Any]]:
    """The timetable as it is stored with a call."""
    return [{"on": entry.on, "label": entry.label} for entry in entries]
