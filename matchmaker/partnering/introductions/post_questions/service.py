"""Commands on questions to posts. They flush, record events, never commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, NotAllowed, ProductError
from matchmaker.core.text import clean_text
from matchmaker.partnering.introductions.post_questions import policy, queries
from matchmaker.partnering.introductions.post_questions.domain import (
    MOST_A_DAY,
    MOST_WAITING,
    QUESTION_STATES,
    REASON_LENGTH,
    TEXT_LENGTH,
    WRITING_MOVES,
    QuestionMove,
    QuestionState,
)
from matchmaker.partnering.introductions.post_questions.events import (
    PostQuestionAsked,
    PostQuestionMoved,
)
from matchmaker.partnering.introductions.post_questions.models import PostQuestion
from matchmaker.posts.domain import PostKind
from matchmaker.posts.types import PostType

DAY = timedelta(days=1)
NOT_OPEN = "この投稿には質問できません。公開中の、ほかの団体の投稿に質問できます。"
TAKEN_MEANWHILE = "ほかの人がこの質問を先に扱いました。いまの内容を確かめてください。"


@dataclass(frozen=True, slots=True)
class Words:
    """What is said with a move.

    Args:
        answer: the answer, for answering and publishing.
        published_text: the question as everybody will read it; the asked words when left empty.
        reason: for refusing and taking down.
    """

    answer: str = ""
    published_text: str = ""
    reason: str = ""


def ask(
    post_type: PostType, post: Any, text: str, *, is_named: bool, key: str, actor: Actor,
    now: datetime,
) -> PostQuestion:  # fmt: skip
    """Ask something about a post; the same form sent twice asks once.

    Args:
        is_named: whether the owner may know who asked; the public never does.
        key: of the form.

    Raises:
        NotAllowed: the post takes no questions of this person.
        ProductError: the text is missing or too long, or too many were asked (field ``text``).
    """
    earlier = queries.with_key(key) if key else None
    if earlier is not None and earlier.asker_id == actor.user_id:
        return earlier
    if not policy.can_ask(actor, post) or actor.user_id is None:
        raise NotAllowed(NOT_OPEN)
    text = _checked(text, "text", "質問を入れてください。")
    _check_bounds(post_type.kind, post, actor, now)
    is_need = post_type.kind is PostKind.NEED
    question = PostQuestion(
        id=new_id(), need_id=post.id if is_need else None,
        offering_id=None if is_need else post.id, asker_id=actor.user_id,
        asker_organization_id=next(iter(actor.roles), None), is_named=is_named, text=text,
        answer="", published_text="", state=QuestionState.ASKED, state_reason="",
        submission_key=key or new_id().hex, revision=1, asked_at=now,
    )  # fmt: skip
    db.session.add(question)
    db.session.flush()
    record(
        PostQuestionAsked(
            actor=actor, now=now, subject_id=question.id, post_id=post.id,
            details={"post": str(post.id), "is_named": is_named},
        )
    )  # fmt: skip
    return question


def _check_bounds(kind: PostKind, post: Any, actor: Actor, now: datetime) -> None:
    assert actor.user_id is not None  # noqa: S101 - only people ask
    if queries.count_waiting_of(kind, post.id, actor.user_id) >= MOST_WAITING:
        raise ProductError(
            f"この投稿には、回答を待っている質問が{MOST_WAITING}件あります。回答をお待ちください。",
            "text",
        )
    if queries.count_asked_since(actor.user_id, now - DAY) >= MOST_A_DAY:
        raise ProductError(
            f"1日に質問できるのは{MOST_A_DAY}件までです。時間をおいてから質問してください。", "text"
        )


def move(
    question: PostQuestion, move: QuestionMove, words: Words, expected: int, actor: Actor,
    now: datetime,
) -> None:  # fmt: skip
    """Answer, publish, refuse or take a question down.

    Args:
        expected: the revision that the person read.

    Raises:
        Conflict: somebody else was faster, or the state does not allow it.
        ProductError: answer or reason are missing or too long; with the field.
    """
    reason = clean_text(words.reason)
    before = question.state
    if question.revision != expected:
        raise Conflict(TAKEN_MEANWHILE)
    target = QUESTION_STATES.check(before, move, reason)
    if len(reason) > REASON_LENGTH:
        raise ProductError(f"{REASON_LENGTH}文字以内で入れてください。", "reason")
    values: dict[str, Any] = {"state": target, "state_reason": reason}
    if move in WRITING_MOVES:
        values.update(_answered(question, move, words, now))
    if move is QuestionMove.PUBLISH:
        values["published_at"] = question.published_at or now
    elif target is not QuestionState.PUBLISHED:
        values["published_at"] = None
    _set(question, expected, values)
    record(
        PostQuestionMoved(
            actor=actor, now=now, subject_id=question.id, reason=reason, move=move, before=before,
            after=target, revision=question.revision, details={"move": move.value},
        )
    )  # fmt: skip


def _answered(
    question: PostQuestion, move: QuestionMove, words: Words, now: datetime
) -> dict[str, Any]:
    values: dict[str, Any] = {
        "answer": _checked(words.answer, "answer", "回答を入れてください。"),
        "answered_at": now,
    }
    if move is QuestionMove.PUBLISH:
        text = words.published_text or question.published_text or question.text
        values["published_text"] = _checked(text, "published_text", "公開する文を入れてください。")
    return values


def _set(question: PostQuestion, expected: int, values: dict[str, Any]) -> None:
    statement = (
        update(PostQuestion)
        .where(PostQuestion.id == question.id, PostQuestion.revision == expected)
        .values(**values, revision=expected + 1)
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(TAKEN_MEANWHILE)
    db.session.refresh(question, attribute_names=[*values, "revision"])


def _checked(text: str, field: str, missing: str) -> str:
    text = clean_text(text)
    if not text:
        raise ProductError(missing, field)
    if len(text) > TEXT_LENGTH:
        raise ProductError(f"{TEXT_LENGTH:,}文字以内で入れてください。", field)
    return text
