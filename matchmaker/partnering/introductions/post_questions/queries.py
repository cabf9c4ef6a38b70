"""Reading questions to posts. Every list has a bound."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import joinedload

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.core.paging import Page, count, paginate
from matchmaker.needs.models import Need
from matchmaker.offerings.models import Offering
from matchmaker.partnering.introductions.post_questions.domain import QuestionState
from matchmaker.partnering.introductions.post_questions.models import PostQuestion
from matchmaker.partnering.introductions.post_questions.policy import reads_all
from matchmaker.posts.domain import PostKind

S = QuestionState


def of_post(kind: PostKind, post_id: uuid.UUID) -> ColumnElement[bool]:
    """Condition for the questions to one post."""
    column = PostQuestion.need_id if kind is PostKind.NEED else PostQuestion.offering_id
    return column == post_id


def _loaded() -> Select[tuple[PostQuestion]]:
    """Questions with who asked; whether that is shown is asked of the policy."""
    return select(PostQuestion).options(
        joinedload(PostQuestion.asker), joinedload(PostQuestion.asker_organization)
    )


def get(question_id: uuid.UUID) -> PostQuestion:
    """One question with its post (organisation loaded) and who asked.

    Raises:
        NotFound: there is none.
    """
    query = (
        _loaded()
        .options(
            joinedload(PostQuestion.need).joinedload(Need.organization),
            joinedload(PostQuestion.offering).joinedload(Offering.organization),
        )
        .where(PostQuestion.id == question_id)
    )
    question = db.session.scalar(query)
    if question is None:
        raise NotFound("お探しの質問は見つかりません。")
    return question


def question_of_post(kind: PostKind, post_id: uuid.UUID, question_id: uuid.UUID) -> PostQuestion:
    """One question to one post.

    Raises:
        NotFound: there is none, or it is about another post.
    """
    query = _loaded().where(PostQuestion.id == question_id, of_post(kind, post_id))
    question = db.session.scalar(query)
    if question is None:
        raise NotFound("お探しの質問は見つかりません。")
    return question


def readable(kind: PostKind, post: Any, actor: Actor) -> Select[tuple[PostQuestion]]:
    """Questions to a post that this person may read (as ``policy.can_read``), those waiting first.

    Args:
        kind: of the post.
        post: one that the person may read.
    """
    order = case((PostQuestion.state == S.ASKED, 0), else_=1)
    newest = func.coalesce(PostQuestion.published_at, PostQuestion.asked_at)
    query = (
        _loaded()
        .where(of_post(kind, post.id))
        .order_by(order, newest.desc(), PostQuestion.id.desc())
    )
    if actor.is_secretariat:
        return query
    own = PostQuestion.asker_id == actor.user_id
    if reads_all(actor, post):
        return query.where(PostQuestion.state != S.TAKEN_DOWN)
    if actor.user_id is None:
        return query.where(PostQuestion.state == S.PUBLISHED)
    return query.where(or_(own, PostQuestion.state == S.PUBLISHED))


def readable_page(kind: PostKind, post: Any, actor: Actor, number: int) -> Page[PostQuestion]:
    """One page of :func:`readable`."""
    return paginate(readable(kind, post, actor), number)


def first_readable(
    kind: PostKind, post: Any, actor: Actor, most: int
) -> tuple[Sequence[PostQuestion], int]:
    """The first few of :func:`readable`, and how many there are."""
    query = readable(kind, post, actor)
    found = db.session.scalars(query.limit(most + 1)).all()
    if len(found) <= most:
        return found, len(found)
    return found[:most], count(query)


def with_key(key: str) -> PostQuestion | None:
    """The question that a form with this key has already asked."""
    return db.session.scalar(_loaded().where(PostQuestion.submission_key == key))


def count_waiting_of(kind: PostKind, post_id: uuid.UUID, user_id: uuid.UUID) -> int:
    """Questions of one person to a post that wait for an answer."""
    query = select(func.count(PostQuestion.id)).where(
        of_post(kind, post_id), PostQuestion.asker_id == user_id, PostQuestion.state == S.ASKED
    )
    return db.session.scalar(query) or 0


def count_asked_since(user_id: uuid.UUID, since: datetime) -> int:
    """Questions that one person asked after a moment."""
    query = select(func.count(PostQuestion.id)).where(
        PostQuestion.asker_id == user_id, PostQuestion.asked_at > since
    )
    return db.session.scalar(query) or 0


def count_waiting(actor: Actor) -> int:
    """Questions that wait for an answer of the person's organisations (for the dashboard)."""
    own = [id_ for id_ in actor.roles if actor.writes_for(id_)]
    if not own:
        return 0
    query = (
        select(func.count(PostQuestion.id))
        .outerjoin(Need, Need.id == PostQuestion.need_id)
        .outerjoin(Offering, Offering.id == PostQuestion.offering_id)
        .where(
            PostQuestion.state == S.ASKED,
            or_(Need.organization_id.in_(own), Offering.organization_id.in_(own)),
        )
    )
    return db.session.scalar(query) or 0
