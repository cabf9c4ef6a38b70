"""Mail about questions to posts (named in ``matchmaker/subscriptions.py``).

Without a name, no mail to the owner names the asker. The asker's mail names the organisation that
answered, not the person.
"""

from __future__ import annotations

import uuid
from typing import Any

from matchmaker.core.errors import NotFound
from matchmaker.notifications.service import mail_members, queue_mail
from matchmaker.partnering.introductions.post_questions import queries
from matchmaker.partnering.introductions.post_questions.domain import QuestionMove
from matchmaker.partnering.introductions.post_questions.events import (
    PostQuestionAsked,
    PostQuestionMoved,
)
from matchmaker.partnering.introductions.post_questions.models import PostQuestion

SUBJECT_KIND = "post-questions:question"
UNNAMED = "（名前を出さない質問です）"
TO_ASKER = {
    QuestionMove.ANSWER: "post-question-answered",
    QuestionMove.PUBLISH: "post-question-answered",
    QuestionMove.REFUSE: "post-question-refused",
    QuestionMove.TAKE_DOWN: "post-question-taken-down",
}


def tell_owner(event: PostQuestionAsked) -> None:
    """Ask the organisation that posted for an answer."""
    question = queries.get(event.subject_id)
    mail_members(
        post_of(question).organization_id, "post-question-asked",
        {**_facts(question), "asker": asker_for_owner(question)},
        f"post-question:{question.id}:asked", question.id, event.now, subject_kind=SUBJECT_KIND,
    )  # fmt: skip


def tell_asker(event: PostQuestionMoved) -> None:
    """Tell who asked what the answer is, or why there is none."""
    question = queries.get(event.subject_id)
    template = TO_ASKER.get(event.move)
    if template is None or question.asker is None:
        return
    context = {
        **_facts(question), "answer": question.answer, "reason": event.reason,
        "is_public": event.move is QuestionMove.PUBLISH,
    }  # fmt: skip
    queue_mail(
        question.asker, template, context, f"post-question:{question.id}:{event.revision}",
        question.id, event.now, subject_kind=SUBJECT_KIND,
    )  # fmt: skip


def tell_owner_of_end(event: PostQuestionMoved) -> None:
    """Tell the organisation that the secretariat took a question down."""
    if event.move is not QuestionMove.TAKE_DOWN:
        return
    question = queries.get(event.subject_id)
    mail_members(
        post_of(question).organization_id, "post-question-taken-down",
        {**_facts(question), "reason": event.reason},
        f"post-question:{question.id}:{event.revision}:owner", question.id, event.now,
    )  # fmt: skip


def post_of(question: PostQuestion) -> Any:
    """The need or offering that the question is about (loaded)."""
    return question.need if question.need_id else question.offering


def asker_for_owner(question: PostQuestion) -> str:
    """Who asked, as the owner may know it."""
    if not question.is_named or question.asker is None:
        return UNNAMED
    organization = question.asker_organization.name if question.asker_organization else ""
    return f"{organization} {question.asker.name}さん".strip()


def _facts(question: PostQuestion) -> dict[str, Any]:
    post = post_of(question)
    is_need = question.need_id is not None
    path = f"/{'needs' if is_need else 'offerings'}/{post.id}/questions"
    return {
        "post_label": "ニーズ" if is_need else "シーズ",
        "post_title": post.title,
        "organization": post.organization.name,
        "question": question.text,
        "questions_path": path,
    }


def question_exists(question_id: uuid.UUID) -> PostQuestion | None:
    """The question a mail is about; None when it is gone."""
    try:
        return queries.get(question_id)
    except NotFound:
        return None
