"""Takes decisions and tasks from the minutes into the group's log and task list, none twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from matchmaker.accounts.models import User
from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.text import fold
from matchmaker.working_groups.groups.activity.decisions import log_decision
from matchmaker.working_groups.groups.activity.tasks import add_task
from matchmaker.working_groups.groups.queries import present_members
from matchmaker.working_groups.meetings.domain import FindingKind
from matchmaker.working_groups.meetings.minutes import queries
from matchmaker.working_groups.meetings.minutes.events import FindingsTaken
from matchmaker.working_groups.meetings.minutes.findings import Finding, findings_in
from matchmaker.working_groups.meetings.models import (
    Meeting,
    Minutes,
    MinutesFinding,
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A finding with what became of it.

    Args:
        finding: the marked line.
        taken: when and by whom it was taken, or None.
    """

    finding: Finding
    taken: MinutesFinding | None


def offers_of(meeting: Meeting, minutes: Minutes) -> list[Offer]:
    """What stands in the minutes as marked lines, and which of it was taken already."""
    taken = queries.taken_from(meeting.id)
    found = findings_in(minutes.body, today(meeting.starts_at))
    return [Offer(finding, taken.get(finding.key)) for finding in found]


def take_findings(
    meeting: Meeting, minutes: Minutes, keys: Collection[str] | None, actor: Actor, now: datetime
) -> int:
    """Log the decisions and add the tasks that were not taken yet.

    Args:
        meeting: with its group loaded.
        keys: which; all of them when None. Keys that are not in the text (any more) are ignored.

    Returns:
        How many were taken now.

    Raises:
        ProductError: the meeting's day has not come yet, so that nothing can have been decided.
    """
    minutes = queries.locked_minutes(minutes.id)
    chosen = [
        offer.finding
        for offer in offers_of(meeting, minutes)
        if offer.taken is None and (keys is None or offer.finding.key in keys)
    ]
    people = [member.user for member in present_members(meeting.group_id, today(now))]
    for finding in chosen:
        _take(meeting, finding, people, actor, now)
    if chosen:
        details = {"texts": [finding.text for finding in chosen]}
        record(
            FindingsTaken(
                actor=actor, now=now, subject_id=minutes.id, meeting_id=meeting.id, details=details
            )
        )
    return len(chosen)


def _take(
    meeting: Meeting, finding: Finding, people: Sequence[User], actor: Actor, now: datetime
) -> None:
    if finding.kind is FindingKind.DECISION:
        day = today(meeting.starts_at)
        made = log_decision(meeting.group, finding.text, day, actor, now, meeting_id=meeting.id).id
    else:
        owner = owner_called(finding.owner_name, people)
        made = add_task(
            meeting.group, finding.text, actor, now, owner=owner,
            owner_name="" if owner else finding.owner_name, due_on=finding.due_on,
            meeting_id=meeting.id,
        ).id  # fmt: skip
    db.session.add(
        MinutesFinding(
            meeting_id=meeting.id, key=finding.key, kind=finding.kind, subject_id=made,
            taken_by_name=actor.name, taken_at=now,
        )
    )  # fmt: skip
    db.session.flush()


def owner_called(name: str, people: Iterable[User]) -> User | None:
    """The person of that name: the whole name, or the beginning of exactly one."""
    wanted = fold(name)
    if not wanted:
        return None
    by_id = {user.id: user for user in people}
    exact = [user for user in by_id.values() if fold(user.name) == wanted]
    found = exact or [user for user in by_id.values() if fold(user.name).startswith(wanted)]
    return found[0] if len(found) == 1 else None
