"""Three proposed dates, one of them agreed; moved and cancelled. Flushes, records, never commits.

The calendar file of an appointment keeps its UID; its sequence grows with each change of a date
that was agreed, so that calendars take the newer version.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.core.formatting import format_moment
from matchmaker.core.text import clean_line, clean_text
from matchmaker.partnering.introductions.matches import queries
from matchmaker.partnering.introductions.matches.domain import (
    APPOINTMENT_STATES,
    MINUTES_LEAST,
    MINUTES_MOST,
    MOST_APPOINTMENTS,
    MOST_DATES,
    PLACE_LENGTH,
    REASON_LENGTH,
    TITLE_LENGTH,
    AppointmentMove,
    AppointmentState,
    is_over,
    moment_problem,
)
from matchmaker.partnering.introductions.matches.events import AppointmentChanged
from matchmaker.partnering.introductions.matches.models import Appointment, Match, ProposedDate
from matchmaker.partnering.introductions.matches.policy import side_of
from matchmaker.partnering.introductions.matches.saving import (
    refuse_unless_talking,
    set_if,
    write_entry,
)

ONE_AT_A_TIME = (
    "候補の日がすでに出ています。話し合いのページで、その中から決めるか、別の候補を出してください。"
)
REPLACED = "新しい候補の日を出したため"
ENDED = "この打合せは終わっています。"
SOMEBODY_ELSE = "ほかの人が先に操作しました。いまの内容を確かめてください。"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Dates proposed for a talk.

    Args:
        title: what is talked about.
        place: where, or how (telephone, online).
        minutes: how long.
        dates: up to three beginnings.
        replaces: the appointment whose dates were read and suit nobody.
    """

    title: str
    place: str
    minutes: int | None
    dates: Sequence[datetime]
    replaces: uuid.UUID | None = None


def propose(match: Match, data: Proposal, actor: Actor, now: datetime) -> Appointment:
    """Propose up to three dates, instead of those that stand or are over.

    Raises:
        Conflict: other dates wait for an answer than those that were read, or the talks are over.
        ProductError: something is missing, too long or in the past; with its field.
    """
    refuse_unless_talking(match)
    title, place, minutes = _checked(data)
    dates = _checked_dates(data.dates, now)
    earlier = queries.appointments_of(match.id)
    if len(earlier) >= MOST_APPOINTMENTS:
        raise ProductError(f"打合せは{MOST_APPOINTMENTS}件までです。")
    for each in earlier:
        if each.state is AppointmentState.PROPOSED:
            _replace(match, each, data.replaces, actor, now)
    appointment = Appointment(
        id=new_id(), match_id=match.id, title=title, place=place, minutes=minutes,
        side=side_of(actor, match.introduction), proposer_name=actor.name,
        created_at=now, updated_at=now, dates=_rows(dates),
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(appointment)
    except IntegrityError:
        raise Conflict(ONE_AT_A_TIME) from None
    listed = "、".join(format_moment(at) for at in dates)
    _tell(match, appointment, f"打合せ「{title}」の候補の日を出しました：{listed}", actor, now)
    return appointment


def _replace(
    match: Match, standing: Appointment, read_id: uuid.UUID | None, actor: Actor, now: datetime
) -> None:
    """Make room for new dates. Those that nobody read are left standing, unless all are over."""
    if standing.id != read_id and any(each.starts_at > now for each in standing.dates):
        raise Conflict(ONE_AT_A_TIME)
    _cancel(match, standing, REPLACED, actor, now, is_told=False)


def _rows(dates: Sequence[datetime]) -> list[ProposedDate]:
    return [
        ProposedDate(id=new_id(), position=position, starts_at=at)
        for position, at in enumerate(dates, start=1)
    ]


def agree(
    match: Match, appointment: Appointment, date_id: uuid.UUID, actor: Actor, now: datetime
) -> None:
    """Agree to one of the dates. Of two people who agree to different ones at once one wins.

    Raises:
        Conflict: a date was agreed or the appointment cancelled meanwhile; it says which.
        NotFound: the date is none of this appointment.
        ProductError: the date is over, or it is the own side's proposal.
    """
    refuse_unless_talking(match)
    if appointment.state is AppointmentState.AGREED:
        raise Conflict(_already(appointment))
    target = APPOINTMENT_STATES.check(appointment.state, AppointmentMove.AGREE)
    chosen = next((each for each in appointment.dates if each.id == date_id), None)
    if chosen is None:
        raise NotFound
    own = side_of(actor, match.introduction)
    if own is not None and own is appointment.side:
        raise ProductError("自分の側が出した候補です。相手が選ぶのをお待ちください。")
    if chosen.starts_at <= now:
        raise ProductError("この候補の日時は過ぎています。ほかの日を選んでください。")
    values = {"state": target, "starts_at": chosen.starts_at, "sequence": 0, "updated_at": now}
    _set(appointment, values)
    text = f"打合せ「{appointment.title}」を{format_moment(chosen.starts_at)}に決めました。"
    _tell(match, appointment, text, actor, now)


def shift(
    match: Match, appointment: Appointment, starts_at: datetime | None, expected: int,
    actor: Actor, now: datetime,
) -> None:  # fmt: skip
    """Move an agreed appointment to another date; calendars follow.

    Raises:
        Conflict: somebody else was faster, or nothing was agreed.
        ProductError: the date is missing or in the past (field ``starts_at``), or the appointment
            is over.
    """
    refuse_unless_talking(match)
    target = APPOINTMENT_STATES.check(appointment.state, AppointmentMove.SHIFT)
    refuse_over(appointment, now)
    problem = moment_problem(starts_at, now)
    if problem or starts_at is None:
        raise ProductError(problem or "", "starts_at")
    if starts_at == appointment.starts_at:
        raise ProductError("いまと同じ日時です。", "starts_at")
    _refuse_old(appointment, expected)
    before = format_moment(appointment.starts_at)
    values = {
        "state": target, "starts_at": starts_at, "sequence": appointment.sequence + 1,
        "updated_at": now,
    }  # fmt: skip
    _set(appointment, values)
    text = f"打合せ「{appointment.title}」を{before}から{format_moment(starts_at)}に変えました。"
    _tell(match, appointment, text, actor, now)


def cancel(
    match: Match, appointment: Appointment, reason: str, expected: int, actor: Actor, now: datetime
) -> None:
    """Cancel dates that were proposed or agreed; calendars follow.

    Raises:
        Conflict: somebody else was faster.
        ProductError: the reason is missing or too long (field ``reason``), or it is over.
    """
    refuse_unless_talking(match)
    refuse_over(appointment, now)
    reason = clean_text(reason)
    if not reason:
        raise ProductError("中止する理由を入れてください。", "reason")
    if len(reason) > REASON_LENGTH:
        raise ProductError(f"{REASON_LENGTH:,}文字以内で入れてください。", "reason")
    _refuse_old(appointment, expected)
    _cancel(match, appointment, reason, actor, now)


def cancel_all(match: Match, reason: str, actor: Actor, now: datetime) -> None:
    """Cancel whatever is proposed or still to come: the talks are over."""
    for appointment in queries.appointments_of(match.id):
        if appointment.state is AppointmentState.CANCELLED:
            continue
        if appointment.starts_at is None or appointment.starts_at > now:
            _cancel(match, appointment, reason, actor, now)


def refuse_over(appointment: Appointment, now: datetime) -> None:
    """What is over stays as it was; another talk has dates of its own.

    Raises:
        ProductError: the appointment has begun and its time has run out.
    """
    if is_over(appointment.starts_at, appointment.minutes, now):
        raise ProductError(f"{ENDED}次の打合せは「候補の日を出す」から決めてください。")


def _cancel(
    match: Match, appointment: Appointment, reason: str, actor: Actor, now: datetime,
    *, is_told: bool = True,
) -> None:  # fmt: skip
    target = APPOINTMENT_STATES.check(appointment.state, AppointmentMove.CANCEL)
    values = {
        "state": target, "reason": reason, "sequence": appointment.sequence + 1, "updated_at": now,
    }  # fmt: skip
    _set(appointment, values)
    what = "を中止しました" if is_told else "の前の候補を取り下げました"
    text = f"打合せ「{appointment.title}」{what}。理由：{reason}"
    _tell(match, appointment, text, actor, now, is_told=is_told)


def _refuse_old(appointment: Appointment, expected: int) -> None:
    if appointment.revision != expected:
        raise Conflict(SOMEBODY_ELSE)


def _set(appointment: Appointment, values: dict[str, Any]) -> None:
    """Change the row as it was read; whoever came second is told what stands now."""
    try:
        set_if(appointment, appointment.revision, values, SOMEBODY_ELSE)
    except Conflict:
        db.session.refresh(appointment, attribute_names=["state", "starts_at", "revision"])
        if appointment.state is AppointmentState.AGREED:
            raise Conflict(_already(appointment)) from None
        raise


def _already(appointment: Appointment) -> str:
    return f"ほかの人が先に{format_moment(appointment.starts_at)}に決めました。"


def _checked(data: Proposal) -> tuple[str, str, int]:
    title, place = clean_line(data.title), clean_line(data.place)
    if not title:
        raise ProductError("何の打合せかを入れてください。", "title")
    for field, text, most in (("title", title, TITLE_LENGTH), ("place", place, PLACE_LENGTH)):
        if len(text) > most:
            raise ProductError(f"{most}文字以内で入れてください。", field)
    if data.minutes is None or not MINUTES_LEAST <= data.minutes <= MINUTES_MOST:
        raise ProductError(
            f"時間は{MINUTES_LEAST}分から{MINUTES_MOST}分までの数で入れてください。", "minutes"
        )
    return title, place, data.minutes


def _checked_dates(dates: Sequence[datetime], now: datetime) -> list[datetime]:
    if not dates:
        raise ProductError("候補の日時を1つ以上入れてください。", "date_1")
    if len(dates) > MOST_DATES:
        raise ProductError(f"候補の日時は{MOST_DATES}つまでです。", "date_1")
    for number, at in enumerate(dates, start=1):
        if problem := moment_problem(at, now):
            raise ProductError(problem, f"date_{number}")
        if at in dates[: number - 1]:
            raise ProductError("同じ日時が2回入っています。", f"date_{number}")
    return sorted(dates)


def _tell(
    match: Match, appointment: Appointment, text: str, actor: Actor, now: datetime,
    *, is_told: bool = True,
) -> None:  # fmt: skip
    """Write it into the thread and record it; the event's mail carries the calendar file."""
    write_entry(match, text, actor, now, is_notice=True)
    record(
        AppointmentChanged(
            actor=actor, now=now, subject_id=match.id, reason=appointment.reason,
            details={"state": appointment.state.value, "title": appointment.title},
            appointment_id=appointment.id, sequence=appointment.sequence, is_told=is_told,
        )
    )  # fmt: skip
