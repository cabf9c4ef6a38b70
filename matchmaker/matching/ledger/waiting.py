"""Pairs that wait for judges, those that teach most first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.matching.ledger.domain import SKIPPED_FOR
from matchmaker.matching.ledger.models import Judgement, JudgingCandidate, SkippedPair
from matchmaker.needs.models import Need
from matchmaker.offerings.models import Offering
from matchmaker.posts.domain import LISTED_STATES


def next_candidate(actor: Actor, now: datetime) -> JudgingCandidate | None:
    """The pair of which the person's judgement would teach most; None when nothing waits."""
    order = (JudgingCandidate.value.desc(), JudgingCandidate.id)
    found: JudgingCandidate | None = db.session.scalar(
        _waiting(actor, now).order_by(*order).limit(1)
    )
    return found


def count_waiting(actor: Actor, now: datetime) -> int:
    """How many pairs wait for the person."""
    query = _waiting(actor, now).with_only_columns(func.count())
    return db.session.scalar(query) or 0


def candidate_of(need_id: Any, offering_id: Any) -> JudgingCandidate | None:
    """The candidate of a pair, if the worker found it worth judging."""
    query = select(JudgingCandidate).where(
        JudgingCandidate.need_id == need_id, JudgingCandidate.offering_id == offering_id
    )
    return db.session.scalar(query)


def _waiting(actor: Actor, now: datetime) -> Select[Any]:
    own, listed = list(actor.roles), list(LISTED_STATES)
    return (
        select(JudgingCandidate)
        .join(Need, Need.id == JudgingCandidate.need_id)
        .join(Offering, Offering.id == JudgingCandidate.offering_id)
        .where(
            Need.state.in_(listed),
            Offering.state.in_(listed),
            Need.organization_id.not_in(own),
            Offering.organization_id.not_in(own),
            ~_has_judged(actor),
            ~_has_skipped(actor, now),
        )
    )


def _has_judged(actor: Actor) -> Any:
    """Whether the person's judgement stands and is about what the worker found in the posts, or
    about something still newer."""
    found = JudgingCandidate
    same_texts = and_(
        Judgement.need_hash == found.need_hash, Judgement.offering_hash == found.offering_hash
    )
    own = and_(
        Judgement.need_id == found.need_id,
        Judgement.offering_id == found.offering_id,
        Judgement.judge_id == actor.user_id,
        Judgement.is_taken_back.is_(False),
    )
    is_recent = or_(same_texts, Judgement.changed_at >= found.found_at)
    return select(Judgement.id).where(own, is_recent).exists()


def _has_skipped(actor: Actor, now: datetime) -> Any:
    same = and_(
        SkippedPair.need_id == JudgingCandidate.need_id,
        SkippedPair.offering_id == JudgingCandidate.offering_id,
        SkippedPair.judge_id == actor.user_id,
        SkippedPair.at > now - SKIPPED_FOR,
    )
    return select(SkippedPair.id).where(same).exists()
