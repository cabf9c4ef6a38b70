"""Commands on the people of an event: who works for it, who is invited. They never commit."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from matchmaker.accounts.domain import email_is_plausible, email_key, normalized_email
from matchmaker.accounts.models import User
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.text import clean_line
from matchmaker.organizations.models import Organization
from matchmaker.regional_events.planning import queries
from matchmaker.regional_events.planning.domain import DUTY_LABELS, Duty
from matchmaker.regional_events.planning.events import InviteesChanged, StaffChanged
from matchmaker.regional_events.planning.models import EventInvitee, EventStaff, RegionalEvent

INVITEES_MOST, LINES_MOST, STAFF_MOST = 2000, 500, 100
SHOWN_LINES = 5
NAMED = re.compile(
    r"^(?P<name>.*?)[,、，<＜\s]\s*(?P<email>[^\s<>＜＞,、]+@[^\s<>＜＞,、]+)[>＞]?$"
)
PERSON_LENGTH = 100


def set_duties(
    event: RegionalEvent, user: User, duties: frozenset[Duty], actor: Actor, now: datetime
) -> None:
    """Let a person do exactly this for the event; nothing takes all duties away.

    Args:
        event: the event.
        user: who works for it.
        duties: what they may do from now on.

    Raises:
        ProductError: the event has as many helpers as it may.
    """
    present = {each.duty: each for each in queries.duties_of(event.id, user.id)}
    if not present and duties and queries.number_of_staff(event.id) >= STAFF_MOST:
        raise ProductError(f"スタッフは、{STAFF_MOST}人までです。")
    if duties == present.keys():
        return
    for duty in present.keys() - duties:
        db.session.delete(present[duty])
    for duty in sorted(duties - present.keys()):
        db.session.add(EventStaff(event_id=event.id, user_id=user.id, duty=duty, created_at=now))
    db.session.flush()
    details = {"duties": [DUTY_LABELS[duty] for duty in Duty if duty in duties]}
    record(
        StaffChanged(actor=actor, now=now, subject_id=event.id, user_id=user.id, details=details)
    )


@dataclass(frozen=True, slots=True)
class Invited:
    """What came of a list of people to be invited.

    Args:
        added: how many are new.
        known: how many had been invited before.
    """

    added: int
    known: int


@dataclass(frozen=True, slots=True)
class _Guest:
    organization_id: uuid.UUID | None
    email_key: str
    name: str


def invite(event: RegionalEvent, text: str, actor: Actor, now: datetime) -> Invited:
    """Invite organisations (by their exact names) and people (by mail address), one a line.

    Either all lines are taken or none.

    Raises:
        ProductError: a line is neither (field ``lines``), or there are too many.
    """
    lines = [line for raw in text.splitlines() if (line := clean_line(raw))]
    if not lines:
        raise ProductError("招待する団体かメールアドレスを入れてください。", "lines")
    if len(lines) > LINES_MOST:
        raise ProductError(f"一度に招待できるのは{LINES_MOST}行までです。分けてください。", "lines")
    guests = _guests(lines)
    present = {(each.organization_id, each.email_key) for each in queries.invitees_of(event.id)}
    fresh = {(g.organization_id, g.email_key): g for g in guests}
    added = [guest for key, guest in fresh.items() if key not in present]
    if len(present) + len(added) > INVITEES_MOST:
        raise ProductError(f"招待できるのは、合わせて{INVITEES_MOST:,}までです。", "lines")
    for guest in added:
        db.session.add(
            EventInvitee(
                event_id=event.id, organization_id=guest.organization_id,
                email_key=guest.email_key, name=guest.name,
            )
        )  # fmt: skip
    db.session.flush()
    if added:
        details = {"added": len(added)}
        record(InviteesChanged(actor=actor, now=now, subject_id=event.id, details=details))
    return Invited(len(added), len(fresh) - len(added))


def _guests(lines: Sequence[str]) -> list[_Guest]:
    known = queries.organizations_called(lines)
    found = [_guest(line, known) for line in lines]
    unreadable = [line for line, guest in zip(lines, found, strict=True) if guest is None]
    if unreadable:
        shown = "、".join(f"「{line[:40]}」" for line in unreadable[:SHOWN_LINES])
        more = f"など{len(unreadable)}行" if len(unreadable) > SHOWN_LINES else ""
        raise ProductError(
            f"{shown}{more}が分かりません。団体は名簿の名前のとおりに、"
            "人はメールアドレスで書いてください。",
            "lines",
        )
    return [guest for guest in found if guest is not None]


def _guest(line: str, known: dict[str, Organization]) -> _Guest | None:
    organization = known.get(line)
    if organization is not None:
        return _Guest(organization.id, "", organization.name[:PERSON_LENGTH])
    match = NAMED.match(line)
    address = normalized_email(match["email"] if match else line)
    if not email_is_plausible(address):
        return None
    return _Guest(None, email_key(address), match["name"].strip()[:PERSON_LENGTH] if match else "")


def take_back(
    event: RegionalEvent, invitee_id: uuid.UUID, actor: Actor, now: datetime
) -> EventInvitee:
    """Take an invitation back; registrations that were made with it stay.

    Raises:
        NotFound: there is no such invitation to this event.
    """
    invitee = db.session.get(EventInvitee, invitee_id)
    if invitee is None or invitee.event_id != event.id:
        raise NotFound
    db.session.delete(invitee)
    db.session.flush()
    record(InviteesChanged(actor=actor, now=now, subject_id=event.id, details={"removed": 1}))
    return invitee
