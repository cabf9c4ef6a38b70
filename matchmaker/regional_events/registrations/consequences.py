"""What follows from what happens to registrations and to events (named in ``subscriptions.py``).

State and notice are written in one transaction; nothing is sent here.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from matchmaker.core.db import db
from matchmaker.core.domain_events import DomainEvent
from matchmaker.regional_events.planning.domain import EventMove, EventState
from matchmaker.regional_events.planning.events import EventChanged, EventMoved
from matchmaker.regional_events.planning.models import RegionalEvent, Track
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.registrations import mails, queries
from matchmaker.regional_events.registrations.corrections import TicketSentAgain
from matchmaker.regional_events.registrations.domain import AttendeeState
from matchmaker.regional_events.registrations.events import (
    AttendeeCancelled,
    HandedOver,
    MailToConfirm,
    OfferEnd,
    OfferEnded,
    OrganizationCorrected,
    RegisteredAgain,
    SeatConfirmed,
    SeatOffered,
    SeatWaiting,
    TrackMoved,
)
from matchmaker.regional_events.registrations.models import Attendee, Registration
from matchmaker.regional_events.registrations.presentation import is_open

SEAT_FACTS: dict[str, Any] = {
    "has_waited": False,
    "is_waiting_on": False,
    "is_moved": False,
    "is_handed_over": False,
    "reason": "",
}
MOVES: dict[EventMove, tuple[str, str, str]] = {
    EventMove.CANCEL: (
        "cancelled",
        "中止のお知らせ",
        "このイベントは、中止になりました。カレンダーから予定を外すファイルを付けました。",
    ),
    EventMove.POSTPONE: (
        "postponed",
        "延期のお知らせ",
        "このイベントは、延期になりました。あなたの登録は、そのまま残っています。"
        "返事待ちの席のご案内は、いったん取りやめました。新しい日時が決まったら、お知らせします。",
    ),
    EventMove.RESUME: (
        "resumed",
        "新しい日時のお知らせ",
        "延期していたイベントの日時が決まりました。あなたの登録は、そのまま使えます。"
        "都合が合わないときは、下のページで取り消せます。",
    ),
    EventMove.REVIVE: (
        "revived",
        "中止を取り消したお知らせ",
        "中止をお知らせしたイベントを、延期に改めました。あなたの登録は、そのまま残っています。"
        "新しい日時が決まったら、お知らせします。",
    ),
}
CHANGED = "イベントの内容が変わりました。カレンダーのファイルを新しくしました。"


def ask_to_confirm(happened: MailToConfirm) -> None:
    """Send a guest the link that confirms the address."""
    registration = queries.get_registration(happened.subject_id)
    mails.mail_to_confirm(registration, get_event(happened.event_id), happened.now)


def tell_registered(happened: RegisteredAgain) -> None:
    """Tell somebody who is registered that the form came again."""
    attendee = queries.get_attendee(happened.subject_id)
    mails.mail_registered_again(attendee, get_event(happened.event_id), happened.now)


def tell_seat(happened: SeatConfirmed) -> None:
    """Send the confirmation of a seat."""
    attendee = queries.get_attendee(happened.subject_id)
    if _is_quiet(attendee.registration, happened):
        return
    more = {
        **SEAT_FACTS,
        "has_waited": happened.has_waited,
        "is_waiting_on": happened.is_waiting_on,
        "is_moved": happened.from_track_id is not None and not happened.has_waited,
        "reason": happened.reason,
    }
    _mail_seat(attendee, happened.event_id, more, happened)


def _is_quiet(registration: Registration, happened: DomainEvent) -> bool:
    """Whether this is the registering itself, of which the staff want nothing sent."""
    return registration.is_quiet and happened.now == registration.created_at


def tell_line(happened: SeatWaiting) -> None:
    """Tell a group or person their place in line."""
    entry = queries.get_entry(happened.subject_id)
    if not _is_quiet(entry.registration, happened):
        mails.mail_line(entry, get_event(happened.event_id), happened.now, "joined")


def tell_offer(happened: SeatOffered) -> None:
    """Tell them that seats are held."""
    entry = queries.get_entry(happened.subject_id)
    mails.mail_offer(entry, get_event(happened.event_id), happened.now)


def tell_offer_end(happened: OfferEnded) -> None:
    """Tell them that the seats went on. Those who declined or left know it themselves; when the
    event was moved, its one notice to everybody says so."""
    if happened.end is OfferEnd.EXPIRED:
        entry = queries.get_entry(happened.subject_id)
        mails.mail_offer_ended(entry, get_event(happened.event_id), happened.now)


def tell_move(happened: TrackMoved) -> None:
    """Tell a person whom the staff moved where they sit now, or that they wait."""
    attendee = queries.get_attendee(happened.subject_id)
    if happened.track_id is not None:
        more = {**SEAT_FACTS, "is_moved": True, "reason": happened.reason}
        _mail_seat(attendee, happened.event_id, more, happened)
        return
    message = (
        "席の数が変わり、あなたの席をキャンセル待ちに移しました。申し訳ありません。"
        "席が空いたら、すぐにお知らせします。"
    )
    _tell_waiting([attendee], happened, "moved", message)


def tell_organization(happened: OrganizationCorrected) -> None:
    """Tell those who lost a seat because they come in another name than it said."""
    people = [queries.get_attendee(each) for each in happened.moved]
    message = (
        "登録の団体を直したところ、その団体や区分の席がいっぱいでした。"
        "そのため、あなたの席をキャンセル待ちに移しました。席が空いたら、すぐにお知らせします。"
    )
    _tell_waiting(people, happened, "organization", message)


def _tell_waiting(
    people: Sequence[Attendee],
    happened: TrackMoved | OrganizationCorrected,
    cause: str,
    message: str,
) -> None:
    """Tell people that they wait instead of sitting.

    Args:
        cause: names the notice among others about the same people.
    """
    told = {
        "headline": "席をキャンセル待ちに移しました",
        "message": message,
        "reason": happened.reason,
        "changes": (),
    }
    what = f"{cause}:{happened.now.isoformat()}"
    event = get_event(happened.event_id)
    mails.mail_notice(people, event, "event-moved", what, told, happened.now)


def tell_hand_over(happened: HandedOver) -> None:
    """Tell both: the new person of the seat (or the place in line), the former that it is gone."""
    attendee = queries.get_attendee(happened.subject_id)
    event = get_event(happened.event_id)
    mails.mail_former(happened.former_name, happened.former_email, attendee, event, happened.now)
    if attendee.state is AttendeeState.CONFIRMED:
        more = {**SEAT_FACTS, "is_handed_over": True}
        _mail_seat(attendee, happened.event_id, more, happened)
    elif attendee.waiting_entry is not None and is_open(attendee.waiting_entry):
        entry = queries.get_entry(attendee.waiting_entry.id)
        why = f"handed-over:{happened.link_version}"
        mails.mail_line(entry, event, happened.now, why)


def tell_cancellation(happened: AttendeeCancelled) -> None:
    """Confirm that a person does not come any more."""
    attendee = queries.get_attendee(happened.subject_id)
    track = db.session.get(Track, happened.track_id) if happened.track_id else None
    mails.mail_cancelled(
        attendee, get_event(happened.event_id), track, happened.reason, happened.now
    )


def tell_event_move(happened: EventMoved) -> None:
    """One notice to everybody registered that an event was cancelled, postponed or resumed."""
    if happened.move not in MOVES:
        return
    what, headline, message = MOVES[happened.move]
    event = get_event(happened.subject_id)
    told = {
        "headline": headline,
        "message": message,
        "reason": happened.reason,
        "changes": happened.told,
    }
    people = queries.seated_or_waiting(event.id)
    mails.mail_notice(people, event, "event-moved", what, told, happened.now)


def tell_event_change(happened: EventChanged) -> None:
    """One notice to everybody registered of what is different now."""
    event = get_event(happened.subject_id)
    if not happened.told or event.state is not EventState.PUBLISHED:
        return
    told = {
        "headline": "内容が変わりました",
        "message": CHANGED,
        "reason": happened.reason,
        "changes": happened.told,
    }
    what = f"changed:{event.revision}"
    people = queries.seated_or_waiting(event.id)
    mails.mail_notice(people, event, "event-moved", what, told, happened.now)


def _mail_seat(
    attendee: Attendee, event_id: uuid.UUID, more: dict[str, Any], happened: DomainEvent
) -> None:
    event: RegionalEvent = get_event(event_id)
    if attendee.track is not None:
        mails.mail_seat(attendee, event, attendee.track, happened.now, more)


def tell_again(happened: TicketSentAgain) -> None:
    """Send the confirmation of a seat again, with the new link."""
    attendee = queries.get_attendee(happened.subject_id)
    _mail_seat(attendee, happened.event_id, SEAT_FACTS, happened)
