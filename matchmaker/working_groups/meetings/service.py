"""Commands on meetings: plan, change, announce, hold, cancel. They flush, record, never commit."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from matchmaker.core import clock
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.formatting import format_moment
from matchmaker.working_groups.groups.domain import VISIBILITY_LABELS, GroupState
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.meetings import materials, preparation, queries
from matchmaker.working_groups.meetings.domain import (
    MEETING_STATES,
    InvalidMeeting,
    MeetingData,
    MeetingMove,
    MeetingState,
    meeting_errors,
)
from matchmaker.working_groups.meetings.events import (
    Change,
    MeetingChanged,
    MeetingMoved,
    MeetingPlanned,
)
from matchmaker.working_groups.meetings.models import AgendaItem, Meeting
from matchmaker.working_groups.meetings.notices import full_title, when_text

REASON_LENGTH = 1000
CHANGED_BY_OTHERS = (
    "あなたが開いているあいだに、ほかの人がこの会合を変えました。"
    "入力した内容は残っています。会合のページで違いを確かめてから、もう一度保存してください。"
)
CALENDAR_FIELDS = ("title", "round", "starts_at", "ends_at", "place", "online_policy")
TOLD_FIELDS = (*CALENDAR_FIELDS, "online_url")
STORED_FIELDS = (*TOLD_FIELDS, "visibility", "answers_until")


def plan_meeting(group: WorkingGroup, data: MeetingData, actor: Actor, now: datetime) -> Meeting:
    """Plan a meeting, with the checklist that every meeting begins with. Nobody is told yet.

    Args:
        group: the group that meets.
        data: what the organiser said.

    Raises:
        InvalidMeeting: something cannot be; with a message for each field.
        Conflict: the group has a meeting of that round already (field ``round``).
        ProductError: the group is closed.
    """
    if group.state is GroupState.CLOSED:
        raise ProductError("終了したWGでは、会合を開けません。")
    _require_valid(data, now)
    meeting = _new_meeting(group, data, MeetingState.PLANNING, now)
    _insert(meeting)
    preparation.add_default_steps(meeting)
    db.session.flush()
    _record_planned(meeting, actor, now)
    return meeting


def record_past_meeting(
    group: WorkingGroup,
    round: int | None,
    day: date,
    agenda: Sequence[str],
    source_note: str,
    actor: Actor,
    now: datetime,
) -> Meeting:
    """Enter a meeting that was held before the service was there; only its day is known.

    Args:
        group: the group that met.
        round: which meeting it was, if known.
        day: the day in Japan.
        agenda: titles of what was dealt with.
        source_note: where this is known from.

    Raises:
        Conflict: the group has a meeting of that round already.
    """
    data = MeetingData(
        title="会合",
        starts_at=clock.start_of_day(day),
        ends_at=clock.end_of_day(day),
        round=round,
        visibility=group.visibility,
    )
    meeting = _new_meeting(group, data, MeetingState.HELD, now)
    meeting.times_known = False
    meeting.source_note = source_note
    meeting.agenda = [
        AgendaItem(position=position, title=title) for position, title in enumerate(agenda, start=1)
    ]
    _insert(meeting)
    _record_planned(meeting, actor, now)
    return meeting


def change_meeting(
    meeting: Meeting,
    data: MeetingData,
    actor: Actor,
    now: datetime,
    *,
    expected_revision: int | None = None,
) -> tuple[Change, ...]:
    """Change date, place and the rest. Those invited are told when it was announced already.

    When the date moves, undone steps of the checklist and moments at which materials are published
    move along.

    Args:
        meeting: with its group and agenda.
        data: what holds from now on.
        expected_revision: the revision the organiser saw; None for the present one.

    Returns:
        The changes that matter to those invited.

    Raises:
        InvalidMeeting, Conflict: as in :func:`plan_meeting`; also when somebody changed it since.
    """
    if expected_revision is not None and expected_revision != meeting.revision:
        raise Conflict(CHANGED_BY_OTHERS)
    if meeting.state is MeetingState.CANCELLED:
        raise Conflict("中止した会合は変えられません。先に、中止を取り消してください。")
    _require_valid(data, now if _moves_ahead(meeting, data) else None)
    told = _changes(meeting, data)
    old_start, old_end = meeting.starts_at, meeting.ends_at
    changed = [name for name in STORED_FIELDS if getattr(meeting, name) != getattr(data, name)]
    if not changed:
        return ()
    _require_free_round(meeting, data.round)
    with _only_one_of(data.round):
        _store(meeting, data, now)
        db.session.flush()
    if any(name in CALENDAR_FIELDS for name in changed):
        meeting.calendar_sequence += 1
    _follow_date(meeting, old_start, old_end, now)
    if told and meeting.state is MeetingState.ANNOUNCED:
        meeting.notified_at = now
    db.session.flush()
    _record_changed(meeting, told, changed, actor, now)
    return told


def _follow_date(meeting: Meeting, old_start: datetime, old_end: datetime, now: datetime) -> None:
    """Let what is timed by the meeting move along when it has moved."""
    if (meeting.starts_at, meeting.ends_at) == (old_start, old_end):
        return
    preparation.move_steps(meeting, old_start)
    materials.move_publication(meeting, old_start, old_end, now)
    meeting.times_known = True


def move_meeting(
    meeting: Meeting, move: MeetingMove, reason: str, actor: Actor, now: datetime
) -> None:
    """Announce, hold or cancel a meeting, or undo one of these.

    Args:
        meeting: with its group and agenda.
        move: the step.
        reason: words for it; those invited read them.

    Raises:
        IllegalMove: the state does not allow it.
        ProductError: something is missing (a reason, a place, the meeting has not begun).
    """
    old_state, was_announced = meeting.state, meeting.announced_at is not None
    target = MEETING_STATES.check(old_state, move, reason)
    _require_ready(meeting, move, now)
    meeting.state = target
    meeting.state_reason = reason.strip()[:REASON_LENGTH]
    meeting.revision += 1
    meeting.updated_at = now
    if move in (MeetingMove.ANNOUNCE, MeetingMove.CANCEL, MeetingMove.REVIVE):
        meeting.calendar_sequence += 1
    if move is MeetingMove.ANNOUNCE:
        meeting.announced_at = meeting.announced_at or now
        meeting.notified_at = now
    db.session.flush()
    record(
        MeetingMoved(
            actor=actor, now=now, subject_id=meeting.id, reason=meeting.state_reason, move=move,
            old_state=old_state, is_again=was_announced,
            details={"move": str(move), "state": str(target)},
        )
    )  # fmt: skip


def can_be_reached(meeting: Meeting) -> bool:
    """Whether somebody can come to it at all: to a place or online."""
    return bool(meeting.place or meeting.online_url or meeting.online_policy)


def _require_ready(meeting: Meeting, move: MeetingMove, now: datetime) -> None:
    if move is MeetingMove.ANNOUNCE:
        if not can_be_reached(meeting):
            raise ProductError("会場かオンラインの案内を入れてから、案内を送ってください。")
        if meeting.ends_at <= now:
            raise ProductError("日時がもう過ぎています。日時を変えてから、案内を送ってください。")
    if move is MeetingMove.HOLD and now < meeting.starts_at:
        raise ProductError("まだ始まっていません。始まりの時刻を過ぎてから、開催済みにできます。")


def _require_valid(data: MeetingData, now: datetime | None) -> None:
    errors = meeting_errors(data, now)
    if errors:
        raise InvalidMeeting(errors)


def _moves_ahead(meeting: Meeting, data: MeetingData) -> bool:
    """Whether a meeting to come gets another beginning, which then has to lie ahead."""
    return meeting.state is not MeetingState.HELD and data.starts_at != meeting.starts_at


def _new_meeting(
    group: WorkingGroup, data: MeetingData, state: MeetingState, now: datetime
) -> Meeting:
    meeting = Meeting(
        group_id=group.id,
        state=state,
        times_known=True,
        calendar_sequence=0,
        check_in_code=secrets.token_urlsafe(24),
        revision=1,
        agenda=[],
        created_at=now,
        updated_at=now,
    )
    meeting.group = group
    for name in STORED_FIELDS:
        setattr(meeting, name, getattr(data, name))
    return meeting


def _store(meeting: Meeting, data: MeetingData, now: datetime) -> None:
    for name in STORED_FIELDS:
        setattr(meeting, name, getattr(data, name))
    meeting.revision += 1
    meeting.updated_at = now


def _insert(meeting: Meeting) -> None:
    """Add the meeting; two organisers who plan the same round at once are told apart here."""
    _require_free_round(meeting, meeting.round)
    with _only_one_of(meeting.round):
        db.session.add(meeting)
        db.session.flush()


@contextmanager
def _only_one_of(number: int | None) -> Iterator[None]:
    """Tell in words when the database refuses a second meeting of the round."""
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError:
        raise _round_taken(number) from None


def _require_free_round(meeting: Meeting, number: int | None) -> None:
    if number is None:
        return
    with db.session.no_autoflush:
        found = queries.find_meeting(meeting.group_id, number)
    if found is not None and found is not meeting:
        raise _round_taken(number)


def _round_taken(number: int | None) -> Conflict:
    return Conflict(f"第{number}回の会合は、もうあります。ほかの回にしてください。", "round")


def _changes(meeting: Meeting, data: MeetingData) -> tuple[Change, ...]:
    """What those invited have to know, old and new in words. Links are told without their text."""
    rows = [
        ("名前", full_title(meeting), _title_of(data)),
        ("日時", when_text(meeting.starts_at, meeting.ends_at, times_known=meeting.times_known),
         when_text(data.starts_at, data.ends_at)),
        ("会場", meeting.place, data.place),
        ("オンラインについて", meeting.online_policy, data.online_policy),
    ]  # fmt: skip
    changes = [Change(label=name, old=old, new=new) for name, old, new in rows if old != new]
    if meeting.online_url != data.online_url:
        changes.append(Change(label="オンラインの入口", old="", new="変わりました"))
    return tuple(changes)


def _title_of(data: MeetingData) -> str:
    return full_title(Meeting(title=data.title, round=data.round))


def _record_planned(meeting: Meeting, actor: Actor, now: datetime) -> None:
    details: dict[str, Any] = {
        "title": full_title(meeting),
        "starts_at": meeting.starts_at.isoformat(),
        "group_id": str(meeting.group_id),
    }
    record(MeetingPlanned(actor=actor, now=now, subject_id=meeting.id, details=details))


def _record_changed(
    meeting: Meeting, told: Sequence[Change], changed: Sequence[str], actor: Actor, now: datetime
) -> None:
    details: dict[str, Any] = {
        "fields": list(changed),
        "changes": [[each.label, each.old, each.new] for each in told],
        "visibility": VISIBILITY_LABELS[meeting.visibility],
        "answers_until": format_moment(meeting.answers_until),
    }
    record(
        MeetingChanged(
            actor=actor, now=now, subject_id=meeting.id, told=tuple(told), details=details
        )
    )
