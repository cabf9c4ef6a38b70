"""The agenda of a meeting: write it, change it, take over that of the last meeting."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from matchmaker.core import clock
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.working_groups.meetings import queries
from matchmaker.working_groups.meetings.domain import AGENDA_MOST
from matchmaker.working_groups.meetings.events import AgendaChanged
from matchmaker.working_groups.meetings.models import AgendaItem, Meeting

CHANGED_BY_OTHERS = (
    "あなたが開いているあいだに、ほかの人がこの会合を変えました。入力した内容は残っています。"
    "別の画面で会合のページを開いて確かめてから、もう一度保存してください。"
)


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """One item as an organiser typed it.

    Args:
        title: what is dealt with.
        minutes: how long, if known.
        item_id: the item it was before, so that its materials stay with it.
        speaker_id: the person of the group who presents it.
        speaker_name: who presents it, when it is nobody of the group.
        note: further words.
    """

    title: str
    minutes: int | None = None
    item_id: uuid.UUID | None = None
    speaker_id: uuid.UUID | None = None
    speaker_name: str = ""
    note: str = ""


def save_agenda(
    meeting: Meeting,
    lines: Sequence[AgendaLine],
    actor: Actor,
    now: datetime,
    *,
    expected_revision: int | None = None,
) -> None:
    """Make ``lines`` the agenda, in their order; items that are left out go.

    Args:
        meeting: with its agenda.
        expected_revision: the revision the organiser saw; None for the present one.

    Raises:
        Conflict: somebody changed the meeting since.
        ProductError: there are too many items.
    """
    if expected_revision is not None and expected_revision != meeting.revision:
        raise Conflict(CHANGED_BY_OTHERS)
    if len(lines) > AGENDA_MOST:
        raise ProductError(f"議題は{AGENDA_MOST}個までです。")
    known = {item.id: item for item in meeting.agenda}
    speakers = _possible_speakers(meeting, now)
    used: set[uuid.UUID] = set()
    items: list[AgendaItem] = []
    for line in lines:
        item = known.get(line.item_id) if line.item_id and line.item_id not in used else None
        used.update([line.item_id] if line.item_id else [])
        speaker_id = line.speaker_id if line.speaker_id in speakers else None
        items.append(_written(item or AgendaItem(), line, len(items) + 1, speaker_id))
    meeting.agenda = items
    _finish(meeting, actor, now)


def copy_last_agenda(meeting: Meeting, actor: Actor, now: datetime) -> int:
    """Take over the items of the group's last meeting, in front of nothing: only into an empty one.

    Returns:
        How many items there are now.

    Raises:
        Conflict: the meeting has an agenda already.
        ProductError: there is no earlier meeting with an agenda.
    """
    if meeting.agenda:
        raise Conflict("もう議題があります。前回の議題を写せるのは、議題がまだないときだけです。")
    last = queries.last_meeting_before(meeting)
    if last is None:
        raise ProductError("議題のある前回の会合がありません。")
    meeting.agenda = [
        AgendaItem(
            position=item.position, title=item.title, minutes=item.minutes,
            speaker_id=item.speaker_id, speaker_name=item.speaker_name, note=item.note,
        )
        for item in last.agenda
    ]  # fmt: skip
    _finish(meeting, actor, now)
    return len(meeting.agenda)


def _possible_speakers(meeting: Meeting, now: datetime) -> set[uuid.UUID | None]:
    """People of the group, and those who stand in the agenda already though they have left."""
    people = queries.invited_people(meeting.group_id, clock.today(now))
    return {each.user_id for each in people} | {item.speaker_id for item in meeting.agenda}


def _written(
    item: AgendaItem, line: AgendaLine, position: int, speaker_id: uuid.UUID | None
) -> AgendaItem:
    item.position = position
    item.title = line.title
    item.minutes = line.minutes
    item.speaker_id = speaker_id
    item.speaker_name = line.speaker_name
    item.note = line.note
    return item


def _finish(meeting: Meeting, actor: Actor, now: datetime) -> None:
    meeting.revision += 1
    meeting.updated_at = now
    db.session.flush()
    for item in meeting.agenda:
        db.session.refresh(item, ["speaker"])
    details = {"items": [item.title for item in meeting.agenda]}
    record(AgendaChanged(actor=actor, now=now, subject_id=meeting.id, details=details))
