"""Meetings at the tables of events: what both sides say there becomes an introduction.

When people who write for the two organisations both say 「関心あり」 or 「続けて話す」, they have
answered each other already: the introduction is made and accepted at once. What one side alone
says, or somebody who does not write for the organisation, is kept as a suggestion on the list of
that organisation, to be sent with one press.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import joinedload

from matchmaker.accounts.queries import actor_of_today
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.formatting import format_date
from matchmaker.needs.models import Need
from matchmaker.offerings.models import Offering
from matchmaker.partnering.introductions import queries
from matchmaker.partnering.introductions.domain import (
    LIVE_STATES,
    STANDING_STATES,
    Answer,
    Interest,
    IntroductionMove,
    Side,
    Source,
)
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.partnering.introductions.service import close_if_over, move, send
from matchmaker.posts.domain import PostState
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.tables.domain import OutcomeVerdict
from matchmaker.regional_events.tables.events import OutcomeRecorded
from matchmaker.regional_events.tables.models import MeetingOutcome, TableGuest

GOING_ON = (OutcomeVerdict.INTEREST, OutcomeVerdict.FOLLOW_UP)
SUGGESTED_FOR = timedelta(days=60)
MOST_SUGGESTED = 10


@dataclass(frozen=True, slots=True)
class Voice:
    """One person's word of a meeting.

    Args:
        outcome: what was said, with need and offering loaded.
        organization_id: for whom the person came to the event.
        user_id: the account, if there is one.
        event: the event.
    """

    outcome: MeetingOutcome
    organization_id: uuid.UUID | None
    user_id: uuid.UUID | None
    event: RegionalEvent

    @property
    def pair(self) -> tuple[Need, Offering] | None:
        """The posts that brought the two together, if both stand."""
        need, offering = self.outcome.need, self.outcome.offering
        return (need, offering) if need is not None and offering is not None else None

    @property
    def partner_organization_id(self) -> uuid.UUID | None:
        """The other side of the pair; None where the person speaks for neither."""
        if self.pair is None:
            return None
        sides = [post.organization_id for post in self.pair]
        if self.organization_id not in sides:
            return None
        return sides[1] if self.organization_id == sides[0] else sides[0]

    @property
    def note(self) -> str:
        """A first note for the other side."""
        return (
            f"{format_date(self.event.starts_at)}の「{self.event.name}」の"
            "テーブルでの対話で、お話ししました。続けてご相談したいです。"
        )

    def writer(self) -> Actor | None:
        """The person, as somebody who writes for the organisation today; None for others."""
        if self.user_id is None:
            return None
        actor = actor_of_today(self.user_id, "")
        return actor if actor.writes_for(self.organization_id) else None


def follow_outcome(event: OutcomeRecorded) -> None:
    """Make the match that two people agreed on at a table."""
    voice = voice_of(event.outcome_id) if event.outcome_id else None
    if voice is None or voice.partner_organization_id is None:
        return
    answer = _answer_to(voice)
    if answer is None or voice.outcome.verdict not in GOING_ON:
        return
    first, second = sorted((voice, answer), key=lambda each: each.outcome.created_at)
    try:
        _bring_together(first, second, event.now)
    except ProductError:
        # A post that closed, a bound that is reached: the two find the suggestion on their lists.
        return


def _bring_together(first: Voice, second: Voice, now: datetime) -> None:
    pair, sender, receiver = first.pair, first.writer(), second.writer()
    if pair is None or sender is None or receiver is None:
        return
    standing = queries.standing_of_pair(pair[0].id, pair[1].id)
    if standing is not None and not close_if_over(standing, now):
        _accept_standing(standing, (first, second), now)
    elif not _was_made(first):
        sent = send(interest_of(first), sender, now, is_told=False)
        move(sent, IntroductionMove.ACCEPT, Answer(), receiver, now)


def _accept_standing(standing: Introduction, voices: tuple[Voice, Voice], now: datetime) -> None:
    """Both said yes at the table to what one of them had asked for; once, whatever comes later."""
    if standing.state not in LIVE_STATES or standing.closes:
        return
    receiver = next(
        each for each in voices if each.organization_id == standing.receiver_organization_id
    ).writer()
    if receiver is not None:
        move(standing, IntroductionMove.ACCEPT, Answer(), receiver, now)


def _was_made(first: Voice) -> bool:
    """Whether this meeting has given an introduction already, whatever became of it."""
    return queries.sent_with(_key(first.outcome.id)) is not None


def _key(outcome_id: uuid.UUID) -> str:
    return f"meeting:{outcome_id}"


def voice_of(outcome_id: uuid.UUID) -> Voice | None:
    """One person's word of a meeting."""
    rows = db.session.execute(_voices().where(MeetingOutcome.id == outcome_id)).all()
    return Voice(*rows[0]) if rows else None


def _voices() -> Select[tuple[MeetingOutcome, uuid.UUID | None, uuid.UUID | None, RegionalEvent]]:
    return (
        select(MeetingOutcome, Attendee.organization_id, Attendee.user_id, RegionalEvent)
        .join(TableGuest, TableGuest.id == MeetingOutcome.guest_id)
        .join(Attendee, Attendee.id == TableGuest.attendee_id)
        .join(RegionalEvent, RegionalEvent.id == MeetingOutcome.event_id)
        .options(joinedload(MeetingOutcome.need), joinedload(MeetingOutcome.offering))
    )


def _answer_to(voice: Voice) -> Voice | None:
    """What the other of the two said of the same pair, if they want to go on."""
    said = voice.outcome
    query = _voices().where(
        MeetingOutcome.guest_id == said.partner_id,
        MeetingOutcome.partner_id == said.guest_id,
        MeetingOutcome.need_id == said.need_id,
        MeetingOutcome.offering_id == said.offering_id,
        MeetingOutcome.verdict.in_(GOING_ON),
        Attendee.organization_id == voice.partner_organization_id,
    )
    row = db.session.execute(query.order_by(MeetingOutcome.slot).limit(1)).first()
    return Voice(*row) if row else None


def suggestions_for(actor: Actor, now: datetime) -> list[Voice]:
    """What people of this person's organisations said lately and did not become an introduction.

    Each pair once, the newest first, at most ten.
    """
    own = queries.written_for(actor)
    if not own:
        return []
    query = _voices().where(*_suggested(own, now)).order_by(MeetingOutcome.created_at.desc())
    voices = [Voice(*row) for row in db.session.execute(query.limit(5 * MOST_SUGGESTED))]
    of_pairs: dict[tuple[uuid.UUID | None, uuid.UUID | None], Voice] = {}
    for voice in voices:
        if voice.partner_organization_id is not None:
            of_pairs.setdefault((voice.outcome.need_id, voice.outcome.offering_id), voice)
    return list(of_pairs.values())[:MOST_SUGGESTED]


def _suggested(own: Sequence[uuid.UUID], now: datetime) -> list[ColumnElement[bool]]:
    made = exists().where(
        Introduction.need_id == MeetingOutcome.need_id,
        Introduction.offering_id == MeetingOutcome.offering_id,
        or_(
            Introduction.state.in_(STANDING_STATES),
            Introduction.created_at >= MeetingOutcome.created_at,
        ),
    )
    are_published = exists().where(
        Need.id == MeetingOutcome.need_id,
        Offering.id == MeetingOutcome.offering_id,
        Need.state == PostState.PUBLISHED,
        Offering.state == PostState.PUBLISHED,
        Need.organization_id != Offering.organization_id,
    )
    return [
        Attendee.organization_id.in_(own),
        MeetingOutcome.verdict.in_(GOING_ON),
        MeetingOutcome.created_at > now - SUGGESTED_FOR,
        are_published,
        ~made,
    ]


def suggestion(outcome_id: uuid.UUID, actor: Actor) -> Voice:
    """One word of a meeting, for somebody who writes for that side.

    Raises:
        NotFound: there is none, or it is not for this person.
    """
    voice = voice_of(outcome_id)
    speaks = voice is not None and voice.partner_organization_id is not None
    if voice is None or not speaks or not actor.writes_for(voice.organization_id):
        raise NotFound
    if voice.outcome.verdict not in GOING_ON:
        raise NotFound
    return voice


def interest_of(voice: Voice) -> Interest:
    """The interest that one press sends.

    Raises:
        NotFound: a post was removed.
    """
    if voice.pair is None:
        raise NotFound
    need, offering = voice.pair
    is_town = need.organization_id == voice.organization_id
    return Interest(
        need.id, offering.id, voice.note, source=Source.EVENT_TABLE,
        submission_key=_key(voice.outcome.id),
        from_side=Side.TOWN if is_town else Side.BUSINESS,
    )  # fmt: skip
