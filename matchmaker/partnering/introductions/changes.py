"""How an introduction is changed: compared and set in one statement, and traced."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import set_committed_value

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.errors import Conflict
from matchmaker.core.text import clean_text
from matchmaker.partnering.introductions import policy
from matchmaker.partnering.introductions.domain import (
    Answer,
    IntroductionMove,
    IntroductionState,
)
from matchmaker.partnering.introductions.models import (
    Introduction,
    IntroductionMessage,
    IntroductionStep,
)

CHANGED = "ほかの人が先に操作しました。いまの内容を確かめてから、もう一度操作してください。"


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts, when, and for which side.

    Args:
        on_behalf_of: the organisation for which the secretariat acts; None for one's own.
    """

    actor: Actor
    now: datetime
    on_behalf_of: uuid.UUID | None = None

    def side_of(self, introduction: Introduction) -> uuid.UUID | None:
        """The organisation in whose name it is done; None for the service and the secretariat."""
        sides = (introduction.receiver_organization_id, introduction.sender_organization_id)
        own = next((each for each in sides if self.actor.writes_for(each)), None)
        return self.on_behalf_of or own


def change(introduction: Introduction, values: Mapping[str, Any]) -> None:
    """Compare state and revision with what was read, and set; exactly one of many gets through.

    Raises:
        Conflict: somebody else was first, or the pair has another introduction by now.
    """
    try:
        with db.session.begin_nested():
            is_done = change_where(introduction, values)
    except IntegrityError:
        raise Conflict("この組み合わせには、新しい紹介がすでにあります。") from None
    if not is_done:
        raise Conflict(CHANGED)


def change_where(
    introduction: Introduction, values: Mapping[str, Any], *conditions: ColumnElement[bool]
) -> bool:
    """The same, with further conditions.

    Returns:
        Whether the row was as it was read, and is changed.
    """
    statement = (
        update(Introduction)
        .where(
            Introduction.id == introduction.id,
            Introduction.state == introduction.state,
            Introduction.revision == introduction.revision,
            *conditions,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    result: CursorResult[Any] = db.session.execute(statement)  # type: ignore[assignment]
    if result.rowcount != 1:
        return False
    for name, value in values.items():
        set_committed_value(introduction, name, value)
    if "answered_by_id" in values:
        db.session.expire(introduction, ["answered_by"])
    return True


def say(introduction: Introduction, move: IntroductionMove, words: str, who: Acting) -> None:
    """Put a message into the thread."""
    message = IntroductionMessage(
        id=new_id(), introduction_id=introduction.id, at=who.now, author_id=who.actor.user_id,
        author_name=who.actor.name, organization_id=_speaking(introduction, move, who),
        is_on_behalf=who.on_behalf_of is not None, move=move, words=clean_text(words),
    )  # fmt: skip
    db.session.add(message)
    db.session.flush()


def _speaking(introduction: Introduction, move: IntroductionMove, who: Acting) -> uuid.UUID:
    if who.on_behalf_of is not None:
        return who.on_behalf_of
    if move in policy.MOVES_OF_RECEIVER:
        return introduction.receiver_organization_id
    if move in policy.MOVES_OF_SENDER:
        return introduction.sender_organization_id
    return who.side_of(introduction) or introduction.sender_organization_id


def trace(
    introduction: Introduction,
    before: IntroductionState | None,
    answer: Answer,
    who: Acting,
    move: IntroductionMove | None = None,
) -> None:
    """Write the step that led to the present revision."""
    step = IntroductionStep(
        id=new_id(), introduction_id=introduction.id, number=introduction.revision, at=who.now,
        actor_id=who.actor.user_id, actor_name=who.actor.name,
        on_behalf_of_id=who.on_behalf_of, move=move, before=before, after=introduction.state,
        reason_code=introduction.reason_code, words=clean_text(answer.reason),
    )  # fmt: skip
    db.session.add(step)
    db.session.flush()


def details_of(introduction: Introduction) -> dict[str, Any]:
    """Plain values for the audit log."""
    code = introduction.reason_code
    return {"reason_code": code.value} if code is not None else {}
