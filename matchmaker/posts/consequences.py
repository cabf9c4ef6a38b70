"""Mail that follows from what happens to posts (named in ``matchmaker/subscriptions.py``).

Each mail carries the facts in its text, since a desk on a closed network cannot open the link.
"""

from __future__ import annotations

from typing import Any

from matchmaker.notifications.service import mail_members, mail_secretariat
from matchmaker.organizations.queries import organization_of
from matchmaker.posts.domain import Move, PostKind
from matchmaker.posts.events import PostExpiring, PostMoved

LABELS = {PostKind.NEED: "ニーズ", PostKind.OFFERING: "シーズ"}
PATHS = {PostKind.NEED: "needs", PostKind.OFFERING: "offerings"}
MEMBER_MAILS = {
    Move.PUBLISH: "post-published",
    Move.RETURN: "post-returned",
    Move.CLOSE: "post-closed",
}


def mail_about_move(event: PostMoved) -> None:
    """Tell the secretariat what was handed in, and the organisation what was decided."""
    assert event.organization_id is not None  # noqa: S101 - every post has one
    if not event.details.get("mail", True):
        return
    context = _context(event)
    key = f"{event.subject_id}:{event.move}:{event.now.isoformat()}"
    if event.move is Move.SUBMIT and not event.actor.is_secretariat:
        mail_secretariat(
            "post-submitted", context, key, event.subject_id, event.now, subject_kind=event.kind
        )
    template = MEMBER_MAILS.get(event.move)
    if template:
        mail_members(
            event.organization_id, template, context, key, event.subject_id, event.now,
            subject_kind=event.kind,
        )  # fmt: skip


def mail_about_expiry(event: PostExpiring) -> None:
    """Warn the organisation once for each date of expiry."""
    assert event.organization_id is not None  # noqa: S101 - every post has one
    key = f"{event.subject_id}:expiring:{event.details['valid_until']}"
    mail_members(
        event.organization_id, "post-expiring", _context(event), key, event.subject_id,
        event.now, subject_kind=event.kind,
    )  # fmt: skip


def _context(event: Any) -> dict[str, Any]:
    return {
        "post_label": LABELS[event.kind],
        "post_path": f"/{PATHS[event.kind]}/{event.subject_id}",
        "post_title": event.title,
        "organization_name": organization_of(event.organization_id).name,
        "reason": event.reason,
        "actor_name": event.actor.name,
        "details": event.details,
    }
