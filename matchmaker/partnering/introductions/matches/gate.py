"""How far introductions open posts: what both sides' interest and a match let the other read."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from matchmaker.core import clock
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.partnering.introductions.domain import (
    LIVE_STATES,
    STANDING_STATES,
    IntroductionMove,
    IntroductionState,
    state_at,
)
from matchmaker.partnering.introductions.matches.domain import MatchState
from matchmaker.partnering.introductions.matches.models import Match
from matchmaker.partnering.introductions.models import Introduction, IntroductionStep
from matchmaker.posts.domain import Stage

MOST_NAMED = 100
"""Posts up to which the statement names them; for more it reads all that stand."""


def opened_by_introductions(
    actor: Actor, post_ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Stage]:
    """Foreign posts that an introduction has opened to the reader's organisations, with the stage.

    Both sides took part once one asked back (``INTERESTED``); both said yes and talk
    (``PARTIES``). What was declined, withdrawn, left unanswered, undone or ended opens nothing.
    One statement, however many posts.
    """
    now = clock.now()
    found: dict[uuid.UUID, Stage] = {}
    for row in db.session.execute(_standing(list(actor.roles), post_ids)):
        stage = _stage(row, now)
        for post_id in (row.need_id, row.offering_id):
            if stage is not None and stage.place > found.get(post_id, Stage.PUBLIC).place:
                found[post_id] = stage
    wanted = set(post_ids)
    return {post_id: stage for post_id, stage in found.items() if post_id in wanted}


def _standing(own: list[uuid.UUID], post_ids: Sequence[uuid.UUID]) -> Select[Any]:
    asked_back = (
        select(IntroductionStep.id)
        .where(
            IntroductionStep.introduction_id == Introduction.id,
            IntroductionStep.move == IntroductionMove.ASK_BACK,
        )
        .exists()
    )
    query = (
        select(
            Introduction.need_id, Introduction.offering_id, Introduction.state,
            Introduction.answer_due_at, Match.state.label("match_state"),
            asked_back.label("asked_back"),
        )
        .outerjoin(Match, Match.introduction_id == Introduction.id)
        .where(
            Introduction.state.in_(sorted(STANDING_STATES)),
            or_(
                Introduction.sender_organization_id.in_(own),
                Introduction.receiver_organization_id.in_(own),
            ),
        )
        .order_by(Introduction.id)
    )  # fmt: skip
    if len(post_ids) > MOST_NAMED:
        return query
    named = or_(Introduction.need_id.in_(post_ids), Introduction.offering_id.in_(post_ids))
    return query.where(named)


def _stage(row: Any, now: datetime) -> Stage | None:
    if row.state is IntroductionState.ACCEPTED:
        return Stage.PARTIES if row.match_state is MatchState.TALKING else None
    is_live = state_at(row.state, row.answer_due_at, now) in LIVE_STATES
    return Stage.INTERESTED if is_live and row.asked_back else None
