"""Commands that lead minutes through the speakers' check to publication. They flush and record."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.core.text import clean_text
from matchmaker.working_groups.groups.domain import Visibility
from matchmaker.working_groups.meetings.domain import (
    MINUTES_STATES,
    CheckAnswer,
    MinutesMove,
    MinutesState,
)
from matchmaker.working_groups.meetings.minutes import queries
from matchmaker.working_groups.meetings.minutes.domain import (
    COMMENT_LENGTH,
    NOTE_LENGTH,
    REASON_LENGTH,
    TIME_AFTER_CHANGE,
    checked_deadline,
    count_checks,
    what_keeps_from_publishing,
)
from matchmaker.working_groups.meetings.minutes.events import (
    MinutesChecked,
    MinutesCorrectionBegun,
    MinutesEvent,
    MinutesPublished,
    MinutesReworked,
    SpeakersAsked,
)
from matchmaker.working_groups.meetings.minutes.versions import add_version
from matchmaker.working_groups.meetings.models import Meeting, Minutes, MinutesCheck

OLD_TEXT = (
    "表示している間に本文が変わりました。新しい本文を読んでから、もう一度返事をしてください。"
)


def ask_speakers(
    minutes: Minutes,
    user_ids: Collection[uuid.UUID],
    until: date | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Ask speakers to check the text until a day; those asked before are asked afresh.

    Args:
        user_ids: who is asked; the caller has checked that they are speakers or group members.
        until: last day for answers; a week from now when left out.

    Raises:
        IllegalMove: the minutes are no draft.
        ProductError: nobody was chosen, the text is empty, or the day is not possible.
    """
    minutes = queries.locked_minutes(minutes.id)
    target = MINUTES_STATES.check(minutes.state, MinutesMove.ASK)
    if not user_ids:
        raise ProductError("確認を頼む人を1人以上選んでください。", "speakers")
    if not minutes.body.strip():
        raise ProductError("本文がまだありません。書いてから確認を頼んでください。")
    minutes.checks_until = checked_deadline(until, today(now))
    minutes.state, minutes.updated_at = target, now
    _renew_checks(minutes, user_ids, now)
    record(_event(SpeakersAsked, minutes, actor, now, user_ids=tuple(user_ids)))


def _renew_checks(minutes: Minutes, user_ids: Collection[uuid.UUID], now: datetime) -> None:
    """One open question to each of these people, none to anybody else."""
    present = {check.user_id: check for check in queries.checks_of(minutes.id)}
    for user_id, check in present.items():
        if user_id not in user_ids:
            db.session.delete(check)
    for user_id in user_ids:
        check = present.get(user_id) or MinutesCheck(minutes_id=minutes.id, user_id=user_id)
        check.answer, check.asked_at = CheckAnswer.ASKED, now
        check.comment, check.answered_at = "", None
        db.session.add(check)
    db.session.flush()


def ask_again(minutes: Minutes, actor: Actor, now: datetime) -> None:
    """After a change of the text all answers are asked for again.

    Those who had answered are told, and everybody has at least three days from the change; what
    they commented stays readable.
    """
    answered = [c for c in queries.checks_of(minutes.id) if c.answer is not CheckAnswer.ASKED]
    earliest = today(now) + TIME_AFTER_CHANGE
    if minutes.checks_until is not None and minutes.checks_until < earliest:
        minutes.checks_until = earliest
    for check in answered:
        check.answer, check.answered_at, check.asked_at = CheckAnswer.ASKED, None, now
    db.session.flush()
    if answered:
        ids = tuple(check.user_id for check in answered)
        record(_event(SpeakersAsked, minutes, actor, now, user_ids=ids, is_again=True))


def answer_check(
    minutes: Minutes, approved: bool, comment: str, revision: int, actor: Actor, now: datetime
) -> None:
    """A speaker approves the text or asks for a change.

    Args:
        comment: what should be different; needed for a change.
        revision: number of the text that the speaker has read.

    Raises:
        NotFound: the person was not asked.
        Conflict: the check is over, or the text changed meanwhile.
        ProductError: a comment is needed or too long (field ``comment``).
    """
    minutes = queries.locked_minutes(minutes.id)
    check = queries.check_by(minutes.id, actor.user_id)
    if check is None:
        raise NotFound
    if minutes.state is not MinutesState.CHECKING:
        raise Conflict("確認の受付は終わりました。ページを開き直してください。")
    if revision != minutes.revision:
        raise Conflict(OLD_TEXT)
    comment = clean_text(comment)
    if not approved and not comment:
        raise ProductError("どこをどう直してほしいかを書いてください。", "comment")
    if len(comment) > COMMENT_LENGTH:
        raise ProductError(f"{COMMENT_LENGTH:,}文字までにしてください。", "comment")
    check.answer = CheckAnswer.APPROVED if approved else CheckAnswer.CHANGE_WANTED
    check.comment, check.answered_at = comment, now
    db.session.flush()
    record(_event(MinutesChecked, minutes, actor, now, approved=approved, reason=comment))


def rework(minutes: Minutes, actor: Actor, now: datetime) -> None:
    """Take the minutes back from the check; the speakers will be asked afresh.

    Raises:
        IllegalMove: they are not being checked.
    """
    minutes = queries.locked_minutes(minutes.id)
    minutes.state = MINUTES_STATES.check(minutes.state, MinutesMove.REWORK)
    minutes.checks_until, minutes.updated_at = None, now
    db.session.flush()
    record(_event(MinutesReworked, minutes, actor, now))


def publish(
    meeting: Meeting, minutes: Minutes, visibility: Visibility, actor: Actor, now: datetime
) -> None:
    """Let the text be read by those of ``visibility``.

    Raises:
        IllegalMove: it was not checked, or is published already.
        Conflict: a speaker wants a change, or some have not answered and the day is not over.
    """
    minutes = queries.locked_minutes(minutes.id)
    target = MINUTES_STATES.check(minutes.state, MinutesMove.PUBLISH)
    count = count_checks(check.answer for check in queries.checks_of(minutes.id))
    obstacle = what_keeps_from_publishing(count, minutes.checks_until, today(now))
    if obstacle:
        raise Conflict(obstacle)
    reason, is_correction = minutes.state_reason, minutes.published_revision is not None
    if minutes.revision == minutes.published_revision:  # the correction left the text as it was
        add_version(minutes, minutes.body, actor, now)
    version = queries.version_of(minutes.id, minutes.revision)
    version.published_at, version.note = now, reason[:NOTE_LENGTH] or version.note
    minutes.state, minutes.visibility, minutes.state_reason = target, visibility, ""
    minutes.published_at, minutes.published_revision = now, minutes.revision
    minutes.updated_at = now
    db.session.flush()
    record(
        _event(
            MinutesPublished, minutes, actor, now, reason=reason,
            group_id=meeting.group_id, is_correction=is_correction,
            details={"silent": count.waiting, "visibility": visibility.value},
        )
    )  # fmt: skip


def begin_correction(minutes: Minutes, reason: str, actor: Actor, now: datetime) -> None:
    """Open published minutes for a correction; readers keep the published text until then.

    Raises:
        IllegalMove: they are not published.
        ProductError: the reason is missing or too long (field ``reason``).
    """
    reason = clean_text(reason)
    if len(reason) > REASON_LENGTH:
        raise ProductError(f"{REASON_LENGTH:,}文字までにしてください。", "reason")
    minutes = queries.locked_minutes(minutes.id)
    minutes.state = MINUTES_STATES.check(minutes.state, MinutesMove.CORRECT, reason)
    minutes.state_reason, minutes.checks_until, minutes.updated_at = reason, None, now
    db.session.flush()
    record(_event(MinutesCorrectionBegun, minutes, actor, now, reason=reason))


def _event(
    kind: type[MinutesEvent], minutes: Minutes, actor: Actor, now: datetime, **more: Any
) -> MinutesEvent:
    return kind(actor=actor, now=now, subject_id=minutes.id, meeting_id=minutes.meeting_id, **more)
