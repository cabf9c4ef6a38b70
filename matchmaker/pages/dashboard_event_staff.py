"""Events that a person runs, on the person's own page, and what waits there."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from matchmaker.core.actor import Actor
from matchmaker.pages.dashboard import Waiting
from matchmaker.pages.event_queries import (
    StaffFigures,
    duties_at,
    staff_figures,
    staffed_events,
)
from matchmaker.regional_events.planning.domain import PHASE_LABELS, Duty, Phase, phase_of
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.planning.notices import event_when
from matchmaker.regional_events.planning.policy import (
    EventStanding,
    can_moderate,
    can_plan,
)
from matchmaker.regional_events.planning.presentation import PHASE_KINDS


@dataclass(frozen=True, slots=True)
class StaffedEvent:
    """An event the person works for.

    Args:
        figures: how many are seated, wait and have an offer, in words.
    """

    event: RegionalEvent
    when: str
    phase_label: str
    phase_kind: str
    figures: Sequence[str]


@dataclass(frozen=True, slots=True)
class StaffedEvents:
    """Events the person works for, and what waits for the person there."""

    events: Sequence[StaffedEvent] = ()
    waiting: Sequence[Waiting] = ()


@dataclass(frozen=True, slots=True)
class _Desk:
    actor: Actor
    event: RegionalEvent
    standing: EventStanding
    figures: StaffFigures
    phase: Phase


def events_to_run(actor: Actor, now: datetime) -> StaffedEvents:
    """Load the events the person runs with what waits (at most eight statements)."""
    if actor.user_id is None:
        return StaffedEvents()
    events = staffed_events(actor, now)
    ids = [event.id for event in events]
    figures, duties = staff_figures(ids), duties_at(actor, ids) if ids else {}
    desks = [
        _Desk(actor, event, _standing(duties.get(event.id)), figures, phase_of(event, now))
        for event in events
    ]
    return StaffedEvents(
        events=[_shown(desk) for desk in desks],
        waiting=[found for desk in desks for check in CHECKS if (found := check(desk))],
    )


def _standing(duties: frozenset[Duty] | None) -> EventStanding:
    return EventStanding(duties=duties or frozenset())


def _shown(desk: _Desk) -> StaffedEvent:
    return StaffedEvent(
        desk.event,
        event_when(desk.event),
        PHASE_LABELS[desk.phase],
        PHASE_KINDS[desk.phase],
        _figures(desk.figures, desk.event.id) if can_plan(desk.actor, desk.standing) else (),
    )


def _figures(figures: StaffFigures, event_id: uuid.UUID) -> list[str]:
    waiting, offered = figures.waiting.get(event_id, 0), figures.offered.get(event_id, 0)
    return [
        f"確定{figures.confirmed.get(event_id, 0):,}人",
        f"キャンセル待ち{waiting:,}人" if waiting else "",
        f"返事を待っている席{offered:,}席" if offered else "",
    ]


def _failed_mails(desk: _Desk) -> Waiting | None:
    number = desk.figures.failed_mails.get(desk.event.id, 0)
    if not number or not can_plan(desk.actor, desk.standing):
        return None
    return Waiting(
        f"届かなかったメールを確かめる：{desk.event.name}",
        url_for("event_registrations.index", event_id=desk.event.id),
        f"{number:,}通。参加登録を開くと、理由を読み、宛先を直せます。",
    )


def _questions(desk: _Desk) -> Waiting | None:
    number = desk.figures.questions.get(desk.event.id, 0)
    if not number or not can_moderate(desk.actor, desk.standing):
        return None
    return Waiting(
        f"届いた質問を確かめる：{desk.event.name}",
        url_for("floor_moderation.index", event_id=desk.event.id),
        f"{number:,}件が確認を待っています。",
    )


def _report(desk: _Desk) -> Waiting | None:
    is_due = desk.phase is Phase.HELD and desk.event.id not in desk.figures.told
    if not is_due or not can_plan(desk.actor, desk.standing):
        return None
    return Waiting(
        f"開催報告を書く：{desk.event.name}",
        url_for("event_reports.show", event_id=desk.event.id),
        "イベントは終わりました。報告はまだ公開されていません。",
    )


CHECKS: tuple[Callable[[_Desk], Waiting | None], ...] = (_failed_mails, _questions, _report)
