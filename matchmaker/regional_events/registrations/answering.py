"""Commands of those who wait: take offered seats, decline, leave the line, change their place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from matchmaker.core.actor import SYSTEM, Actor
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict
from matchmaker.regional_events.registrations.domain import (
    AttendeeState,
    WaitingState,
    may_offer,
)
from matchmaker.regional_events.registrations.events import LineChanged, OfferEnd
from matchmaker.regional_events.registrations.models import Attendee, WaitingEntry
from matchmaker.regional_events.registrations.placing import (
    counted,
    end_entry,
    offer_seats,
    put_in_line,
    tell_line_left,
    tell_offer_ended,
    unseat,
)
from matchmaker.regional_events.registrations.records import (
    Step,
    begin,
    event_of_entry,
    people_in,
    registration_of,
    reload_entry,
)
from matchmaker.regional_events.registrations.seating import blocks_of
from matchmaker.regional_events.registrations.seats import move_seats
from matchmaker.regional_events.registrations.waiting import fill_tracks, seat_offered

NO_OFFER = "いまは、席をご案内していません。"
OFFER_OVER = "返事の期限が過ぎたため、席は次の方にご案内しました。"
STOPPED = "このイベントは、いま席のご案内を止めています。"
DECLINED, UNANSWERED, LEFT = "席のご案内を辞退", "席のご案内に返事なし", "順番待ちを取りやめ"


def _begin(entry: WaitingEntry, actor: Actor, now: datetime) -> tuple[WaitingEntry, Step]:
    step = begin(event_of_entry(entry), actor, now)
    return reload_entry(entry.id), step


def accept_offer(entry: WaitingEntry, actor: Actor, now: datetime) -> None:
    """Take the seats that are held; an online seat held meanwhile goes to the next at once.

    Accepting twice changes nothing.

    Raises:
        Conflict: nothing is offered (any more), or the event does not take place as planned.
    """
    entry, step = _begin(entry, actor, now)
    if entry.state is WaitingState.ACCEPTED:
        return
    if entry.state is WaitingState.EXPIRED:
        raise Conflict(OFFER_OVER)
    if entry.state is not WaitingState.OFFERED or entry.offer_until is None:
        raise Conflict(NO_OFFER)
    if now >= entry.offer_until:
        raise Conflict(OFFER_OVER)
    if not may_offer(step.event, now):
        raise Conflict(STOPPED)
    fill_tracks(seat_offered(entry, people_in(entry), step), step)


def decline_offer(entry: WaitingEntry, actor: Actor, now: datetime) -> None:
    """Say no to the seats that are held; they go to the next at once. Whoever sits online stays
    there, the others are out.

    Raises:
        Conflict: nothing is offered.
    """
    entry, step = _begin(entry, actor, now)
    if entry.state is WaitingState.DECLINED:
        return
    if entry.state is not WaitingState.OFFERED:
        raise Conflict(NO_OFFER)
    _end_offer(entry, WaitingState.DECLINED, OfferEnd.DECLINED, step)


def expire_offer(entry: WaitingEntry, now: datetime) -> bool:
    """Let an offer end whose time is over; gives whether it did."""
    entry, step = _begin(entry, SYSTEM, now)
    if entry.state is not WaitingState.OFFERED or entry.offer_until is None:
        return False
    if now < entry.offer_until:
        return False
    _end_offer(entry, WaitingState.EXPIRED, OfferEnd.EXPIRED, step)
    return True


def _end_offer(entry: WaitingEntry, state: WaitingState, end: OfferEnd, step: Step) -> None:
    people = people_in(entry)
    move_seats({}, offer_seats(people, entry.track_id))
    end_entry(entry, state, step)
    if state is WaitingState.DECLINED:
        _let_go(people, AttendeeState.CANCELLED, DECLINED, step)
    else:
        _let_go(people, AttendeeState.EXPIRED, UNANSWERED, step)
    tell_offer_ended(entry, end, step)
    fill_tracks([entry.track_id], step)


def _let_go(people: Sequence[Attendee], state: AttendeeState, why: str, step: Step) -> None:
    """Those without a seat are out; those who sit elsewhere stay there."""
    for person in people:
        if person.track_id is None:
            unseat(person, state, why, step)


def leave_line(entry: WaitingEntry, actor: Actor, now: datetime) -> None:
    """Wait no longer. Whoever sits online stays there, the others are out.

    Raises:
        Conflict: seats were accepted already.
    """
    entry, step = _begin(entry, actor, now)
    if entry.state is WaitingState.ACCEPTED:
        raise Conflict("席はもう確定しています。参加の取り消しを選んでください。")
    if entry.state is WaitingState.OFFERED:
        _end_offer(entry, WaitingState.DECLINED, OfferEnd.WITHDRAWN, step)
    elif entry.state is WaitingState.WAITING:
        people = people_in(entry)
        end_entry(entry, WaitingState.WITHDRAWN, step)
        _let_go(people, AttendeeState.CANCELLED, LEFT, step)
        tell_line_left(entry, step)
        fill_tracks([entry.track_id], step)


def set_at_once(entry: WaitingEntry, is_at_once: bool, actor: Actor, now: datetime) -> None:
    """Say whether they can come at short notice (「すぐ来られる」).

    Raises:
        Conflict: they do not wait any more.
    """
    entry, step = _begin(entry, actor, now)
    if entry.is_at_once == is_at_once:
        return
    _require_waiting(entry)
    entry.is_at_once = is_at_once
    _tell_changed(entry, step, is_at_once=is_at_once)
    fill_tracks([entry.track_id], step)


def split_group(entry: WaitingEntry, actor: Actor, now: datetime) -> list[WaitingEntry]:
    """Let the people of a group be seated one by one, each keeping the place in line; companions
    stay with their person.

    Returns:
        The places in line they have now.

    Raises:
        Conflict: they do not wait any more, or seats are offered to them as a group.
    """
    entry, step = _begin(entry, actor, now)
    _require_waiting(entry)
    people = people_in(entry)
    registration_of(people[0]).is_together = False
    first, *others = blocks_of(people, is_together=False)
    if not others:
        return [entry]
    entry.size, entry.people = len(first.people), counted(first.people)
    entry.passes = 0
    entries = [entry]
    for block in others:
        entries.append(
            put_in_line(
                block.people, entry.track_id, step, joined_at=entry.joined_at,
                is_at_once=entry.is_at_once, tells=False,
            )
        )  # fmt: skip
    _tell_changed(entry, step, parts=len(entries))
    fill_tracks([entry.track_id], step)
    return entries


def _require_waiting(entry: WaitingEntry) -> None:
    if entry.state is WaitingState.OFFERED:
        raise Conflict("席をご案内中です。先に、受け取るか辞退するかを選んでください。")
    if entry.state is not WaitingState.WAITING:
        raise Conflict("この順番待ちは終わりました。")


def _tell_changed(entry: WaitingEntry, step: Step, **details: int) -> None:
    record(
        LineChanged(
            actor=step.actor, now=step.now, subject_id=entry.id, event_id=step.event.id,
            details=details,
        )
    )  # fmt: skip
