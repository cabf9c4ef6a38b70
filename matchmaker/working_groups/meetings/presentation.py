"""What the pages of meetings show."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.working_groups.groups.activity.documents import documents_of
from matchmaker.working_groups.groups.domain import ROLE_LABELS, GroupState
from matchmaker.working_groups.groups.models import GroupDocument, GroupMember, WorkingGroup
from matchmaker.working_groups.groups.policy import Standing
from matchmaker.working_groups.meetings import notices, policy, queries
from matchmaker.working_groups.meetings.domain import (
    ANSWER_LABELS,
    MEETING_STATES,
    AttendanceAnswer,
    MeetingMove,
    MeetingState,
    possible_answers,
)
from matchmaker.working_groups.meetings.loading import OpenMeeting
from matchmaker.working_groups.meetings.models import Attendance, Meeting, PreparationStep

STATE_KINDS = {
    MeetingState.PLANNING: "draft",
    MeetingState.ANNOUNCED: "open",
    MeetingState.HELD: "closed",
    MeetingState.CANCELLED: "error",
}
NOT_ANSWERED = "未回答"


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One person in the list of answers.

    Args:
        member: person, organisation and role.
        attendance: what they answered, if anything.
    """

    member: GroupMember
    attendance: Attendance | None

    @property
    def answer(self) -> AttendanceAnswer | None:
        """The answer itself."""
        return self.attendance.answer if self.attendance else None

    @property
    def label(self) -> str:
        """The answer in words; a proxy by name."""
        if self.attendance is None or self.attendance.answer is None:
            return NOT_ANSWERED
        if self.attendance.answer is AttendanceAnswer.PROXY:
            return f"{ANSWER_LABELS[self.attendance.answer]}（{self.attendance.proxy_name}）"
        return ANSWER_LABELS[self.attendance.answer]

    @property
    def role(self) -> str:
        """What the person does in the group."""
        return ROLE_LABELS[self.member.role]

    @property
    def organization(self) -> str:
        """Name of the organisation, if one."""
        return self.member.organization.name if self.member.organization else ""


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """What the page of a meeting shows besides the meeting itself."""

    title: str
    when: str
    where: str
    state_label: str
    state_kind: str
    agenda: list[notices.TimedItem]
    overrun: int
    documents: Mapping[uuid.UUID, list[GroupDocument]]
    general_documents: list[GroupDocument]
    own_answer: Attendance | None
    answers_open: bool
    steps: Sequence[PreparationStep] = ()
    moves: Sequence[MeetingMove] = ()
    tally: Sequence[tuple[str, int]] = ()

    @property
    def has_documents(self) -> bool:
        """Whether there is any material that the person may see."""
        return bool(self.general_documents or any(self.documents.values()))


def meeting_page(opened: OpenMeeting) -> MeetingPage:
    """Everything that the person may see on the page of a meeting."""
    meeting = opened.meeting
    documents = documents_of(
        opened.group.id, opened.actor, opened.standing, opened.now, meeting_id=meeting.id
    )
    by_item, general = _by_item(meeting, documents)
    runs = opened.runs
    return MeetingPage(
        title=notices.full_title(meeting),
        when=notices.meeting_when(meeting),
        where=where_shown(meeting),
        state_label=MEETING_STATES.labels[meeting.state],
        state_kind=STATE_KINDS[meeting.state],
        agenda=notices.timetable(meeting),
        overrun=notices.overrun_of(meeting),
        documents=by_item,
        general_documents=general,
        own_answer=queries.attendance_of(meeting.id, opened.actor.user_id)
        if opened.standing.belongs
        else None,
        answers_open=policy.answers_are_open(meeting, opened.now),
        steps=queries.steps_of(meeting.id) if runs else (),
        moves=possible_moves(meeting, opened.now) if runs else (),
        tally=tally_of(answer_rows(meeting, opened.now)) if runs else (),
    )


def possible_moves(meeting: Meeting, now: datetime) -> list[MeetingMove]:
    """Steps that can be taken now; nothing is held before it begins."""
    possible = MEETING_STATES.possible(meeting.state)
    return [move for move in possible if move is not MeetingMove.HOLD or now >= meeting.starts_at]


def where_shown(meeting: Meeting) -> str:
    """The place; nothing for a past meeting of which it is not known."""
    is_unknown = not meeting.times_known and not meeting.place
    return "" if is_unknown and not notices.has_online(meeting) else notices.where_text(meeting)


def _by_item(
    meeting: Meeting, documents: Sequence[GroupDocument]
) -> tuple[dict[uuid.UUID, list[GroupDocument]], list[GroupDocument]]:
    """Materials by item of the agenda; those of the whole meeting, or of an item that is gone."""
    by_item: dict[uuid.UUID, list[GroupDocument]] = {item.id: [] for item in meeting.agenda}
    general: list[GroupDocument] = []
    for document in documents:
        by_item.get(document.agenda_item_id or uuid.UUID(int=0), general).append(document)
    return by_item, general


def answer_rows(meeting: Meeting, now: datetime) -> list[AnswerRow]:
    """Everybody who is invited, with what they answered."""
    answers = {each.user_id: each for each in queries.attendances_of(meeting.id)}
    people = queries.invited_people(meeting.group_id, today(now))
    return [AnswerRow(member, answers.get(member.user_id)) for member in people]


def tally_of(rows: Sequence[AnswerRow]) -> list[tuple[str, int]]:
    """How many gave each answer, and how many none."""
    counts = [(ANSWER_LABELS[a], sum(row.answer is a for row in rows)) for a in AttendanceAnswer]
    return [*counts, (NOT_ANSWERED, sum(row.answer is None for row in rows))]


def offered_answers(meeting: Meeting) -> list[AttendanceAnswer]:
    """Answers that the meeting leaves."""
    return possible_answers(meeting.place, notices.has_online(meeting))


@dataclass(frozen=True, slots=True)
class ListedMeeting:
    """A meeting in a list."""

    meeting: Meeting
    title: str
    when: str
    where: str
    state_label: str
    state_kind: str


def answer_label(answer: AttendanceAnswer | None) -> str:
    """An answer in words."""
    return ANSWER_LABELS[answer] if answer else NOT_ANSWERED


def listed(meeting: Meeting) -> ListedMeeting:
    """How a meeting stands in a list."""
    return ListedMeeting(
        meeting=meeting,
        title=notices.full_title(meeting),
        when=notices.meeting_when(meeting),
        where=where_shown(meeting),
        state_label=MEETING_STATES.labels[meeting.state],
        state_kind=STATE_KINDS[meeting.state],
    )


def group_meetings(
    group: WorkingGroup, actor: Actor, standing: Standing, now: datetime
) -> dict[str, Any]:
    """What the page of a group shows of its meetings."""
    day = today(now)
    return {
        "coming": [listed(m) for m in queries.meetings_of(group.id, actor, day, now, past=False)],
        "past": [listed(m) for m in queries.meetings_of(group.id, actor, day, now, past=True)],
        "may_plan": policy.can_plan(actor, group, standing),
        "is_closed": group.state is GroupState.CLOSED,
    }
