"""Commands of those who register: send in, confirm the address, let unconfirmed ones expire."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from matchmaker.core.actor import SYSTEM, VISITOR, Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict
from matchmaker.regional_events.planning.domain import EventState, Phase, phase_of
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.registrations.domain import (
    CONFIRM_WITHIN,
    LIVE_STATES,
    STAFF_SOURCES,
    AlreadyRegistered,
    AttendeeState,
    HistoryKind,
    RegistrationData,
    Source,
)
from matchmaker.regional_events.registrations.drafting import Draft, draft_of
from matchmaker.regional_events.registrations.events import (
    MailToConfirm,
    Registered,
    RegisteredAgain,
    RegistrationConfirmed,
    RegistrationExpired,
)
from matchmaker.regional_events.registrations.models import Attendee, Registration
from matchmaker.regional_events.registrations.placing import note, unseat
from matchmaker.regional_events.registrations.records import (
    Step,
    begin,
    people_where,
    registration_of,
)
from matchmaker.regional_events.registrations.seating import seat_all

REPLACED = "新しい申し込みに置きかわりました"
NOT_CONFIRMED = "メールアドレスの確認がありませんでした"
TOO_LATE_TO_CONFIRM = (
    "確認の期限が過ぎました。席はまだ取られていません。もう一度お申し込みください。"
)
SENT_TWICE = "同じ申し込みが同時に届きました。登録の一覧を確かめてください。"


def register(
    event: RegionalEvent, data: RegistrationData, actor: Actor, now: datetime
) -> Registration:
    """Register people for an event. Signed-in people and the staff are seated (or wait) at once,
    guests when they confirm their address by the link.

    A second submission with the same key gives back the first registration. A guest who is
    registered already gets that registration back, with nothing said on the page: only the mail
    to the registered address tells.

    Args:
        event: the event.
        data: what was sent in; answers are checked before.
        actor: who sends it; a visitor is a guest.

    Returns:
        The registration; its people are read anew by :mod:`.queries`.

    Raises:
        InvalidRegistration: something cannot be, with messages by place.
        AlreadyRegistered: members are told who holds a seat or waits already.
        Conflict: registration is not open.
        NoSeat: kept seats are too few, or there is no seat for somebody at the door.
    """
    step = begin(event.id, actor, now)
    earlier = _sent_before(event.id, data.submission_key)
    if earlier is not None:
        return earlier
    _require_open(step.event, data.source, now)
    draft = draft_of(step, data)
    _replace_unconfirmed(draft, step)
    doubled = _registered_already(draft)
    if doubled:
        return _answer_doubled(draft, doubled, step)
    return _store(draft, step)


def _sent_before(event_id: uuid.UUID, submission_key: str) -> Registration | None:
    return db.session.scalar(
        select(Registration).where(
            Registration.event_id == event_id, Registration.submission_key == submission_key
        )
    )


def _require_open(event: RegionalEvent, source: Source, now: datetime) -> None:
    if source in STAFF_SOURCES:
        if event.state is not EventState.PUBLISHED:
            raise Conflict("公開中のイベントではないため、登録できません。")
    elif phase_of(event, now) is not Phase.OPEN:
        raise Conflict("いまは参加登録を受け付けていません。")


def _replace_unconfirmed(draft: Draft, step: Step) -> None:
    """What a guest has not confirmed keeps nobody out: the later registration counts."""
    waiting = people_where(
        Attendee.event_id == step.event.id,
        Attendee.state == AttendeeState.PENDING,
        Attendee.person_key.in_(draft.keys),
    )
    ids = [person.id for person in waiting]
    companions = people_where(
        Attendee.companion_of_id.in_(ids), Attendee.state == AttendeeState.PENDING
    )
    for person in (*waiting, *companions):
        unseat(person, AttendeeState.EXPIRED, REPLACED, step)


def _registered_already(draft: Draft) -> Sequence[Attendee]:
    return people_where(
        Attendee.event_id == draft.registration.event_id,
        Attendee.state.in_(LIVE_STATES),
        Attendee.person_key.in_(draft.keys),
    )


def _answer_doubled(draft: Draft, doubled: Sequence[Attendee], step: Step) -> Registration:
    if not draft.is_guest:
        raise AlreadyRegistered(_messages(draft, doubled))
    person = doubled[0]
    record(
        RegisteredAgain(
            actor=step.actor, now=step.now, subject_id=person.id, event_id=step.event.id
        )
    )
    return registration_of(person)


def _messages(draft: Draft, doubled: Sequence[Attendee]) -> dict[str, str]:
    taken = {person.person_key: person for person in doubled}
    return {
        place: f"{taken[key].name}さんは、このイベントにもう登録されています。"
        for key, place in draft.places.items()
        if key in taken
    }


def _store(draft: Draft, step: Step) -> Registration:
    registration = draft.registration
    registration.number = _next_number(step.event.id)
    if draft.is_guest:
        registration.confirm_until = min(step.now + CONFIRM_WITHIN, step.event.ends_at)
    else:
        registration.confirmed_at = step.now
    _insert(draft)
    if registration.answers and step.event.questions_frozen_at is None:
        step.event.questions_frozen_at = step.now
    for person in draft.people:
        note(person, HistoryKind.REQUESTED, step, person.wanted_track_id)
    _record(Registered, registration, step, people=len(draft.people))
    if draft.is_guest:
        _record(MailToConfirm, registration, step)
    else:
        seat_all(registration, draft.people, step, waits=draft.waits)
    return registration


def _insert(draft: Draft) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(draft.registration)
            db.session.add_all(draft.people)
            db.session.flush()
    except IntegrityError:
        raise Conflict(SENT_TWICE) from None


def _next_number(event_id: uuid.UUID) -> int:
    last = db.session.scalar(
        select(func.max(Registration.number)).where(Registration.event_id == event_id)
    )
    return (last or 0) + 1


def _record(
    kind: type[Registered]
    | type[MailToConfirm]
    | type[RegistrationConfirmed]
    | type[RegistrationExpired],
    registration: Registration,
    step: Step,
    **details: int,
) -> None:
    record(
        kind(
            actor=step.actor, now=step.now, subject_id=registration.id, event_id=step.event.id,
            organization_id=registration.organization_id, details=details,
        )
    )  # fmt: skip


def confirm_registration(
    registration: Registration, now: datetime, actor: Actor = VISITOR
) -> Registration:
    """A guest followed the link: from now on the people hold seats, or wait from this moment.

    Following the link twice changes nothing.

    Raises:
        Conflict: it is too late, or the event does not take place as planned.
    """
    step = begin(registration.event_id, actor, now)
    db.session.refresh(registration, ["confirmed_at", "confirm_until"])
    if registration.confirmed_at is not None:
        return registration
    pending = people_where(
        Attendee.registration_id == registration.id, Attendee.state == AttendeeState.PENDING
    )
    if not pending or registration.confirm_until is None or now >= registration.confirm_until:
        raise Conflict(TOO_LATE_TO_CONFIRM)
    if step.event.state is not EventState.PUBLISHED or now >= step.event.ends_at:
        raise Conflict("このイベントは、いま参加登録を受け付けていません。")
    registration.confirmed_at = registration.updated_at = now
    registration.revision += 1
    _record(RegistrationConfirmed, registration, step)
    seat_all(registration, pending, step)
    return registration


def expire_registration(registration_id: uuid.UUID, event_id: uuid.UUID, now: datetime) -> bool:
    """Let a registration end whose address was not confirmed in time; gives whether it did."""
    step = begin(event_id, SYSTEM, now)
    registration = db.session.get(Registration, registration_id, populate_existing=True)
    if registration is None or registration.confirmed_at is not None:
        return False
    if registration.confirm_until is None or now < registration.confirm_until:
        return False
    pending = people_where(
        Attendee.registration_id == registration_id, Attendee.state == AttendeeState.PENDING
    )
    for person in pending:
        unseat(person, AttendeeState.EXPIRED, NOT_CONFIRMED, step)
    if pending:
        _record(RegistrationExpired, registration, step)
    return bool(pending)
