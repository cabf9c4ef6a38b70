"""Mail that follows from what happens to groups (named in ``matchmaker/subscriptions.py``).

Each mail carries the facts in its text, since a desk on a closed network cannot open the link.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from matchmaker.accounts.models import User
from matchmaker.core.clock import now, today
from matchmaker.core.domain_events import DomainEvent
from matchmaker.notifications.service import mail_people, mail_secretariat, queue_mail
from matchmaker.working_groups.groups import application_queries, overviews, queries
from matchmaker.working_groups.groups.domain import (
    APPLICATION_KIND_LABELS,
    GROUP_STATES,
    ROLE_LABELS,
    ApplicationKind,
    GroupRole,
    GroupState,
)
from matchmaker.working_groups.groups.events import (
    ApplicationDecided,
    ApplicationMade,
    GroupMoved,
    MemberEnded,
    MemberInvited,
    MemberJoined,
    MemberRoleChanged,
    SeatHandedOver,
)
from matchmaker.working_groups.groups.models import GroupApplication, GroupMember, WorkingGroup

SUBJECT = "groups:group"


def mail_about_move(event: GroupMoved) -> None:
    """Tell everybody who takes part."""
    group = queries.get_group(event.subject_id)
    members = queries.present_members(group.id, today(event.now))
    people = {m.user_id: m.user for m in members if m.user_id != event.actor.user_id}
    context = _context(group, event) | {
        "step": GROUP_STATES.moves[event.move].label,
        "state": GROUP_STATES.labels[group.state],
    }
    _mail([*people.values()], "group-moved", context, f"group-moved:{group.revision}", event)


def mail_about_joining(event: MemberJoined) -> None:
    """Tell a person who was entered without having asked."""
    if event.with_mail:
        member = queries.member_of_group(event.member_id)
        context = _context(member.group, event) | {"role": ROLE_LABELS[event.role]}
        _mail([member.user], "group-joined", context, f"group-joined:{member.id}", event)


def mail_about_application(event: ApplicationMade) -> None:
    """Tell those who run the group that an answer is waited for."""
    application = application_queries.application_of(event.application_id)
    context = _application_context(application, event)
    key = f"group-application:{application.id}"
    _mail_running(application.group, "group-application", context, key, event)


def mail_invitation(event: MemberInvited) -> None:
    """Ask the invited person for an answer. They may not see the group's page yet."""
    application = application_queries.application_of(event.application_id)
    context = _application_context(application, event)
    key = f"group-invitation:{application.id}"
    queue_mail(application.user, "group-invitation", context, key, application.id, event.now)


def mail_about_answer(event: ApplicationDecided) -> None:
    """Tell the applicant, or those who invited, what was decided."""
    application = application_queries.application_of(event.application_id)
    context = _application_context(application, event) | {"state": event.state.value}
    key = f"group-answer:{application.id}"
    if application.kind is ApplicationKind.INVITATION:
        _mail_running(application.group, "group-invitation-answer", context, key, event)
    else:
        queue_mail(application.user, "group-answer", context, key, application.id, event.now)


def mail_about_end(event: MemberEnded) -> None:
    """Tell a person whose role somebody else ended; and all who care when the chair has gone."""
    member = queries.member_of_group(event.member_id)
    if member.user_id != event.actor.user_id:
        context = _context(member.group, event) | {"role": ROLE_LABELS[event.role]}
        key = f"group-ended:{member.id}"
        queue_mail(member.user, "group-ended", context, key, member.group_id, event.now)
    if event.role is GroupRole.CHAIR:
        tell_of_vacancy(member.group, member, event)


def mail_about_role(event: MemberRoleChanged) -> None:
    """Tell a person who got another role; and all who care when the chair has gone."""
    member = queries.member_of_group(event.member_id)
    if member.user_id != event.actor.user_id:
        context = _context(member.group, event) | {"role": ROLE_LABELS[event.role]}
        _mail([member.user], "group-joined", context, f"group-joined:{member.id}", event)
    if event.details.get("from") == GroupRole.CHAIR:
        tell_of_vacancy(member.group, member, event)


def mail_about_handover(event: SeatHandedOver) -> None:
    """Tell the one who goes and the one who comes."""
    old = queries.member_of_group(event.old_member_id)
    new = queries.member_of_group(event.new_member_id)
    context = _context(old.group, event) | {
        "role": ROLE_LABELS[event.role],
        "organization_name": old.organization.name if old.organization else "",
        "old_name": old.user.name,
        "new_name": new.user.name,
        "tasks": event.tasks,
    }
    key = f"group-handover:{old.id}"
    people = [old.user, new.user]
    mail_people(people, "group-handover", context, key, subject_id=old.group_id, now=event.now)


def tell_of_vacancy(group: WorkingGroup, gone: GroupMember, event: DomainEvent) -> None:
    """Tell those who run the group and the secretariat that its chair has gone, if so.

    The last day of a role belongs to it, so what counts is who is there on the next day.
    """
    tomorrow = today(event.now) + timedelta(days=1)
    if group.state is GroupState.CLOSED or not overviews.lost_its_chair(group.id, tomorrow):
        return
    context = _context(group, event) | {"old_name": gone.user.name}
    key = f"group-chair-gone:{gone.id}"
    people = {m.user_id: m.user for m in queries.running_members(group.id, tomorrow)}
    _mail([*people.values()], "group-chair-gone", context, key, event)
    mail_secretariat("group-chair-gone", context, key, group.id, event.now)


def still_sees(user_id: uuid.UUID, group_id: uuid.UUID) -> bool:
    """Whether somebody still takes part in the group, asked just before a mail goes out."""
    return queries.takes_part(user_id, group_id, today(now()))


def _mail_running(
    group: WorkingGroup, template: str, context: dict[str, Any], key: str, event: DomainEvent
) -> None:
    """Mail those who run the group; the secretariat when there is nobody."""
    running = {m.user_id: m.user for m in queries.running_members(group.id, today(event.now))}
    if running:
        _mail([*running.values()], template, context, key, event)
    else:
        mail_secretariat(template, context, key, group.id, event.now)


def _mail(
    people: Sequence[User], template: str, context: dict[str, Any], key: str, event: DomainEvent
) -> None:
    mail_people(
        people, template, context, key, subject_id=event.subject_id, now=event.now,
        subject_kind=SUBJECT,
    )  # fmt: skip


def _context(group: WorkingGroup, event: DomainEvent) -> dict[str, Any]:
    return {
        "group_name": group.name,
        "group_path": f"/working-groups/{group.id}",
        "actor_name": event.actor.name,
        "reason": event.reason,
    }


def _application_context(application: GroupApplication, event: DomainEvent) -> dict[str, Any]:
    organization = application.organization
    return _context(application.group, event) | {
        "path": f"/working-groups/{application.group_id}/applications/{application.id}",
        "kind": APPLICATION_KIND_LABELS[application.kind],
        "role": ROLE_LABELS[application.role],
        "person_name": application.user.name,
        "organization_name": organization.name if organization else "",
        "message": application.message,
        "purpose": application.group.purpose,
    }
