"""What follows from introductions and from matches (named in ``matchmaker/subscriptions.py``)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from matchmaker.accounts.models import User
from matchmaker.accounts.queries import writing_people_of
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.core.formatting import format_date, format_moment
from matchmaker.core.settings import current_settings
from matchmaker.notifications.service import mail_people, queue_mail
from matchmaker.partnering.introductions.domain import IntroductionState, Side
from matchmaker.partnering.introductions.events import IntroductionMoved
from matchmaker.partnering.introductions.matches import queries
from matchmaker.partnering.introductions.matches.appointments import cancel_all
from matchmaker.partnering.introductions.matches.calendar_entries import appointment_calendar
from matchmaker.partnering.introductions.matches.domain import (
    MATCH_STATES,
    AppointmentState,
    MatchMove,
    MatchState,
)
from matchmaker.partnering.introductions.matches.events import (
    AppointmentChanged,
    MatchChanged,
    MatchMade,
    MatchUndone,
)
from matchmaker.partnering.introductions.matches.models import Match, MatchPerson
from matchmaker.partnering.introductions.matches.policy import organization_of, other, side_of
from matchmaker.partnering.introductions.matches.presentation import (
    contact_cards,
    match_facts,
    span_in_words,
)
from matchmaker.partnering.introductions.matches.saving import write_entry

SUBJECT_KIND = "matches:match"
UNDONE = "事務局が成立を取り消したため"
MAILED = {
    AppointmentState.PROPOSED: "match-dates-proposed",
    AppointmentState.AGREED: "match-date-agreed",
    AppointmentState.CANCELLED: "match-date-cancelled",
}


def begin_match(event: IntroductionMoved) -> None:
    """Both sides said yes: a match is made, or an undone one is made again on its page."""
    if event.after is not IntroductionState.ACCEPTED:
        return
    match = queries.of_introduction(event.subject_id)
    if match is None:
        match = _new_match(event)
    else:
        match.state = MATCH_STATES.check(match.state, MatchMove.MAKE_AGAIN)
        match.reason, match.reason_code, match.times_made = "", None, match.times_made + 1
        match.revision += 1
    _add_people(match, event)
    write_entry(match, "成立しました。", event.actor, event.now, is_notice=True)
    pair = match.introduction
    record(
        MatchMade(
            actor=event.actor, now=event.now, subject_id=match.id, introduction_id=pair.id,
            need_id=pair.need_id, offering_id=pair.offering_id,
            details={"state": match.state.value, "times_made": match.times_made},
        )
    )  # fmt: skip


def _new_match(event: IntroductionMoved) -> Match:
    match = Match(
        id=new_id(), introduction_id=event.subject_id, created_at=event.now, updated_at=event.now
    )
    db.session.add(match)
    db.session.flush()
    db.session.expire(match)
    return queries.get(match.id)


def _add_people(match: Match, event: IntroductionMoved) -> None:
    """Those who said yes stand as contacts; the secretariat acts for a side and does not."""
    pair = match.introduction
    found: dict[uuid.UUID, Side] = {}
    if pair.sender_id is not None:
        found[pair.sender_id] = pair.from_side
    side = side_of(event.actor, pair)
    if event.actor.user_id is not None and side is not None:
        found.setdefault(event.actor.user_id, side)
    for user_id, of_side in found.items():
        if queries.person_of(match.id, user_id) is None:
            db.session.add(
                MatchPerson(
                    id=new_id(), match_id=match.id, user_id=user_id, side=of_side, at=event.now
                )
            )
    db.session.flush()


def end_match(event: IntroductionMoved) -> None:
    """The introduction is accepted no longer: contacts close, the page stays for the record."""
    if event.before is not IntroductionState.ACCEPTED:
        return
    match = queries.of_introduction(event.subject_id)
    if match is None or match.state is MatchState.UNDONE:
        return
    cancel_all(match, UNDONE, event.actor, event.now)
    match.state = MATCH_STATES.check(match.state, MatchMove.UNDO)
    match.reason = event.reason
    match.next_step, match.next_due_on, match.next_side, match.next_owner_id = "", None, None, None
    match.revision += 1
    text = f"成立が取り消されました。理由：{event.reason}"
    write_entry(match, text, event.actor, event.now, is_notice=True)
    record(
        MatchUndone(
            actor=event.actor, now=event.now, subject_id=match.id, reason=event.reason,
            introduction_id=match.introduction_id, details={"state": match.state.value},
        )
    )  # fmt: skip


def mail_match(event: MatchMade) -> None:
    """Tell both sides whom they can talk to now, and where."""
    match = queries.get(event.subject_id)
    cards = {card.side: card for card in contact_cards(match)}
    for side in Side:
        context = {"other": cards[other(side)].lines()}
        key = f"match:{match.id}:made:{match.times_made}"
        _mail_side(match, side, "match-made", context, key, event.now)


def mail_undone(event: MatchUndone) -> None:
    """Tell both sides that the match was taken back, and why."""
    match = queries.get(event.subject_id)
    key = f"match:{match.id}:undone:{match.times_made}"
    for side in Side:
        _mail_side(match, side, "match-undone", {"reason": event.reason}, key, event.now)


def mail_change(event: MatchChanged) -> None:
    """Tell the other side what was written or changed."""
    entry = queries.get_message(event.message_id) if event.message_id else None
    if entry is None or not event.is_told:
        return
    match = queries.get(event.subject_id)
    author = "" if event.actor.is_system else entry.author_name
    context = {"text": entry.text, "author": author, "is_notice": entry.is_notice}
    key = f"match-entry:{entry.id}"
    for side in Side:
        if side is not entry.side:
            _mail_side(match, side, "match-entry", context, key, event.now)


def mail_appointment(event: AppointmentChanged) -> None:
    """Tell of dates; once one is agreed, both sides get the calendar file."""
    if not event.is_told:
        return
    match = queries.get(event.subject_id)
    appointment = queries.get_appointment(match.id, event.appointment_id)
    starts_at = appointment.starts_at
    context = {
        **match_facts(match),
        "appointment_title": appointment.title, "place": appointment.place,
        "minutes": appointment.minutes, "when": format_moment(starts_at) if starts_at else "",
        "span": span_in_words(appointment, starts_at) if starts_at else "",
        "dates": [span_in_words(appointment, each.starts_at) for each in appointment.dates],
        "reason": appointment.reason, "is_moved": bool(appointment.sequence),
    }  # fmt: skip
    key = f"appointment:{appointment.id}:{appointment.state}:{appointment.sequence}"
    for side in Side:
        if appointment.state is AppointmentState.PROPOSED and side is appointment.side:
            continue
        for user in people_to_tell(match, side):
            calendar = appointment_calendar(match, appointment, user, current_settings())
            queue_mail(
                user, MAILED[appointment.state], context, key, match.id, event.now,
                subject_kind=SUBJECT_KIND, calendar=calendar,
            )  # fmt: skip


def people_to_tell(match: Match, side: Side) -> list[User]:
    """The contacts of a side; without any, whoever writes for its organisation."""
    contacts = [person.user for person in queries.people_of(match) if person.side is side]
    return contacts or list(writing_people_of(organization_of(match.introduction, side)))


def _mail_side(
    match: Match, side: Side, template: str, context: dict[str, Any], key: str, now: datetime
) -> None:
    mail_people(
        people_to_tell(match, side), template, {**match_facts(match), **context}, key, match.id,
        now, subject_kind=SUBJECT_KIND,
    )  # fmt: skip


def mail_next_step(match: Match, when: str, now: datetime) -> None:
    """Remind whoever does the next step.

    Args:
        when: ``tomorrow`` or ``late:<week>``, for the words and the key of the mail.
    """
    if match.next_side is None or match.next_due_on is None:
        return
    people = people_to_tell(match, match.next_side)
    owners = [user for user in people if user.id == match.next_owner_id]
    context = {
        **match_facts(match), "step": match.next_step, "due": format_date(match.next_due_on),
        "is_late": when.startswith("late"),
    }  # fmt: skip
    mail_people(
        owners or people, "match-next-step", context,
        f"match-step:{match.id}:{match.next_count}:{when}", match.id, now,
        subject_kind=SUBJECT_KIND,
    )  # fmt: skip
