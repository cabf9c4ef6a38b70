"""Mail that follows from introductions (named in ``matchmaker/subscriptions.py``).

Each mail carries the facts in its text, since a desk on a closed network cannot open the link. Its
key names the revision, so that one move gives one mail to a person. That both sides said yes, or
that it was taken back, is written by the match.
"""

from __future__ import annotations

import uuid
from typing import Any

from matchmaker.core.formatting import format_date
from matchmaker.notifications.service import mail_members, mail_secretariat
from matchmaker.partnering.introductions import queries
from matchmaker.partnering.introductions.domain import (
    GRACE,
    LIVE_STATES,
    REASON_LABELS,
    IntroductionMove,
    IntroductionState,
    ReasonCode,
    Side,
    last_day,
    other_side,
    side_awaited,
)
from matchmaker.partnering.introductions.events import (
    IntroductionCorrected,
    IntroductionMoved,
    IntroductionNudged,
    IntroductionSent,
)
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.partnering.introductions.policy import MOVES_OF_RECEIVER, MOVES_OF_SENDER
from matchmaker.partnering.introductions.service import REMINDER_KIND, SUBJECT_KIND
from matchmaker.posts.events import PostDeleted

TEMPLATES = {
    IntroductionMove.DECLINE: "introduction-declined",
    IntroductionMove.ASK_BACK: "introduction-asked",
    IntroductionMove.REPLY: "introduction-replied",
    IntroductionMove.WITHDRAW: "introduction-withdrawn",
    IntroductionMove.EXPIRE: "introduction-unanswered",
    IntroductionMove.REOPEN: "introduction-reopened",
}
MOVE_WORDS = {
    IntroductionMove.ACCEPT: "「話してみたい」と答えました",
    IntroductionMove.DECLINE: "見送りました",
    IntroductionMove.ASK_BACK: "質問しました",
    IntroductionMove.REPLY: "質問に答えました",
    IntroductionMove.WITHDRAW: "取り下げました",
    IntroductionMove.REOPEN: "もう一度ひらきました",
}


def mail_interest(event: IntroductionSent) -> None:
    """Tell the side that is asked; the secretariat where nobody there can answer."""
    introduction = queries.get(event.subject_id)
    context = _context(introduction) | {"acted_for": event.on_behalf_of is not None}
    key = f"introduction-sent:{introduction.id}"
    if event.is_told:
        _mail(introduction, introduction.receiver_organization_id, "received", context, key, event)
        if not queries.has_writing_people(introduction.receiver_organization_id):
            mail_secretariat(
                "introduction-unattended", context, key, introduction.id, event.now,
                subject_kind=SUBJECT_KIND,
            )  # fmt: skip
    if event.on_behalf_of is not None:
        _mail_represented(introduction, event.on_behalf_of, "関心を伝えました", "", event)


def mail_move(event: IntroductionMoved) -> None:
    """Tell the other side what was done, and the side in whose place the secretariat did it."""
    introduction = queries.get(event.subject_id)
    template = TEMPLATES.get(event.move)
    context = _context(introduction) | {
        "words": _words(introduction, event),
        "reason": event.reason,
        "acted_for": event.on_behalf_of is not None,
    }
    key = f"introduction-{event.move}:{introduction.id}:{event.revision}"
    if template is not None:
        for organization_id in _told(introduction, event):
            name = template.removeprefix("introduction-")
            _mail(introduction, organization_id, name, context, key, event)
    if event.on_behalf_of is not None and event.move in MOVE_WORDS:
        _mail_represented(
            introduction, event.on_behalf_of, MOVE_WORDS[event.move], event.reason, event
        )


def _told(introduction: Introduction, event: IntroductionMoved) -> list[uuid.UUID]:
    """Who is told: the other side; both where neither did it."""
    sender, receiver = introduction.sender_organization_id, introduction.receiver_organization_id
    if event.move is IntroductionMove.EXPIRE:
        return [sender, receiver]
    if event.move in MOVES_OF_RECEIVER:
        return [sender]
    if event.move in MOVES_OF_SENDER:
        return [receiver]
    acting = event.on_behalf_of or event.organization_id
    return [each for each in (sender, receiver) if each != acting]


def _words(introduction: Introduction, event: IntroductionMoved) -> str:
    """What was said with the move: the message written at its moment."""
    messages = queries.messages_of(introduction.id)
    last = messages[-1] if messages else None
    return last.words if last is not None and last.at == event.now else ""


def _mail_represented(
    introduction: Introduction, organization_id: uuid.UUID, done: str, reason: str, event: Any
) -> None:
    """Tell the organisation what the secretariat did in its place."""
    context = _context(introduction) | {
        "done": done, "reason": reason, "actor_name": event.actor.name,
    }  # fmt: skip
    key = f"introduction-acted:{introduction.id}:{introduction.revision}"
    _mail(introduction, organization_id, "acted-for", context, key, event)


def mail_reminder(event: IntroductionNudged) -> None:
    """Remind the side whose answer is awaited."""
    introduction = queries.get(event.subject_id)
    awaited = awaited_organization(introduction)
    if awaited is None:
        return
    context = _context(introduction) | {
        "is_last": event.is_last,
        "is_over": event.now >= introduction.answer_due_at,
        "is_reply": introduction.state is IntroductionState.ASKED_BACK,
    }
    kind = "last" if event.is_last else "half"
    key = f"introduction-reminder:{introduction.id}:{event.revision}:{kind}"
    mail_members(
        awaited, "introduction-reminder", context, key, introduction.id, event.now,
        subject_kind=REMINDER_KIND,
    )  # fmt: skip


def mail_correction(event: IntroductionCorrected) -> None:
    """Tell both sides what the secretariat corrected, and why."""
    introduction = queries.get(event.subject_id)
    context = _context(introduction) | {
        "reason": event.reason,
        "is_live": introduction.state in LIVE_STATES,
    }
    key = f"introduction-corrected:{introduction.id}:{event.revision}"
    for organization_id in (
        introduction.sender_organization_id, introduction.receiver_organization_id,
    ):  # fmt: skip
        _mail(introduction, organization_id, "corrected", context, key, event)


def mail_about_deleted_post(event: PostDeleted) -> None:
    """Tell both sides of what went with a post that was removed for good."""
    for introduction_id in queries.live_of_post(event.subject_id):
        introduction = queries.get(introduction_id)
        context = _context(introduction) | {"gone": event.title}
        key = f"introduction-gone:{introduction.id}"
        for organization_id in (
            introduction.sender_organization_id, introduction.receiver_organization_id,
        ):  # fmt: skip
            # The introduction goes in this transaction, so that nothing can be asked later.
            mail_members(organization_id, "introduction-gone", context, key, None, event.now)


def awaited_organization(introduction: Introduction) -> uuid.UUID | None:
    """The organisation whose turn it is; None once nothing is awaited."""
    side = side_awaited(introduction.state, introduction.from_side)
    if side is None:
        return None
    is_sender = side is introduction.from_side
    return (
        introduction.sender_organization_id if is_sender else introduction.receiver_organization_id
    )


def _mail(
    introduction: Introduction,
    organization_id: uuid.UUID,
    name: str,
    context: dict[str, Any],
    key: str,
    event: Any,
) -> None:
    mail_members(
        organization_id, f"introduction-{name}", context, key, introduction.id, event.now,
        subject_kind=SUBJECT_KIND,
    )  # fmt: skip


def _context(introduction: Introduction) -> dict[str, Any]:
    code = introduction.reason_code
    return {
        "introduction_path": f"/introductions/{introduction.id}",
        "need_title": introduction.need.title,
        "offering_title": introduction.offering.title,
        "sender_name": introduction.sender.name,
        "receiver_name": introduction.receiver.name,
        "town_name": _name_of(introduction, Side.TOWN),
        "business_name": _name_of(introduction, Side.BUSINESS),
        "own_post": "シーズ" if introduction.from_side is Side.TOWN else "ニーズ",
        "note": introduction.note,
        "wish": introduction.wish,
        "due_on": format_date(last_day(introduction.answer_due_at)),
        "closes_on": format_date(last_day(introduction.answer_due_at + GRACE)),
        "reason_label": REASON_LABELS[ReasonCode(code)] if code else "",
    }


def _name_of(introduction: Introduction, side: Side) -> str:
    names = {
        introduction.from_side: introduction.sender.name,
        other_side(introduction.from_side): introduction.receiver.name,
    }
    return names[side]
