"""Commands on matches: thread, contacts, next step, end. They flush, record, never commit."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.db import db, new_id
from matchmaker.core.errors import ProductError
from matchmaker.core.formatting import format_date
from matchmaker.core.text import clean_line, clean_text
from matchmaker.partnering.introductions.domain import REASON_LABELS, ReasonCode, Side
from matchmaker.partnering.introductions.matches import appointments, queries
from matchmaker.partnering.introductions.matches.domain import (
    FURTHEST,
    MATCH_STATES,
    MESSAGE_LENGTH,
    REASON_LENGTH,
    STEP_LENGTH,
    MatchMove,
    MatchState,
)
from matchmaker.partnering.introductions.matches.models import Match, MatchMessage, MatchPerson
from matchmaker.partnering.introductions.matches.policy import side_of
from matchmaker.partnering.introductions.matches.saving import (
    CHANGED_MEANWHILE,
    record_change,
    refuse_unless_talking,
    set_if,
    tell_change,
    write_entry,
)
from matchmaker.partnering.introductions.queries import parties_of

LEFT_WHEN_ENDED = "話し合いを終えたため"
GONE = "このサービスへの参加を終えた団体があるため、再開できません。"


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to be done next.

    Args:
        text: in words.
        due_on: until when.
        side: which side does it.
        owner_id: the person, one of the contacts; None for the whole side.
    """

    text: str
    due_on: date | None
    side: Side | None
    owner_id: uuid.UUID | None = None


def post_message(match: Match, text: str, key: str, actor: Actor, now: datetime) -> MatchMessage:
    """Write into the thread; the same form sent twice writes once.

    Args:
        key: of the form.

    Raises:
        Conflict: the talks are over.
        ProductError: there is no text, or too much (field ``text``).
    """
    earlier = queries.message_with_key(match.id, key) if key else None
    if earlier is not None:
        return earlier
    refuse_unless_talking(match)
    text = _checked(text, MESSAGE_LENGTH, "text", "メッセージを入れてください。")
    entry = write_entry(match, text, actor, now, is_notice=False, key=key)
    record_change(match, entry, actor, now, what="message")
    return entry


def join(match: Match, actor: Actor, now: datetime) -> None:
    """Stand as a contact of one's side; doing it twice changes nothing.

    The other side is told: who takes over from a colleague is the one to talk to from now on.
    """
    refuse_unless_talking(match)
    side = side_of(actor, match.introduction)
    if side is None or actor.user_id is None or queries.person_of(match.id, actor.user_id):
        return
    db.session.add(
        MatchPerson(id=new_id(), match_id=match.id, user_id=actor.user_id, side=side, at=now)
    )
    text = f"{actor.name}さんが連絡先に加わりました。"
    tell_change(match, text, actor, now, what="joined")


def leave(match: Match, actor: Actor, now: datetime) -> None:
    """Stand as a contact no longer."""
    person = queries.person_of(match.id, actor.user_id) if actor.user_id else None
    if person is None:
        return
    db.session.delete(person)
    text = f"{actor.name}さんが連絡先から外れました。"
    tell_change(match, text, actor, now, is_told=False, what="left")


def set_next_step(match: Match, step: NextStep, expected: int, actor: Actor, now: datetime) -> None:
    """Agree on what is done next, until when and by whom.

    Args:
        expected: revision of the match that the form was filled from.

    Raises:
        Conflict: somebody else changed it meanwhile, or the talks are over.
        ProductError: something is missing or lies in the past; with its field.
    """
    refuse_unless_talking(match)
    text = _checked(
        clean_line(step.text), STEP_LENGTH, "next_step", "次にすることを入れてください。"
    )
    due_on = _checked_day(step.due_on, today(now))
    if step.side is None:
        raise ProductError("だれが進めるかを選んでください。", "owner")
    values = {
        "next_step": text, "next_due_on": due_on, "next_side": step.side,
        "next_owner_id": step.owner_id, "next_count": match.next_count + 1,
    }  # fmt: skip
    set_if(match, expected, values, CHANGED_MEANWHILE)
    told = f"次にすることを「{text}」（{format_date(due_on)}まで）に決めました。"
    tell_change(match, told, actor, now, what="next_step", due_on=due_on.isoformat())


def finish_next_step(match: Match, expected: int, actor: Actor, now: datetime) -> None:
    """The next step is done; its place is free again.

    Raises:
        Conflict: somebody else changed it meanwhile, or the talks are over.
    """
    refuse_unless_talking(match)
    done = match.next_step
    if not done:
        return
    values = {
        "next_step": "", "next_due_on": None, "next_side": None, "next_owner_id": None,
        "next_count": match.next_count + 1,
    }  # fmt: skip
    set_if(match, expected, values, CHANGED_MEANWHILE)
    tell_change(match, f"「{done}」が済みました。", actor, now, what="next_step_done")


def end(
    match: Match, code: ReasonCode | None, reason: str, expected: int, actor: Actor, now: datetime
) -> None:
    """End the talks with a reason; dates that were agreed are cancelled, contacts close.

    Raises:
        Conflict: somebody else was faster, or they are over already.
        ProductError: the reason is missing (field ``reason_code`` or ``reason``).
    """
    target = MATCH_STATES.check(match.state, MatchMove.END)
    if code is None:
        raise ProductError("終える理由を選んでください。", "reason_code")
    reason = clean_text(reason)
    if code is ReasonCode.OTHER and not reason:
        raise ProductError("「その他」のときは、理由をことばで入れてください。", "reason")
    if len(reason) > REASON_LENGTH:
        raise ProductError(f"{REASON_LENGTH:,}文字以内で入れてください。", "reason")
    appointments.cancel_all(match, LEFT_WHEN_ENDED, actor, now)
    values = {"state": target, "reason_code": code, "reason": reason, "ended_at": now}
    set_if(match, expected, values, CHANGED_MEANWHILE)
    words = f"（{reason}）" if reason else ""
    text = f"話し合いを終えました。理由：{REASON_LABELS[code]}{words}"
    tell_change(match, text, actor, now, what="ended", state=target.value, reason_code=code.value)


def resume(match: Match, expected: int, actor: Actor, now: datetime) -> None:
    """Take the talks up again; contacts open again.

    Raises:
        Conflict: somebody else was faster, or they are not over.
        ProductError: one of the two organisations left.
    """
    target = MATCH_STATES.check(match.state, MatchMove.RESUME)
    if not all(parties_of(match.introduction)[2:]):
        raise ProductError(GONE)
    values = {"state": target, "reason_code": None, "reason": "", "ended_at": None}
    set_if(match, expected, values, CHANGED_MEANWHILE)
    tell_change(
        match, "話し合いを再開しました。", actor, now, what="resumed",
        state=MatchState.TALKING.value,
    )  # fmt: skip


def note_consortium(match_id: uuid.UUID, name: str, actor: Actor, now: datetime) -> None:
    """Note that a consortium goes on from the match; the secretariat no longer waits for the talks.

    Args:
        name: of the consortium.
    """
    match = queries.get(match_id)
    match.joined_at = now
    text = f"座組「{name}」をつくりました。"
    tell_change(match, text, actor, now, is_told=False, what="consortium-founded")


def _checked(text: str, most: int, field: str, missing: str) -> str:
    text = clean_text(text)
    if not text:
        raise ProductError(missing, field)
    if len(text) > most:
        raise ProductError(f"{most:,}文字以内で入れてください。", field)
    return text


def _checked_day(day: date | None, of_today: date) -> date:
    if day is None:
        raise ProductError("いつまでにするかを入れてください。", "due_on")
    if day < of_today:
        raise ProductError("過ぎた日付です。きょう以降の日付を入れてください。", "due_on")
    if day > of_today + FURTHEST:
        raise ProductError("1年より先の日付です。1年以内の日付を入れてください。", "due_on")
    return day
