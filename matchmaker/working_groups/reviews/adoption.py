"""What an adoption founds: the group with its people and first meetings, and how it is undone."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.errors import Conflict
from matchmaker.working_groups.calls.domain import group_kind
from matchmaker.working_groups.groups.domain import (
    GroupData,
    GroupMove,
    GroupRole,
    GroupState,
    Visibility,
)
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.groups.service import (
    add_group_member,
    close_group,
    found_group,
    move_group,
)
from matchmaker.working_groups.meetings.domain import MeetingData, MeetingMove
from matchmaker.working_groups.meetings.service import move_meeting, plan_meeting
from matchmaker.working_groups.proposals.domain import AuthorRole
from matchmaker.working_groups.proposals.models import Proposal
from matchmaker.working_groups.reviews import decision_queries as queries
from matchmaker.working_groups.reviews.decision_data import (
    OBSERVER_DAYS,
    DecisionData,
    meeting_times,
)

TAKEN_BACK_REPORT = (
    "公募「{call}」の採択の決定が訂正されたため、このWGは終了しました。\n\n訂正の理由：{reason}"
)


def open_group(
    proposal: Proposal, data: DecisionData, reason: str, actor: Actor, now: datetime
) -> WorkingGroup:
    """The group of an adopted proposal: founded, or opened again when it was closed.

    Args:
        proposal: with its call and authors (with their accounts).
        data: name, period and meetings.
        reason: why a closed group is opened again.

    Raises:
        InvalidGroup: the name is taken, or the call names no group to stand under.
    """
    group = queries.group_of(proposal.id)
    if group is not None:
        if group.state is GroupState.CLOSED:
            move_group(group, GroupMove.REOPEN, reason, actor, now)
        return group
    group = found_group(_group_data(proposal, data, now), actor, now)
    _add_people(group, proposal, actor, now)
    for number, (starts_at, ends_at) in enumerate(meeting_times(data, now), start=1):
        plan = MeetingData(
            title=f"第{number}回会合", starts_at=starts_at, ends_at=ends_at, round=number
        )
        plan_meeting(group, plan, actor, now)
    return group


def _group_data(proposal: Proposal, data: DecisionData, now: datetime) -> GroupData:
    day, call = today(now), proposal.call
    return GroupData(
        name=data.group_name,
        kind=group_kind(call.kind),
        parent_id=call.parent_group_id,
        purpose=f"公募「{call.title}」で採択された提案「{proposal.title}」に取り組みます。",
        starts_on=data.group_starts_on,
        ends_on=data.group_ends_on,
        visibility=Visibility.PUBLIC,
        observers_from=day if data.observers_wanted else None,
        observers_until=day + timedelta(days=OBSERVER_DAYS) if data.observers_wanted else None,
        origin_proposal_id=proposal.id,
        is_demo=proposal.is_demo,
    )


def _add_people(group: WorkingGroup, proposal: Proposal, actor: Actor, now: datetime) -> None:
    """The lead author leads, the others who wrote it are members; closed accounts stay out."""
    for author in proposal.authors:
        if author.accepted_at is None or author.left_at is not None or not author.user.active:
            continue
        role = GroupRole.LEAD if author.role is AuthorRole.LEAD else GroupRole.MEMBER
        add_group_member(group, author.user, author.organization_id, role, actor, now)


def close_grown_group(proposal: Proposal, reason: str, actor: Actor, now: datetime) -> None:
    """Close the group of a proposal whose adoption is taken back; its pages and people stay.

    Meetings that were planned are cancelled with the same reason.
    """
    group = queries.group_of(proposal.id)
    if group is None or group.state is GroupState.CLOSED:
        return
    for meeting in queries.coming_meetings(group.id):
        move_meeting(meeting, MeetingMove.CANCEL, reason, actor, now)
    report = TAKEN_BACK_REPORT.format(call=proposal.call.title, reason=reason)
    close_group(group, report, None, reason, actor, now)


def refuse_taken_name(name: str, proposal_id: uuid.UUID) -> None:
    """Refuse the name of another group.

    Raises:
        Conflict: there is another group of that name (field ``group_name``).
    """
    group = queries.group_called(name)
    if group is not None and group.origin_proposal_id != proposal_id:
        raise Conflict("この名前のWGは、すでにあります。ほかの名前にしてください。", "group_name")
