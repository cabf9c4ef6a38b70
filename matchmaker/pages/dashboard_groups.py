"""「わたしのWG」 on a person's own page: their groups, what waits in them, the next meeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.pages.dashboard import Waiting
from matchmaker.pages.dashboard_terms import until_day
from matchmaker.working_groups.groups import application_queries, policy, queries
from matchmaker.working_groups.groups.activity.queries import open_tasks_of
from matchmaker.working_groups.groups.domain import ROLE_LABELS, GroupState
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.meetings.models import Meeting
from matchmaker.working_groups.meetings.queries import MeetingFilter, meetings_page

MOST_GROUPS, MOST_TASKS = 20, 10


@dataclass(frozen=True, slots=True)
class OwnGroups:
    """The groups of a person.

    Args:
        groups: each with the person's roles in words; those that go on first.
        next_meeting: the next meeting of any of them.
        waiting: invitations, applications to answer, open tasks.
    """

    groups: Sequence[tuple[WorkingGroup, str]]
    next_meeting: Meeting | None
    waiting: Sequence[Waiting]


def own_groups(actor: Actor, now: datetime) -> OwnGroups:
    """Load what the person's page shows of working groups (at most seven statements)."""
    groups = queries.groups_of(actor, today(now), MOST_GROUPS)
    standings = queries.standings_of(actor, today(now))
    run = [
        group
        for group in groups
        if group.state is not GroupState.CLOSED and policy.can_run_group(actor, standings[group.id])
    ]
    return OwnGroups(
        groups=[(group, _roles(standings[group.id])) for group in groups],
        next_meeting=_next_meeting(actor, now) if groups else None,
        waiting=[*_invitations(actor), *_applications(run), *_tasks(actor, groups, now)],
    )


def _roles(standing: policy.Standing) -> str:
    return "・".join(label for role, label in ROLE_LABELS.items() if role in standing.roles)


def _next_meeting(actor: Actor, now: datetime) -> Meeting | None:
    page = meetings_page(actor, MeetingFilter(mine=True), now, today(now), 1)
    return next(iter(page.items), None)


def _invitations(actor: Actor) -> list[Waiting]:
    found = application_queries.invitations_for(actor.user_id) if actor.user_id else []
    return [
        Waiting(
            f"WGへの招待に返事をする：{each.group.name}",
            url_for("group_applications.show", group_id=each.group_id, application_id=each.id),
            f"「{ROLE_LABELS[each.role]}」としての招待です。",
        )
        for each in found
    ]


def _applications(groups: Sequence[WorkingGroup]) -> list[Waiting]:
    numbers = application_queries.applications_waiting([group.id for group in groups])
    return [
        Waiting(
            f"WGへの申し込みに返事をする：{group.name}",
            url_for("group_applications.index", group_id=group.id),
            f"{numbers[group.id]}件が返事を待っています。",
        )
        for group in groups
        if group.id in numbers
    ]


def _tasks(actor: Actor, groups: Sequence[WorkingGroup], now: datetime) -> list[Waiting]:
    names = {group.id: group.name for group in groups}
    if actor.user_id is None or not names:
        return []
    return [
        Waiting(
            f"タスク：{task.title}",
            url_for("group_tasks.index", group_id=task.group_id),
            names.get(task.group_id, ""),
            until_day(task.due_on, now),
        )
        for task in open_tasks_of(actor.user_id, today(now), MOST_TASKS)
    ]
