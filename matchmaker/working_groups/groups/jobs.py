"""Work of the worker on groups: chairs whose last day is over, looked for once a day."""

from __future__ import annotations

from datetime import datetime

from matchmaker.core.clock import today
from matchmaker.notifications.service import mail_people, mail_secretariat
from matchmaker.working_groups.groups import overviews, queries


def tell_of_vacant_chairs(now: datetime) -> int:
    """Tell those who run a group, and the secretariat, that its chair's last day is over.

    Most are told when the chair leaves; this finds those whose last day had been fixed before, and
    those whose account was closed. Each vacancy is told once: the key of the mail carries the last
    day.

    Returns:
        How many new mails there are.
    """
    told = 0
    for group, last in overviews.vacant_chairs(today(now)):
        context = {
            "group_name": group.name,
            "group_path": f"/working-groups/{group.id}",
            "actor_name": "",
            "reason": "",
            "old_name": "",
        }
        key = f"group-chair-vacant:{group.id}:{last.isoformat()}"
        people = {m.user_id: m.user for m in queries.running_members(group.id, today(now))}
        told += mail_people(
            people.values(), "group-chair-gone", context, key, subject_id=group.id, now=now
        )
        told += mail_secretariat("group-chair-gone", context, key, group.id, now)
    return told
