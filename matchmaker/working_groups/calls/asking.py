"""Questions about a call: asked by members, answered and published without a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, IllegalMove, ProductError
from matchmaker.core.text import clean_text
from matchmaker.working_groups.calls import queries
from matchmaker.working_groups.calls.content import (
    MOST_OPEN_QUESTIONS,
    QUESTION_LENGTH,
    Errors,
    checked_reason,
    refuse,
)
from matchmaker.working_groups.calls.domain import (
    ASKING_PHASES,
    QUESTION_STATES,
    CallQuestionMove,
    CallQuestionState,
)
from matchmaker.working_groups.calls.events import CallQuestionAsked, CallQuestionMoved
from matchmaker.working_groups.calls.models import Call, CallQuestion

WRITING_MOVES = frozenset({CallQuestionMove.ANSWER, CallQuestionMove.PUBLISH})


@dataclass(frozen=True, slots=True)
class AnswerData:
    """What the secretariat writes about a question.

    Args:
        published_text: the question as it will stand on the page; the secretariat may re-word it so
            that nothing in it tells who asked.
        answer: the answer.
    """

    published_text: str = ""
    answer: str = ""


def ask_question(
    call: Call, text: str, actor: Actor, now: datetime, *, mail: bool = True
) -> CallQuestion:
    """Ask something about a call; the same question sent twice is asked once.

    Args:
        call: the call.
        text: the question.
        actor: who asks.
        now: the present moment.
        mail: whether the secretariat is told (not so when the demo is loaded).

    Raises:
        IllegalMove: the call takes no questions any more.
        ProductError: the text is missing or too long, or too many questions wait (field ``text``).
    """
    if call.phase(now) not in ASKING_PHASES:
        raise IllegalMove("締切を過ぎたため、質問は受け付けていません。")
    text = _checked(text, "text", "質問を入れてください。")
    assert actor.user_id is not None  # noqa: S101 - only people ask
    waiting = queries.waiting_questions_of(call.id, actor.user_id)
    for earlier in waiting:
        if earlier.text == text:
            return earlier
    if len(waiting) >= MOST_OPEN_QUESTIONS:
        raise ProductError(
            f"回答を待っている質問が{MOST_OPEN_QUESTIONS}件あります。回答をお待ちください。", "text"
        )
    question = CallQuestion(
        id=new_id(), call_id=call.id, asker_id=actor.user_id, text=text, published_text=text,
        state=CallQuestionState.ASKED, asked_at=now,
    )  # fmt: skip
    db.session.add(question)
    db.session.flush()
    record(
        CallQuestionAsked(
            actor=actor, now=now, subject_id=call.id, details={"mail": mail},
            question_id=question.id,
        )
    )  # fmt: skip
    return question


def move_question(
    question: CallQuestion,
    move: CallQuestionMove,
    data: AnswerData,
    reason: str,
    actor: Actor,
    now: datetime,
    expected_revision: int | None = None,
    *,
    mail: bool = True,
) -> None:
    """Answer a question, publish it, decide against publishing it, or take that back.

    Args:
        question: the question with its call.
        move: the step.
        data: words for answering and publishing; not looked at for the other steps.
        reason: words for dismissing (the asker reads them) and for taking back.
        actor: who does it.
        now: the present moment.
        expected_revision: the revision the form was filled from.
        mail: whether who asked is told (not so when the demo is loaded).

    Raises:
        Conflict: somebody else answered in between, or the step is not possible.
        InvalidCall: question or answer are missing or too long; with messages by field.
        ProductError: the reason is missing.
    """
    if expected_revision is not None and expected_revision != question.revision:
        raise Conflict("ほかの人がこの質問を先に扱いました。ページを開き直して、確かめてください。")
    reason = checked_reason(reason)
    target = QUESTION_STATES.check(question.state, move, reason)
    if move in WRITING_MOVES:
        _write(question, data, move)
        question.answered_at = now
    question.state, question.state_reason = target, reason
    question.published_at = now if target is CallQuestionState.PUBLISHED else None
    question.revision += 1
    db.session.flush()
    record(
        CallQuestionMoved(
            actor=actor, now=now, subject_id=question.call_id, reason=reason,
            details={"move": move.value, "question": str(question.id), "mail": mail},
            question_id=question.id, move=move,
        )
    )  # fmt: skip


def _write(question: CallQuestion, data: AnswerData, move: CallQuestionMove) -> None:
    published_text, answer = clean_text(data.published_text), clean_text(data.answer)
    errors: Errors = {}
    if move is CallQuestionMove.PUBLISH and not published_text:
        errors["published_text"] = "公開する質問の文を入れてください。"
    if move is CallQuestionMove.PUBLISH and not answer:
        errors["answer"] = "回答を入れてください。"
    for name, text in (("published_text", published_text), ("answer", answer)):
        if len(text) > QUESTION_LENGTH:
            errors[name] = f"{QUESTION_LENGTH:,}文字以内で入れてください。"
    refuse(errors)
    question.published_text, question.answer = published_text, answer


def _checked(text: str, name: str, missing: str) -> str:
    text = clean_text(text)
    if not text:
        raise ProductError(missing, name)
    if len(text) > QUESTION_LENGTH:
        raise ProductError(f"{QUESTION_LENGTH:,}文字以内で入れてください。", name)
    return text
