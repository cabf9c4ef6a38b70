"""Commands on events: begin, change, move, copy. They flush, record, never commit."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update

from matchmaker.core.actor import Actor
from matchmaker.core.clock import JST
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.regional_events.planning import notices, queries
from matchmaker.regional_events.planning.content import EventData, InvalidEvent, event_errors
from matchmaker.regional_events.planning.domain import (
    EVENT_STATES,
    EventMove,
    EventState,
    Phase,
    TrackKind,
    phase_of,
)
from matchmaker.regional_events.planning.events import (
    Change,
    EventChanged,
    EventCopied,
    EventCreated,
    EventMoved,
)
from matchmaker.regional_events.planning.extensions import copiers, refusal_of
from matchmaker.regional_events.planning.models import (
    EventOrganizer,
    RegionalEvent,
    SeatReserve,
    Track,
    TrackQuota,
)
from matchmaker.regional_events.planning.saving import (
    CALENDAR_FIELDS,
    changed_fields,
    new_event,
    store,
)

REASON_LENGTH = 1000
CHANGED_BY_OTHERS = (
    "あなたが開いているあいだに、ほかの人がこのイベントを変えました。"
    "入力した内容は残っています。イベントのページで違いを確かめてから、もう一度保存してください。"
)
KNOWN_STATES = frozenset({EventState.PUBLISHED, EventState.POSTPONED})
TOLD_MOVES = (EventMove.POSTPONE, EventMove.RESUME, EventMove.CANCEL, EventMove.REVIVE)
COPIED_FIELDS = (
    "kind", "name", "summary", "description", "audience", "venue", "address", "prefecture",
    "latitude", "longitude", "access_note", "online_policy", "contact_name", "contact_email",
    "hold_hours", "waiting_rule", "guest_retention_days", "questions", "series_id", "is_demo",
)  # fmt: skip
NO_VENUE = "会場で参加する方法があります。会場を入れてください。"
COPIED_TRACK_FIELDS = (
    "position", "kind", "name", "room", "seating", "capacity", "overbooking_rate",
    "per_organization_limit", "first_seats", "questions",
)  # fmt: skip
PLACEHOLDER_AHEAD = timedelta(days=364)
"""A copied event has no date yet; until one is given it is kept out of the way, on the same
weekday within a year."""


def create_event(data: EventData, actor: Actor, now: datetime) -> RegionalEvent:
    """Begin an event as a draft that only its staff sees.

    Args:
        data: what the organiser said.
        actor: who does it.
        now: the present moment.

    Raises:
        InvalidEvent: something cannot be; with a message for each field.
    """
    _require_valid(data)
    event = new_event(now)
    store(event, data, now)
    db.session.add(event)
    db.session.flush()
    details = {"name": event.name, "starts_at": event.starts_at.isoformat()}
    record(EventCreated(actor=actor, now=now, subject_id=event.id, details=details))
    return queries.get_event(event.id)


def update_event(
    event: RegionalEvent,
    data: EventData,
    actor: Actor,
    now: datetime,
    *,
    expected_revision: int | None = None,
) -> tuple[Change, ...]:
    """Change an event. Those who take part are told when time or place changed.

    Args:
        event: as :func:`queries.get_event` gives it.
        data: what holds from now on.
        expected_revision: the revision the organiser saw; None for the present one.

    Returns:
        The changes that matter to those who take part.

    Raises:
        InvalidEvent: something cannot be; with a message for each field.
        Conflict: somebody changed it since, or it is cancelled or put away.
    """
    if expected_revision is not None and expected_revision != event.revision:
        raise Conflict(CHANGED_BY_OTHERS)
    _require_changeable(event)
    _require_valid(data)
    _require_still_public(event, data)
    told, old_tellable = changes_of(event, data), event.state in KNOWN_STATES
    changed = changed_fields(event, data)
    if not changed:
        return ()
    _claim(event)
    moved_by = moved_as_a_whole(event, data.starts_at, data.ends_at)
    store(event, data, now)
    if any(name in CALENDAR_FIELDS for name in changed):
        event.calendar_sequence += 1
    db.session.flush()
    record(
        EventChanged(
            actor=actor, now=now, subject_id=event.id, told=told, is_public=old_tellable,
            moved_by=moved_by,
            details={"fields": changed, "changes": [[c.label, c.old, c.new] for c in told]},
        )
    )  # fmt: skip
    return told


def move_event(
    event: RegionalEvent,
    move: EventMove,
    reason: str,
    actor: Actor,
    now: datetime,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> None:
    """One step in the life of an event. Whoever takes part is told once, by the consequences.

    Args:
        event: as :func:`queries.get_event` gives it.
        move: the step.
        reason: words for it; those who take part read them.
        starts_at: new date, when a postponed event is resumed.
        ends_at: its end.

    Raises:
        IllegalMove: the state does not allow it, or somebody was quicker.
        ProductError: something is missing (a reason, a date, a place), or a later part refuses.
    """
    target, old_state = EVENT_STATES.check(event.state, move, reason), event.state
    _require_ready(event, move, now)
    if words := refusal_of(event.id, move):
        raise ProductError(words)
    _claim(event)
    old_start = event.starts_at
    told = _new_dates(event, starts_at, ends_at, now) if move is EventMove.RESUME else ()
    event.state, event.updated_at = target, now
    event.state_reason = reason.strip()[:REASON_LENGTH]
    if move is EventMove.PUBLISH:
        event.published_at = event.published_at or now
    if move in TOLD_MOVES:
        event.calendar_sequence += 1
    db.session.flush()
    record(
        EventMoved(
            actor=actor, now=now, subject_id=event.id, reason=event.state_reason, move=move,
            old_state=old_state, told=told, moved_by=event.starts_at - old_start,
            details={"move": str(move), "state": str(target)},
        )
    )  # fmt: skip


def copy_event(event: RegionalEvent, actor: Actor, now: datetime) -> RegionalEvent:
    """Begin a new draft with the content of ``event``: texts, place, tracks, questions, organisers.

    Dates, ways into the online part, moments of waves, surveys, registrations, people and states
    are left out; the date has to be given before the copy can be published.

    Args:
        event: as :func:`queries.get_event` gives it.

    Returns:
        The draft, as :func:`queries.get_event` gives it.
    """
    copy = new_event(now)
    for name in COPIED_FIELDS:
        setattr(copy, name, getattr(event, name))
    copy.starts_at, copy.ends_at = placeholder_times(event, now)
    copy.times_known = False
    copy.copied_from_id = event.id
    copy.organizers = [
        EventOrganizer(
            organization_id=each.organization_id, name=each.name, role=each.role,
            position=each.position,
        )
        for each in event.organizers
    ]  # fmt: skip
    copy.tracks = [_copied_track(track) for track in event.tracks]
    db.session.add(copy)
    db.session.flush()
    _count_together_as(event, copy)
    for copier in copiers():
        copier(event, copy, actor, now)
    details = {"name": copy.name, "copied_from_id": str(event.id)}
    record(EventCopied(actor=actor, now=now, subject_id=copy.id, details=details))
    return queries.get_event(copy.id)


def placeholder_times(event: RegionalEvent, now: datetime) -> tuple[datetime, datetime]:
    """Times that hold the place of those a copy has yet to be given: the same time of day, ahead
    of ``now``, as long as the original."""
    begin = event.starts_at.astimezone(JST)
    ahead = (now + PLACEHOLDER_AHEAD).astimezone(JST)
    starts_at = begin.replace(year=ahead.year, month=ahead.month, day=ahead.day)
    return starts_at, starts_at + (event.ends_at - event.starts_at)


def publishing_problems(event: RegionalEvent, now: datetime) -> list[str]:
    """What has to be there before others may read of an event (tracks loaded)."""
    kinds = {track.kind for track in event.tracks}
    has_online = notices.has_online(event)
    checks = (
        (not event.times_known, "日時を入れてください。"),
        (event.ends_at <= now, "日時がもう過ぎています。新しい日時を入れてください。"),
        (not (event.venue or has_online), "会場か、オンラインについての案内を入れてください。"),
        (TrackKind.ON_SITE in kinds and not event.venue, NO_VENUE),
        (event.opens_at is not None and not event.tracks, "参加方法を、1つ以上つくってください。"),
        (not event.contact_email, "問い合わせ先のメールアドレスを入れてください。"),
    )  # fmt: skip
    return [words for is_missing, words in checks if is_missing]


def moved_as_a_whole(event: RegionalEvent, starts_at: datetime, ends_at: datetime) -> timedelta:
    """By how much the event moves; zero when it only gets longer or shorter, since nobody can say
    which part of its programme that concerns."""
    ahead = starts_at - event.starts_at
    return ahead if ahead == ends_at - event.ends_at else timedelta(0)


def changes_of(event: RegionalEvent, data: EventData) -> tuple[Change, ...]:
    """What those who take part have to know, old and new in words. The way in is not written."""
    rows = [
        ("名前", event.name, data.name),
        ("日時", notices.event_when(event), _when_of(data)),
        ("会場", event.venue, data.venue),
        ("住所", event.address, data.address),
        ("オンラインについて", event.online_policy, data.online_policy),
    ]
    changes = [Change(label=label, old=old, new=new) for label, old, new in rows if old != new]
    if event.online_url != data.online_url:
        changes.append(Change(label="オンラインの入口", old="", new="変わりました"))
    return tuple(changes)


def _when_of(data: EventData) -> str:
    text = notices.when_text(data.starts_at, data.ends_at, times_known=data.times_known)
    return f"{text}（{data.time_note}）" if data.time_note else text


def _require_valid(data: EventData) -> None:
    errors = event_errors(data)
    if errors:
        raise InvalidEvent(errors)


def _require_changeable(event: RegionalEvent) -> None:
    if event.state is EventState.CANCELLED:
        raise Conflict("中止したイベントは変えられません。先に、中止を取り消してください。")
    if event.state is EventState.ARCHIVED:
        raise Conflict("保管したイベントは変えられません。先に、保管を取り消してください。")


def _require_still_public(event: RegionalEvent, data: EventData) -> None:
    """What an event needed to be published it keeps."""
    if event.state not in KNOWN_STATES:
        return
    errors = {}
    if event.key is None and not data.contact_email:
        errors["contact_email"] = "公開中のイベントには、問い合わせ先が要ります。"
    if data.opens_at not in (None, event.opens_at) and not event.tracks:
        errors["opens_at"] = "受付を始める前に、参加方法を1つ以上つくってください。"
    if errors:
        raise InvalidEvent(errors)


def _require_ready(event: RegionalEvent, move: EventMove, now: datetime) -> None:
    if move is EventMove.PUBLISH and (problems := publishing_problems(event, now)):
        raise ProductError("まだ公開できません。" + "".join(problems))
    if move is EventMove.ARCHIVE and phase_of(event, now) is not Phase.HELD:
        raise ProductError("まだ終わっていません。終わったあとに保管できます。")
    if move in (EventMove.POSTPONE, EventMove.CANCEL) and phase_of(event, now) is Phase.HELD:
        raise ProductError("もう終わったイベントです。")


def _new_dates(
    event: RegionalEvent, starts_at: datetime | None, ends_at: datetime | None, now: datetime
) -> tuple[Change, ...]:
    """Give a postponed event its new date; the end of registration is left out where it is past."""
    if starts_at is None or ends_at is None:
        raise ProductError("新しい日時を入れてください。", "starts_at")
    if starts_at <= now:
        raise ProductError("新しい日時は、これからの日時にしてください。", "starts_at")
    if ends_at <= starts_at:
        raise ProductError("終わりは、始まりより後にしてください。", "ends_at")
    old = notices.event_when(event)
    event.starts_at, event.ends_at, event.times_known = starts_at, ends_at, True
    event.time_note = ""
    if event.closes_at is not None and not now < event.closes_at <= ends_at:
        event.closes_at = None
    if event.change_until is not None and not now < event.change_until <= starts_at:
        event.change_until = None
    return (Change(label="日時", old=old, new=notices.when_text(starts_at, ends_at)),)


def _claim(event: RegionalEvent) -> None:
    """Let one of two who change the event at once go on: the revision is counted up by whoever
    comes first, in the database."""
    statement = (
        update(RegionalEvent)
        .where(RegionalEvent.id == event.id, RegionalEvent.revision == event.revision)
        .values(revision=RegionalEvent.revision + 1)
        .execution_options(synchronize_session=False)
    )
    result = db.session.execute(statement)
    if result.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(CHANGED_BY_OTHERS)
    db.session.refresh(event, ["revision"])


def _count_together_as(event: RegionalEvent, copy: RegionalEvent) -> None:
    """Let tracks of the copy count organisations together as their originals do."""
    twins = {track.id: twin for track, twin in zip(event.tracks, copy.tracks, strict=True)}
    for track in event.tracks:
        if track.limit_track_id is not None:
            twins[track.id].limit_track_id = twins[track.limit_track_id].id


def _copied_track(track: Track) -> Track:
    copy = Track(**{name: getattr(track, name) for name in COPIED_TRACK_FIELDS})
    copy.quotas = [TrackQuota(category=each.category, seats=each.seats) for each in track.quotas]
    copy.reserves = [
        SeatReserve(kind=each.kind, seats=each.seats, position=each.position)
        for each in track.reserves
    ]
    copy.waves = []
    return copy
