"""What introductions do when a post or an organisation goes (named in ``subscriptions.py``).

A post that is closed, or an organisation that leaves, ends what still waits for an answer: its own
interests are withdrawn, those of others declined, each with the reason in words. A post that is
paused or returned keeps its introductions. A match outlives the post that it came from, but not an
organisation that leaves: the talks end, dates are cancelled, contacts close.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from matchmaker.core.actor import SYSTEM
from matchmaker.organizations.events import OrganizationWithdrawn
from matchmaker.organizations.queries import organization_of
from matchmaker.partnering.introductions import queries
from matchmaker.partnering.introductions.domain import Answer, IntroductionMove, ReasonCode
from matchmaker.partnering.introductions.matches import queries as match_queries
from matchmaker.partnering.introductions.matches.service import end as end_match
from matchmaker.partnering.introductions.service import close_if_over, move
from matchmaker.posts.domain import PostState
from matchmaker.posts.events import PostMoved


def follow_post(event: PostMoved) -> None:
    """A post was closed: nobody waits for an answer about it any more."""
    if event.after is not PostState.CLOSED or event.organization_id is None:
        return
    reason = f"「{event.title}」の掲載が終わりました。"
    _end_all(queries.live_of_post(event.subject_id), event.organization_id, reason, event.now)


def follow_withdrawal(event: OrganizationWithdrawn) -> None:
    """An organisation left: nobody there answers any more."""
    reason = f"{organization_of(event.subject_id).name}は、このサービスへの参加を終えました。"
    _end_all(queries.live_of_organization(event.subject_id), event.subject_id, reason, event.now)
    for match in match_queries.in_talks_of(event.subject_id):
        end_match(match, ReasonCode.OTHER, reason, match.revision, SYSTEM, event.now)


def _end_all(ids: Sequence[uuid.UUID], leaving_id: uuid.UUID, reason: str, now: datetime) -> None:
    for introduction_id in ids:
        introduction = queries.get(introduction_id)
        if close_if_over(introduction, now):
            continue
        is_sender = introduction.sender_organization_id == leaving_id
        step = IntroductionMove.WITHDRAW if is_sender else IntroductionMove.DECLINE
        move(introduction, step, Answer(ReasonCode.OTHER, reason), SYSTEM, now)
