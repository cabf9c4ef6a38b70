"""From what was sent in to checked rows of a registration and its people."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field

from sqlalchemy import select

from matchmaker.accounts.domain import email_is_plausible, email_key, normalized_email
from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.errors import NotAllowed
from matchmaker.core.text import clean_line, clean_text, fold
from matchmaker.organizations.domain import OrganizationStatus
from matchmaker.organizations.models import Organization
from matchmaker.regional_events.planning.domain import CITIZEN
from matchmaker.regional_events.planning.models import SeatReserve, Track
from matchmaker.regional_events.registrations.domain import (
    COMPANIONS_MOST,
    PEOPLE_MOST,
    STAFF_SOURCES,
    Assistance,
    AttendeeRole,
    AttendeeState,
    InvalidRegistration,
    PersonData,
    RegistrationData,
    Source,
    person_key,
)
from matchmaker.regional_events.registrations.models import Attendee, Registration
from matchmaker.regional_events.registrations.records import Step

NAME_LENGTH, ORGANIZATION_LENGTH, PHONE_LENGTH, NOTE_LENGTH = 100, 120, 30, 500
WRONG_EMAIL = "メールアドレスを確かめてください（例：hanako@example.jp）。"
COMPANION_NAME = "付き添いの方"
CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters that nobody mistakes for another when reading a code aloud."""
CODE_LENGTH = 16


@dataclass(slots=True)
class Draft:
    """Rows that are not stored yet.

    Args:
        is_guest: whether the address has to be confirmed before anybody is seated.
        prefecture: that of the organisation, or as typed.
        places: the place in the form (``people-0-email``) by person key.
        waits: whether people without a free seat get in line.
    """

    registration: Registration
    is_guest: bool
    prefecture: str = ""
    people: list[Attendee] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    waits: bool = True

    @property
    def keys(self) -> list[str]:
        """Keys of all its people."""
        return [person.person_key for person in self.people]


def new_code() -> str:
    """A code for a ticket: 80 random bits in letters that can be read aloud."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def draft_of(step: Step, data: RegistrationData) -> Draft:
    """Rows for what was sent in, checked but not stored.

    Raises:
        InvalidRegistration: something cannot be; messages by place.
        NotAllowed: the actor does not belong to the organisation.
    """
    is_guest = data.source is Source.SELF and not (step.actor.is_signed_in or step.actor.is_system)
    errors = {**_contact_errors(data, is_guest=is_guest), **_people_errors(step, data)}
    if errors:
        raise InvalidRegistration(errors)
    organization = organization_of(data.organization_id, data.organization_name, step.actor, data)
    prefecture = organization.prefecture if organization else clean_line(data.prefecture)
    draft = Draft(_registration(step, data, organization), is_guest, prefecture)
    draft.waits = data.waits
    for number, person in enumerate(data.people):
        _add_person(draft, number, person, step)
    return draft


def organization_of(
    organization_id: uuid.UUID | None, name: str, actor: Actor, data: RegistrationData
) -> Organization | None:
    """The organisation in whose name people come; a typed name that is known counts as its own, so
    that nobody gets around the bound of an organisation by typing its name.

    Raises:
        NotAllowed: the organisation was chosen by somebody who does not belong to it.
    """
    if organization_id is not None:
        is_own = actor.is_secretariat or actor.belongs_to(organization_id)
        if not is_own and data.source not in STAFF_SOURCES:
            raise NotAllowed("この団体の名前では登録できません。")
        return _known(organization_id)
    return organization_called(name)


def organization_called(name: str) -> Organization | None:
    """The active organisation of that name, without regard to widths, spaces and case."""
    wanted = fold(name)
    if not wanted:
        return None
    rows = db.session.execute(
        select(Organization.id, Organization.name)
        .where(Organization.status == OrganizationStatus.ACTIVE)
        .order_by(Organization.id)
    )
    found = next((row.id for row in rows if fold(row.name) == wanted), None)
    return None if found is None else _known(found)


def _known(organization_id: uuid.UUID) -> Organization:
    organization = db.session.get(Organization, organization_id)
    if organization is None:
        raise InvalidRegistration({"organization_id": "団体を選んでください。"})
    return organization


def _registration(
    step: Step, data: RegistrationData, organization: Organization | None
) -> Registration:
    name = clean_line(data.organization_name)
    own_category = data.category if name else CITIZEN
    return Registration(
        id=new_id(), event_id=step.event.id, user_id=step.actor.user_id
        if data.source is Source.SELF else None,
        organization_id=organization.id if organization else None,
        organization_name=organization.name if organization else name,
        category=organization.category if organization else own_category,
        contact_name=clean_line(data.contact_name),
        contact_email=normalized_email(data.contact_email),
        contact_phone=clean_line(data.contact_phone),
        is_together=data.is_together, is_at_once=data.is_at_once, source=data.source,
        submission_key=data.submission_key, answers=dict(data.answers),
        note=clean_text(data.note), desk_note=clean_text(data.desk_note), link_version=1,
        is_quiet=data.is_quiet, revision=1, created_at=step.now, updated_at=step.now,
    )  # fmt: skip


def _add_person(draft: Draft, number: int, data: PersonData, step: Step) -> None:
    registration = draft.registration
    contact = email_key(registration.contact_email) or registration.submission_key
    person = _attendee(draft, data, step)
    person.name, person.email = clean_line(data.name), normalized_email(data.email)
    person.kana, person.job_title = clean_line(data.kana), clean_line(data.job_title)
    person.assistance = [str(Assistance(need)) for need in data.assistance]
    person.assistance_note = clean_text(data.assistance_note)
    person.role, person.user_id = data.role, data.user_id
    person.person_key = person_key(email_key(data.email), contact, person.name)
    _put(draft, person, f"people-{number}-{'email' if data.email else 'name'}")
    for place, name in enumerate(data.companions, start=1):
        companion = _attendee(draft, data, step)
        companion.name = clean_line(name) or COMPANION_NAME
        companion.role, companion.companion_of_id = AttendeeRole.COMPANION, person.id
        companion.person_key = f"{person.person_key}|companion {place}"
        _put(draft, companion, f"people-{number}-companions")


def _put(draft: Draft, person: Attendee, place: str) -> None:
    if person.person_key in draft.places:
        which = "メールアドレス" if place.endswith("email") else "名前"
        raise InvalidRegistration({place: f"同じ{which}の人が、この登録に2人います。"})
    draft.places[person.person_key] = place
    draft.people.append(person)


def _attendee(draft: Draft, data: PersonData, step: Step) -> Attendee:
    registration = draft.registration
    wanted, fallback = data.track_id, None
    if data.also_wait_for is not None and data.also_wait_for != data.track_id:
        wanted, fallback = data.also_wait_for, data.track_id
    return Attendee(
        id=new_id(), registration_id=registration.id, event_id=registration.event_id,
        position=len(draft.people) + 1, organization_id=registration.organization_id,
        organization_name=registration.organization_name, category=registration.category,
        state=AttendeeState.PENDING, wanted_track_id=wanted, fallback_track_id=fallback,
        reserve_id=data.reserve_id, prefecture=draft.prefecture,
        code=new_code(), link_version=1,
        created_at=step.now, updated_at=step.now,
    )  # fmt: skip


def _contact_errors(data: RegistrationData, *, is_guest: bool) -> dict[str, str]:
    errors: dict[str, str] = {}
    name, email = clean_line(data.contact_name), normalized_email(data.contact_email)
    if not name or len(name) > NAME_LENGTH:
        errors["contact_name"] = f"お名前を{NAME_LENGTH}文字以内で入れてください。"
    needs_email = is_guest or data.source is Source.SELF
    if (email or needs_email) and not email_is_plausible(email):
        errors["contact_email"] = WRONG_EMAIL
    if len(clean_line(data.organization_name)) > ORGANIZATION_LENGTH:
        errors["organization_name"] = f"団体名は{ORGANIZATION_LENGTH}文字以内で入れてください。"
    if len(clean_line(data.contact_phone)) > PHONE_LENGTH:
        errors["contact_phone"] = f"電話番号は{PHONE_LENGTH}文字以内で入れてください。"
    if not data.people:
        errors["people"] = "参加する人を1人以上入れてください。"
    elif len(data.people) > PEOPLE_MOST:
        errors["people"] = f"一度に登録できるのは{PEOPLE_MOST}人までです。分けて登録してください。"
    elif is_guest and len(data.people) > 1:
        errors["people"] = "サインインしない登録は、おひとりずつお願いします。"
    return errors


def _people_errors(step: Step, data: RegistrationData) -> dict[str, str]:
    tracks = set(db.session.scalars(select(Track.id).where(Track.event_id == step.event.id)))
    errors: dict[str, str] = {}
    for number, person in enumerate(data.people):
        found = {**person_errors(person), **_seat_errors(person, data.source, tracks)}
        errors |= {f"people-{number}-{name}": text for name, text in found.items()}
    return errors


def person_errors(person: PersonData) -> dict[str, str]:
    """What cannot be in what is said of one person: messages by field."""
    errors: dict[str, str] = {}
    name, email = clean_line(person.name), normalized_email(person.email)
    if not name or len(name) > NAME_LENGTH:
        errors["name"] = f"名前を{NAME_LENGTH}文字以内で入れてください。"
    if email and not email_is_plausible(email):
        errors["email"] = WRONG_EMAIL
    for field_name, label in (("kana", "フリガナ"), ("job_title", "役職")):
        if len(clean_line(getattr(person, field_name))) > NAME_LENGTH:
            errors[field_name] = f"{label}は{NAME_LENGTH}文字以内で入れてください。"
    return errors | _assistance_errors(person)


def _assistance_errors(person: PersonData) -> dict[str, str]:
    errors: dict[str, str] = {}
    if len(clean_text(person.assistance_note)) > NOTE_LENGTH:
        errors["assistance_note"] = f"{NOTE_LENGTH}文字以内で入れてください。"
    if any(need not in set(Assistance) for need in person.assistance):
        errors["assistance"] = "一覧にあるものから選んでください。"
    if len(person.companions) > COMPANIONS_MOST:
        errors["companions"] = f"付き添いの方は{COMPANIONS_MOST}人までです。"
    elif any(len(clean_line(each)) > NAME_LENGTH for each in person.companions):
        errors["companions"] = f"名前は{NAME_LENGTH}文字以内で入れてください。"
    return errors


def _seat_errors(person: PersonData, source: Source, tracks: set[uuid.UUID]) -> dict[str, str]:
    errors: dict[str, str] = {}
    if person.track_id not in tracks:
        errors["track_id"] = "参加方法を選んでください。"
    if person.also_wait_for is not None and person.also_wait_for not in tracks:
        errors["also_wait_for"] = "参加方法を選んでください。"
    if person.reserve_id is not None and not _is_reserve(person, source):
        errors["reserve_id"] = "この参加方法の取り置きの席から選んでください。"
    return errors


def _is_reserve(person: PersonData, source: Source) -> bool:
    reserve = db.session.get(SeatReserve, person.reserve_id)
    return source in STAFF_SOURCES and reserve is not None and reserve.track_id == person.track_id
