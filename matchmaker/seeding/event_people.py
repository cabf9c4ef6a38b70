"""Who registers for invented events: people of the demo, and guests marked as invented."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from matchmaker.core.actor import VISITOR
from matchmaker.core.db import db
from matchmaker.regional_events.planning.models import Track
from matchmaker.regional_events.registrations.domain import (
    AttendeeRole,
    PersonData,
    RegistrationData,
)
from matchmaker.regional_events.registrations.models import Attendee, Registration
from matchmaker.regional_events.registrations.service import (
    cancel_attendee,
    confirm_registration,
    register,
)
from matchmaker.seeding.accounts import DOMAIN
from matchmaker.seeding.event_occasion import Occasion, organization_of
from matchmaker.seeding.event_programme import INVENTED
from matchmaker.seeding.files import Entry
from matchmaker.seeding.people import actor_of, person

CONFIRMED_AFTER = timedelta(minutes=4)
AGREED = {"filming": ["filming1"], "privacy": ["privacy1"], "list": ["list1"]}


def register_people(occasion: Occasion) -> None:
    """Everybody in the order of the file, spread over the time from the opening until now."""
    entries = occasion.entry.get("registered", ())
    for entry, at in zip(entries, _moments(occasion, len(entries)), strict=True):
        who = entry["who"]
        registration = (
            _register_guest(occasion, entry, at)
            if who in occasion.guests
            else _register_member(occasion, entry, at)
        )
        _remember(occasion, [who, *entry.get("with", ())], registration)
    for entry in occasion.entry.get("cancelled", ()):
        attendee, at = occasion.attendee(entry["who"]), _moment_of_cancelling(occasion, entry)
        cancel_attendee(attendee, entry["reason"], VISITOR, at)


def _moment_of_cancelling(occasion: Occasion, entry: Entry) -> datetime:
    """Just before the loading, or a moment of the event's own story."""
    if "hours_ago" in entry:
        return occasion.seeder.now - timedelta(hours=entry["hours_ago"])
    return occasion.at(entry["at"])


def _moments(occasion: Occasion, number: int) -> Sequence[datetime]:
    event = occasion.event
    if not number or event.opens_at is None:
        return []
    end = min(event.starts_at, occasion.seeder.now - timedelta(hours=6))
    step = (end - event.opens_at) / (number + 1)
    return [event.opens_at + step * place for place in range(1, number + 1)]


def _register_member(occasion: Occasion, entry: Entry, at: datetime) -> Registration:
    """Somebody with an account, who may bring colleagues."""
    user, actor = person(occasion.seeder, entry["who"]), actor_of(occasion.seeder, entry["who"])
    own = PersonData(
        name=user.name, kana=user.kana, email=user.email, user_id=user.id,
        **_wanted(occasion, entry),
    )  # fmt: skip
    colleagues = [_guest(occasion, key, entry) for key in entry.get("with", ())]
    data = RegistrationData(
        people=[own, *colleagues],
        contact_name=user.name,
        contact_email=user.email,
        organization_id=min(actor.roles, default=None),
        submission_key=f"demo:{occasion.entry['key']}:{entry['who']}",
        is_together=entry.get("is_together", True),
        answers=_answers(occasion, entry),
    )
    return register(occasion.event, data, actor, at)


def _register_guest(occasion: Occasion, entry: Entry, at: datetime) -> Registration:
    """Somebody without an account, who follows the link of the mail a few minutes later."""
    guest = occasion.guests[entry["who"]]
    data = RegistrationData(
        people=[_guest(occasion, entry["who"], entry)],
        contact_name=guest["name"] + INVENTED,
        contact_email=address(entry["who"]),
        organization_name=_organization_name(occasion, guest),
        category=guest.get("category", "citizen"),
        prefecture=guest.get("prefecture", ""),
        submission_key=f"demo:{occasion.entry['key']}:{entry['who']}",
        is_at_once=entry.get("is_at_once", False),
        answers=_answers(occasion, entry),
    )
    registration = register(occasion.event, data, VISITOR, at)
    return confirm_registration(registration, at + CONFIRMED_AFTER)


def _organization_name(occasion: Occasion, guest: Entry) -> str:
    if "organization" in guest:
        return organization_of(occasion.seeder, guest["organization"]).name
    return f"{guest['body']}{INVENTED}" if "body" in guest else ""


def address(key: str) -> str:
    """The address of an invented guest; nothing can be delivered there."""
    return f"guest-{key}@{DOMAIN}"


def _guest(occasion: Occasion, key: str, entry: Entry) -> PersonData:
    guest = occasion.guests[key]
    return PersonData(
        name=guest["name"] + INVENTED, kana=guest["kana"], email=address(key),
        job_title=guest.get("job_title", ""), **_wanted(occasion, entry),
    )  # fmt: skip


def _wanted(occasion: Occasion, entry: Entry) -> dict[str, Any]:
    tracks = _tracks(occasion)
    return {
        "track_id": tracks[entry["track"]],
        "also_wait_for": tracks.get(entry.get("also", "")),
        "role": AttendeeRole.PARTICIPANT,
        "assistance": entry.get("assistance", ()),
        "assistance_note": entry.get("assistance_note", ""),
        "companions": entry.get("companions", ()),
    }


def _tracks(occasion: Occasion) -> dict[str, uuid.UUID]:
    """Tracks of the event by the key of the file; they stand in the same order."""
    query = select(Track.id).where(Track.event_id == occasion.event.id).order_by(Track.position)
    ids = db.session.scalars(query)
    return {entry["key"]: one for entry, one in zip(occasion.entry["tracks"], ids, strict=True)}


def _answers(occasion: Occasion, entry: Entry) -> dict[str, Any]:
    asked = occasion.entry.get("questions", ())
    answers: dict[str, Any] = {key: AGREED[key] for key in asked if key in AGREED}
    return {**answers, **entry.get("answers", {})}


def _remember(occasion: Occasion, keys: Sequence[str], registration: Registration) -> None:
    query = (
        select(Attendee.id)
        .where(Attendee.registration_id == registration.id, Attendee.companion_of_id.is_(None))
        .order_by(Attendee.position)
    )
    occasion.attendee_ids.update(zip(keys, db.session.scalars(query), strict=True))
