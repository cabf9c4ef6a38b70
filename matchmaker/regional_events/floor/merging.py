"""Questions that mean the same become one; all texts and votes stay, and it can be taken back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict
from matchmaker.regional_events.floor.domain import MERGEABLE, QUESTION_STATES, QuestionState
from matchmaker.regional_events.floor.events import QuestionSeparated, QuestionsMerged
from matchmaker.regional_events.floor.models import FloorQuestion
from matchmaker.regional_events.floor.moderation import OVERTAKEN, claim, take_from_projection
from matchmaker.regional_events.floor.service import ensure_floor
from matchmaker.regional_events.floor.whole import whole

WITH_ITSELF = "同じ質問どうしは、まとめられません。"
WRONG_WAY = (
    "公開中の質問を、確認待ちの質問にはまとめられません。"
    "公開中の質問のほうを残すか、先にもう一方を公開してください。"
)
NOT_MERGED = "この質問は、まとめられていません。ほかの進行担当が先に分けたかもしれません。"


@whole
def merge(
    leading: FloorQuestion,
    merged: FloorQuestion,
    revisions: tuple[int, int],
    actor: Actor,
    now: datetime,
) -> None:
    """Let ``leading`` stand for ``merged`` and for whatever was merged into that.

    Votes stay where they are: they are counted over all, each person once.

    Args:
        revisions: of ``leading`` and of ``merged``, as the moderator saw them.

    Raises:
        Conflict: one of them was changed meanwhile, or may not be merged so.
    """
    if leading.id == merged.id:
        raise Conflict(WITH_ITSELF)
    ensure_floor(leading.event_id)
    claim(leading, revisions[0], now)
    claim(merged, revisions[1], now)
    _check(leading, merged)
    for each in _standing_for(merged.id):
        each.leading_id = leading.id
    merged.state_before, merged.state = merged.state.value, QuestionState.MERGED
    merged.merged_into_id = merged.leading_id = leading.id
    merged.place = None
    take_from_projection(merged)
    db.session.flush()
    record(
        QuestionsMerged(
            actor=actor,
            now=now,
            subject_id=leading.id,
            event_id=leading.event_id,
            details={"merged": str(merged.id), "number": merged.number},
        )
    )


def _check(leading: FloorQuestion, merged: FloorQuestion) -> None:
    for each in (leading, merged):
        if each.state not in MERGEABLE:
            state = QUESTION_STATES.labels[each.state]
            raise Conflict(OVERTAKEN.format(number=each.number, state=state))
    if merged.state is QuestionState.ACCEPTED and leading.state is QuestionState.NEW:
        raise Conflict(WRONG_WAY)


@whole
def separate(question: FloorQuestion, actor: Actor, now: datetime) -> None:
    """Take a merge back: the question is again what it was before, with those merged into it.

    Raises:
        Conflict: it is not merged (any more).
    """
    ensure_floor(question.event_id)
    db.session.refresh(question)
    top_id = question.leading_id
    if question.state is not QuestionState.MERGED or top_id is None:
        raise Conflict(NOT_MERGED)
    for each in _below(question.id, _standing_for(top_id)):
        each.leading_id = question.id
    question.state = QuestionState(question.state_before or QuestionState.NEW)
    question.state_before = ""
    question.merged_into_id = question.leading_id = None
    question.revision += 1
    question.updated_at = now
    db.session.flush()
    record(
        QuestionSeparated(
            actor=actor,
            now=now,
            subject_id=question.id,
            event_id=question.event_id,
            details={"from": str(top_id), "number": question.number},
        )
    )


def _standing_for(question_id: uuid.UUID) -> Sequence[FloorQuestion]:
    query = (
        select(FloorQuestion)
        .where(FloorQuestion.leading_id == question_id)
        .order_by(FloorQuestion.number)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).all()


def _below(question_id: uuid.UUID, all_of_them: Sequence[FloorQuestion]) -> list[FloorQuestion]:
    """Those merged into the question, and those merged into these."""
    found: list[FloorQuestion] = []
    wanted = {question_id}
    while wanted:
        level = [each for each in all_of_them if each.merged_into_id in wanted]
        found += level
        wanted = {each.id for each in level}
    return found
