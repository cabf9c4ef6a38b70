"""Mail to those who hold an event and work for it, and to those invited.

People who registered are told by the part that knows them. The table of consequences is
``matchmaker/subscriptions.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from matchmaker.accounts.models import User
from matchmaker.accounts.queries import writing_people_of
from matchmaker.core.settings import current_settings
from matchmaker.core.signed_links import sign
from matchmaker.notifications.service import mail_members, mail_people, queue_mail_to_address
from matchmaker.regional_events.planning import queries
from matchmaker.regional_events.planning.calendar_entries import event_calendar
from matchmaker.regional_events.planning.domain import INVITATION, Audience, EventMove, EventState
from matchmaker.regional_events.planning.events import (
    Change,
    EventChanged,
    EventMoved,
    InviteesChanged,
)
from matchmaker.regional_events.planning.models import EventInvitee, RegionalEvent
from matchmaker.regional_events.planning.notices import event_facts

MOVE_WORDS = {
    EventMove.POSTPONE: ("延期", "イベントは延期になりました。新しい日時は、後で知らせます。"),
    EventMove.RESUME: ("新しい日時", "延期していたイベントの、新しい日時が決まりました。"),
    EventMove.CANCEL: ("中止", "イベントは中止になりました。"),
    EventMove.REVIVE: ("中止の取り消し", "中止を取り消し、延期として扱います。"),
}  # fmt: skip
CHANGED_WORDS = ("変更", "イベントの内容が変わりました。")


def tell_staff_of_move(event: EventMoved) -> None:
    """Tell organisers and staff that an event was postponed, resumed, cancelled or revived."""
    if event.move in MOVE_WORDS:
        subject = queries.get_event(event.subject_id)
        _mail_staff(
            subject, MOVE_WORDS[event.move], event.reason, event.told, str(event.move), event.now
        )


def tell_staff_of_change(event: EventChanged) -> None:
    """Tell organisers and staff what is different now, once others know of the event."""
    if event.told and event.is_public:
        subject = queries.get_event(event.subject_id)
        _mail_staff(subject, CHANGED_WORDS, "", event.told, "changed", event.now)


def send_invitations(event: EventMoved | InviteesChanged) -> None:
    """Send those invited their invitation, each once, as soon as the event is published."""
    subject = queries.get_event(event.subject_id)
    if subject.audience is not Audience.INVITED or subject.state is not EventState.PUBLISHED:
        return
    for invitee in queries.not_yet_invited(subject.id):
        _mail_invitee(subject, invitee, event.now)
        invitee.invited_at = event.now


def people_to_tell(event: RegionalEvent) -> list[User]:
    """Representatives and editors of the organisers, and everybody on the staff, each once."""
    people = {each.user_id: each.user for each in queries.staff_of(event.id)}
    for organizer in event.organizers:
        if organizer.organization_id is not None:
            people |= {user.id: user for user in writing_people_of(organizer.organization_id)}
    return list(people.values())


def _mail_staff(
    event: RegionalEvent,
    words: tuple[str, str],
    reason: str,
    changes: Sequence[Change],
    what: str,
    now: datetime,
) -> None:
    context: dict[str, Any] = {
        **event_facts(event), "what": words[0], "sentence": words[1], "reason": reason,
        "changes": changes,
    }  # fmt: skip
    key = f"event:{event.id}:staff:{what}:{event.revision}"
    calendar = event_calendar([event], current_settings().resolved_public_url())
    mail_people(
        people_to_tell(event), "event-staff-notice", context, key, event.id, now, calendar=calendar
    )


def _mail_invitee(event: RegionalEvent, invitee: EventInvitee, now: datetime) -> None:
    key = f"event:{event.id}:invited:{invitee.id}"
    context: dict[str, Any] = {**event_facts(event), "summary": event.summary}
    if invitee.organization_id is not None:
        context |= {"organization_name": invitee.name}
        mail_members(invitee.organization_id, "event-invitation", context, key, event.id, now)
        return
    path = f"/event-invitations/{sign(INVITATION, invitee.id, 1)}"
    context |= {
        "organization_name": "", "recipient_name": invitee.name or "ご担当者", "event_path": path,
    }  # fmt: skip
    queue_mail_to_address(invitee.email_key, "event-invitation", context, key, event.id, now)
