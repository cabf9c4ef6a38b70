"""Reads of shows of hands: what was asked, how many answered what."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.regional_events.floor.domain import MOST_POLLS, PollState
from matchmaker.regional_events.floor.models import FloorPoll, FloorPollAnswer


@dataclass(frozen=True, slots=True)
class PollResult:
    """A show of hands with its figures.

    Args:
        counts: people for each option, in order.
        choice: what the person who looks answered.
    """

    poll: FloorPoll
    counts: Sequence[int]
    choice: int | None = None

    @property
    def total(self) -> int:
        """People who answered."""
        return sum(self.counts)

    def share(self, index: int) -> int:
        """Share of an option in per cent, rounded; 0 while nobody has answered."""
        return round(100 * self.counts[index] / self.total) if self.total else 0


def get_poll(event_id: uuid.UUID, poll_id: uuid.UUID) -> FloorPoll:
    """A show of hands of an event.

    Raises:
        NotFound: the event has none of that id.
    """
    query = select(FloorPoll).where(FloorPoll.id == poll_id, FloorPoll.event_id == event_id)
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def polls_of(
    event_id: uuid.UUID, states: Collection[PollState] = tuple(PollState), voter_key: str = ""
) -> list[PollResult]:
    """Shows of hands in some states, the newest first, with figures and the person's answer."""
    query = (
        select(FloorPoll)
        .where(FloorPoll.event_id == event_id, FloorPoll.state.in_(states))
        .order_by(FloorPoll.created_at.desc(), FloorPoll.id.desc())
        .limit(MOST_POLLS)
        .execution_options(populate_existing=True)
    )
    return results_of(db.session.scalars(query).all(), voter_key)


def results_of(polls: Sequence[FloorPoll], voter_key: str = "") -> list[PollResult]:
    """Figures of some shows of hands (two statements)."""
    ids = [poll.id for poll in polls]
    answers = (
        select(FloorPollAnswer.poll_id, FloorPollAnswer.choice, func.count())
        .where(FloorPollAnswer.poll_id.in_(ids))
        .group_by(FloorPollAnswer.poll_id, FloorPollAnswer.choice)
    )
    counts = {(row[0], row[1]): int(row[2]) for row in db.session.execute(answers)}
    own = select(FloorPollAnswer.poll_id, FloorPollAnswer.choice).where(
        FloorPollAnswer.poll_id.in_(ids), FloorPollAnswer.voter_key == voter_key
    )
    choices = {row[0]: row[1] for row in db.session.execute(own)} if voter_key else {}
    return [
        PollResult(
            poll,
            [counts.get((poll.id, index), 0) for index in range(len(poll.options))],
            choices.get(poll.id),
        )
        for poll in polls
    ]
