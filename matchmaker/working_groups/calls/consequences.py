"""Mail that follows from what happens to calls (named in ``matchmaker/subscriptions.py``).

Each mail carries the facts in its text, since a desk on a closed network cannot open the link.
"""

from __future__ import annotations

from typing import Any

from matchmaker.accounts.events import GlobalRoleChanged
from matchmaker.accounts.queries import user_of
from matchmaker.core.actor import SYSTEM, GlobalRole
from matchmaker.notifications.service import mail_people, mail_secretariat, queue_mail
from matchmaker.working_groups.calls import queries
from matchmaker.working_groups.calls.domain import KIND_LABELS, CallQuestionMove
from matchmaker.working_groups.calls.events import (
    CallOpened,
    CallQuestionAsked,
    CallQuestionMoved,
    ReviewerAdded,
)
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.calls.presentation import (
    answerers_in_words,
    deadline_in_words,
    period_in_words,
)
from matchmaker.working_groups.calls.reviewers import release_reviewer

PUBLIC_CALL = "calls:call"
"""Kind of the check before sending: the call still stands on its page."""

ASKER_MAILS = {
    CallQuestionMove.PUBLISH: "call-question-answered",
    CallQuestionMove.DISMISS: "call-question-dismissed",
}


def announce_call(event: CallOpened) -> None:
    """Tell each representative of all members once."""
    call = queries.get_call(event.subject_id)
    mail_people(
        queries.representatives(), "call-opened", call_facts(call), f"call-opened:{call.id}",
        call.id, event.now, subject_kind=PUBLIC_CALL,
    )  # fmt: skip


def welcome_reviewer(event: ReviewerAdded) -> None:
    """Tell a person that there are proposals to review."""
    if not event.details.get("mail", True):
        return
    call = queries.get_call(event.subject_id)
    due = deadline_in_words(call.reviews_due_at) if call.reviews_due_at else ""
    key = f"call-reviewer:{call.id}:{event.now.isoformat()}"
    context = {**call_facts(call), "reviews_due": due}
    queue_mail(user_of(event.user_id), "call-reviewer-added", context, key, call.id, event.now)


def tell_of_question(event: CallQuestionAsked) -> None:
    """Ask the secretariat for an answer."""
    if not event.details.get("mail", True):
        return
    question = queries.get_question(event.subject_id, event.question_id)
    context = {**call_facts(question.call), "question": question.text}
    key = f"call-question:{question.id}"
    mail_secretariat("call-question-asked", context, key, question.call_id, event.now)


def tell_asker(event: CallQuestionMoved) -> None:
    """Tell who asked what the answer is, or why there is none on the page."""
    template = ASKER_MAILS.get(event.move)
    question = queries.get_question(event.subject_id, event.question_id)
    if template is None or question.asker is None or not event.details.get("mail", True):
        return
    context = {
        **call_facts(question.call),
        "question": question.text,
        "published_text": question.published_text,
        "answer": question.answer,
        "reason": event.reason,
    }
    key = f"call-question:{question.id}:{event.move}:{event.now.isoformat()}"
    queue_mail(question.asker, template, context, key, question.call_id, event.now)


def release_former_reviewer(event: GlobalRoleChanged) -> None:
    """Who is no reviewer any more reviews no call any more."""
    details = event.details
    if details.get("role") != GlobalRole.REVIEWER or details.get("granted"):
        return
    reason = event.reason or "有識者の役割がなくなりました。"
    for reviewer in queries.reviewing_rows_of(event.subject_id):
        release_reviewer(reviewer, reason, SYSTEM, event.now)


def call_facts(call: Call) -> dict[str, Any]:
    """What every mail about a call says."""
    return {
        "call_title": call.title,
        "call_kind": KIND_LABELS[call.kind],
        "call_summary": call.summary,
        "call_period": period_in_words(call),
        "call_answerers": answerers_in_words(call.categories),
        "call_path": f"/calls/{call.id}",
    }
