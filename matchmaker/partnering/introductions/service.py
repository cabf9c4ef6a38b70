"""Commands on introductions: sending interest and every move after it.

A move compares state and revision with what was read and sets them in one statement
(:mod:`matchmaker.partnering.introductions.changes`), so that of many at the same moment one counts.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from matchmaker.core.actor import SYSTEM, Actor
from matchmaker.core.clock import today
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.core.text import clean_text
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.organizations.queries import organization_of
from matchmaker.partnering.introductions import policy, queries
from matchmaker.partnering.introductions.changes import (
    CHANGED,
    Acting,
    change,
    details_of,
    say,
    trace,
)
from matchmaker.partnering.introductions.domain import (
    CLOSED_STATES,
    COOL_OFF,
    LIVE_STATES,
    MOST_A_DAY,
    Answer,
    Interest,
    IntroductionMove,
    IntroductionState,
    ReasonCode,
    Side,
    check_answer,
    check_texts,
    checked_day,
    due_after_turn,
    due_at_end_of,
    state_at,
    target_of,
)
from matchmaker.partnering.introductions.events import IntroductionMoved, IntroductionSent
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.posts import queries as post_queries
from matchmaker.posts.domain import PostState

SUBJECT_KIND = "introductions:introduction"
REMINDER_KIND = "introductions:reminder"
"""Checks that are asked before a mail is sent: may the person still read it, still answer it?"""
M = IntroductionMove
ENDED = "掲載が終わった投稿のため、この紹介は進められません。"
LEFT = "相手の団体は、いまこのサービスに参加していません。"
MOVES_WITH_OPEN_POSTS = frozenset({M.ACCEPT, M.ASK_BACK, M.REPLY, M.REOPEN})
MOVES_WITH_NEW_DEADLINE = frozenset({M.REOPEN, M.UNDO})


class AlreadyStanding(Conflict):
    """The pair has an introduction that is live or accepted already.

    Args:
        introduction: that one.
        message: plain Japanese.
    """

    def __init__(self, introduction: Introduction, message: str) -> None:
        super().__init__(message)
        self.introduction_id = introduction.id


def send(data: Interest, actor: Actor, now: datetime, *, is_told: bool = True) -> Introduction:
    """Express one side's interest in a pair.

    The same form sent twice gives the same introduction.

    Args:
        data: what is sent.
        actor: who sends; for the secretariat ``data.from_side`` says for which side.
        is_told: whether the other side is written to.

    Returns:
        The introduction, posts and organisations loaded.

    Raises:
        AlreadyStanding: the pair has one that is live or accepted; it is not sent again.
        NotFound: there is no such need or offering.
        ProductError: a text is missing or too long, the date is out of bounds, a post is not
            published, an organisation left, or too many were sent.
    """
    if data.submission_key and (sent := queries.sent_with(data.submission_key)):
        return sent
    need, offering = open_posts(data)
    side = side_of_sender(data, need, offering, actor)
    own, other = (need, offering) if side is Side.TOWN else (offering, need)
    check_texts(data)
    due_at = due_at_end_of(checked_day(data.answer_due_on, today(now)))
    _check_pair(data, own.organization_id, other.organization_id, actor, now)
    introduction = _new(data, side, (own, other), actor, now)
    introduction.answer_due_at = due_at
    _insert(introduction, data)
    who = Acting(actor, now, _behalf(introduction, actor))
    trace(introduction, None, Answer(), who)
    _record_sending(introduction, who, is_told)
    return queries.get(introduction.id)


def open_posts(data: Interest) -> tuple[Any, Any]:
    """Need and offering of an interest.

    Raises:
        NotFound: there is none with that id.
        ProductError: one of them is not published, or both are of one organisation.
    """
    need = post_queries.get(NEED, data.need_id)
    offering = post_queries.get(OFFERING, data.offering_id)
    if need is None or offering is None:
        raise NotFound
    for post, label in ((need, "ニーズ"), (offering, "シーズ")):
        if post.state is not PostState.PUBLISHED:
            raise ProductError(f"この{label}はいま公開されていないため、関心を伝えられません。")
    if need.organization_id == offering.organization_id:
        raise ProductError("同じ団体のニーズとシーズどうしでは、紹介できません。")
    return need, offering


def side_of_sender(data: Interest, need: Any, offering: Any, actor: Actor) -> Side:
    """The side that sends: as said, or by the organisations for which the person writes.

    Nobody sends for the other side and then accepts for the own one: what is said counts for the
    secretariat, the service, and who writes for that side.

    Raises:
        ProductError: neither tells.
    """
    side = policy.own_side(actor, need, offering)
    if data.from_side is not None and _may_send_for(data.from_side, need, offering, actor):
        side = data.from_side
    if side is None:
        raise ProductError("どちらの団体として関心を伝えるかを選んでください。", "from_side")
    return side


def _may_send_for(side: Side, need: Any, offering: Any, actor: Actor) -> bool:
    own = need if side is Side.TOWN else offering
    return actor.is_secretariat or actor.writes_for(own.organization_id)


def _check_pair(
    data: Interest, own_id: uuid.UUID, other_id: uuid.UUID, actor: Actor, now: datetime
) -> None:
    """Refuse what stands already, and what one organisation may not send any more."""
    own = queries.lock_organization(own_id)
    if not (own.is_active and organization_of(other_id).is_active):
        raise ProductError(LEFT)
    standing = queries.standing_of_pair(data.need_id, data.offering_id)
    if standing is not None and not close_if_over(standing, now):
        raise AlreadyStanding(standing, already_words(standing, own_id))
    if not actor.is_secretariat:
        _check_bounds(data, own_id, now)


def _check_bounds(data: Interest, own_id: uuid.UUID, now: datetime) -> None:
    declined = queries.last_declined(data.need_id, data.offering_id, own_id, now)
    if declined is not None:
        days = COOL_OFF.days
        raise ProductError(
            "この組み合わせには、相手から見送りの返事がありました。"
            f"返事から{days}日間は、もう一度送れません。"
        )
    if queries.sent_today(own_id, now) >= MOST_A_DAY:
        raise ProductError(
            f"1つの団体が1日に関心を伝えられるのは{MOST_A_DAY}件までです。"
            "あすになると、また送れます。"
        )


def already_words(standing: Introduction, own_id: uuid.UUID) -> str:
    """Why an interest is not sent a second time, for one of the two organisations."""
    if standing.state is IntroductionState.ACCEPTED:
        return "この組み合わせは、すでに成立しています。"
    if standing.sender_organization_id == own_id:
        return "この組み合わせには、あなたの団体からすでに関心を伝えています。"
    return (
        "この組み合わせには、相手の団体から先に関心が届いています。"
        "「話してみたいと答える」を押すと成立します。"
    )


def _new(
    data: Interest, side: Side, posts: tuple[Any, Any], actor: Actor, now: datetime
) -> Introduction:
    own, other = posts
    return Introduction(
        id=new_id(), need_id=data.need_id, offering_id=data.offering_id, from_side=side,
        source=data.source, sender_organization_id=own.organization_id,
        receiver_organization_id=other.organization_id, sender_id=actor.user_id,
        note=clean_text(data.note), wish=clean_text(data.wish),
        submission_key=data.submission_key or None, state=IntroductionState.OPEN,
        turn_began_at=now, closes=0, revision=1, created_at=now, updated_at=now,
    )  # fmt: skip


def _insert(introduction: Introduction, data: Interest) -> None:
    """Write it, unless another of the pair was written at the same moment."""
    try:
        with db.session.begin_nested():
            db.session.add(introduction)
            db.session.flush()
    except IntegrityError:
        standing = queries.standing_of_pair(data.need_id, data.offering_id)
        if standing is None:
            raise
        words = already_words(standing, introduction.sender_organization_id)
        raise AlreadyStanding(standing, words) from None


def _behalf(introduction: Introduction, actor: Actor) -> uuid.UUID | None:
    """The organisation for which somebody acts who does not write for it; None for one's own."""
    own = introduction.sender_organization_id
    return None if actor.is_system or actor.writes_for(own) else own


def _record_sending(introduction: Introduction, who: Acting, is_told: bool) -> None:
    record(
        IntroductionSent(
            actor=who.actor, now=who.now, subject_id=introduction.id,
            need_id=introduction.need_id, offering_id=introduction.offering_id,
            organization_id=introduction.sender_organization_id,
            on_behalf_of=who.on_behalf_of, is_told=is_told,
            details={"source": introduction.source.value},
        )
    )  # fmt: skip


def move(
    introduction: Introduction,
    move: IntroductionMove,
    answer: Answer,
    actor: Actor,
    now: datetime,
    on_behalf_of: uuid.UUID | None = None,
) -> Introduction:
    """Bring an introduction to its next state; exactly one of many at the same moment counts.

    Args:
        introduction: as it was read.
        answer: what is said with it.
        on_behalf_of: the organisation for which the secretariat acts; then a reason is needed.

    Raises:
        IllegalMove: its state or the clock does not allow the move.
        Conflict: somebody else moved it in between, or the pair has another one by now.
        ProductError: something that belongs to the move is missing or out of bounds.
    """
    if answer.revision not in (None, introduction.revision):
        raise Conflict(CHANGED)
    after = target_of(introduction.state, move, introduction.answer_due_at, answer.reason, now)
    _check_move(introduction, move, answer, on_behalf_of)
    if move is not M.EXPIRE:
        close_if_over(introduction, now)
    who, before = Acting(actor, now, on_behalf_of), introduction.state
    change(introduction, _values(introduction, move, after, answer, who))
    if answer.words.strip():
        say(introduction, move, answer.words, who)
    trace(introduction, before, answer, who, move)
    _record_move(introduction, move, before, answer.reason, who)
    return introduction


def _record_move(
    introduction: Introduction,
    move: IntroductionMove,
    before: IntroductionState,
    reason: str,
    who: Acting,
) -> None:
    record(
        IntroductionMoved(
            actor=who.actor, now=who.now, subject_id=introduction.id, move=move, before=before,
            after=introduction.state, count=introduction.closes, revision=introduction.revision,
            on_behalf_of=who.on_behalf_of, reason=reason,
            organization_id=who.side_of(introduction), details=details_of(introduction),
        )
    )  # fmt: skip


def _check_move(
    introduction: Introduction,
    move: IntroductionMove,
    answer: Answer,
    on_behalf_of: uuid.UUID | None,
) -> None:
    check_answer(move, answer)
    if on_behalf_of is not None and not answer.reason.strip():
        raise ProductError("代わりに操作する理由を入れてください。", "reason")
    if move in MOVES_WITH_OPEN_POSTS:
        _check_posts(introduction)


def _check_posts(introduction: Introduction) -> None:
    """Nothing goes on with a post that is closed, or with an organisation that left."""
    need, offering, own, other = queries.parties_of(introduction)
    if PostState.CLOSED in (need, offering):
        raise ProductError(ENDED)
    if not (own and other):
        raise ProductError(LEFT)


def close_if_over(introduction: Introduction, now: datetime) -> bool:
    """Close one whose time is over before anything else is done with it.

    Returns:
        Whether it was closed.
    """
    if introduction.state not in LIVE_STATES:
        return False
    if state_at(introduction.state, introduction.answer_due_at, now) in LIVE_STATES:
        return False
    move(introduction, M.EXPIRE, Answer(ReasonCode.NO_ANSWER), SYSTEM, now)
    return True


def _values(
    introduction: Introduction,
    move: IntroductionMove,
    after: IntroductionState,
    answer: Answer,
    who: Acting,
) -> dict[str, Any]:
    """Columns that the move changes."""
    ends, opens = after in CLOSED_STATES, move in MOVES_WITH_NEW_DEADLINE
    values: dict[str, Any] = {
        "state": after,
        "revision": introduction.revision + 1,
        "closes": introduction.closes + (ends or opens),
        "updated_at": who.now,
        "closed_at": who.now if ends else None,
        "reason_code": answer.reason_code if ends else None,
        "reason": clean_text(answer.reason) if ends or move is M.UNDO else "",
    }
    if move in (M.ACCEPT, M.DECLINE):
        values |= {"answered_at": who.now, "answered_by_id": who.actor.user_id}
    if after in LIVE_STATES:
        values |= _turn(introduction, answer, who.now, is_new=opens)
    return values


def _turn(
    introduction: Introduction, answer: Answer, now: datetime, *, is_new: bool
) -> dict[str, Any]:
    """A turn begins: until when it lasts, and that nobody was reminded of it yet."""
    values: dict[str, Any] = {"turn_began_at": now, "nudged_half_at": None, "nudged_due_at": None}
    if is_new:
        day = checked_day(answer.answer_due_on, today(now))
        return {
            **values,
            "answer_due_at": due_at_end_of(day),
            "answered_at": None,
            "answered_by_id": None,
        }
    return {**values, "answer_due_at": due_after_turn(introduction.answer_due_at, now)}
