"""What the pages of the matching tables show, in words."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matchmaker.core.formatting import format_moment
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.tables import queries
from matchmaker.regional_events.tables.domain import (
    CAUSE_LABELS,
    VERDICT_LABELS,
    OutcomeVerdict,
    VersionState,
    WishKind,
    slots_of,
)
from matchmaker.regional_events.tables.forms import SwapForm
from matchmaker.regional_events.tables.models import (
    MeetingOutcome,
    TableGuest,
    TablePlan,
    TableVersion,
)
from matchmaker.regional_events.tables.timetables import Sitting, VersionView, organization_of
from matchmaker.regional_events.tables.versions import settings_of

SHORTFALL_WORDS: Mapping[str, str] = {
    "no_posts": "ニーズ・シーズを選んでいません。",
    "no_counterpart": "合いそうな相手が、参加する人の中にいません。",
    "one_counterpart": "合いそうな相手が、1人だけです。",
    "refusals": "合いそうな相手とは、同じテーブルにしないよう頼まれています。",
    "no_seat": "席か回数が足りません。テーブルか回数を増やすと、入れることがあります。",
    "few_slots": "残りの回数が、2回より少なくなっています。",
}
STATE_WORDS = {
    VersionState.WANTED: ("作っています", "wait"),
    VersionState.READY: ("まだ知らせていません", "draft"),
    VersionState.FAILED: ("作れませんでした", "error"),
}
USUAL = {"slot_minutes": "20", "break_minutes": "5", "slots": "4", "tables": "10", "seats": "6"}


def usual_settings(event: RegionalEvent) -> dict[str, Any]:
    """What the form of a new plan begins with."""
    return {**USUAL, "first_starts_at": event.starts_at}


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in the list."""

    version: TableVersion
    cause: str
    state: str
    kind: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the tables of an event stand."""

    takes_part: int
    declined: int
    unanswered: int
    times: Sequence[Sitting]
    versions: Sequence[VersionRow]
    in_force: TableVersion | None
    is_busy: bool
    has_base: bool
    is_over: bool


def desk(plan: TablePlan, now: datetime) -> Desk:
    """The desk of the staff."""
    people = people_rows(plan)
    answers = Counter(row.state for row in people)
    slots = slots_of(settings_of(plan))
    rows = version_rows(plan)
    return Desk(
        answers["参加する"], answers["参加しない"], answers["未回答"],
        [Sitting(slot, 0) for slot in slots], rows,
        queries.version_in_force(plan.id),
        any(row.version.state is VersionState.WANTED for row in rows),
        any(row.version.state is VersionState.READY for row in rows),
        slots[-1].starts_at <= now,
    )  # fmt: skip


def version_rows(plan: TablePlan) -> list[VersionRow]:
    """The versions of a plan in words, newest first."""
    in_force = queries.version_in_force(plan.id)
    rows = []
    for version in queries.versions_of(plan.id):
        state, kind = STATE_WORDS[version.state]
        if version.release is not None:
            state, kind = ("前に知らせた版", "closed")
        if in_force is not None and version.id == in_force.id:
            state, kind = ("いまの座席表", "open")
        rows.append(VersionRow(version, CAUSE_LABELS[version.cause], state, kind))
    return rows


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person with a place on site and what they answered."""

    attendee: Attendee
    organization: str
    state: str
    kind: str
    posts: int
    meet: Sequence[str] = ()
    avoid: Sequence[str] = ()
    is_secretariat: bool = False


def people_rows(plan: TablePlan) -> list[PersonRow]:
    """Everybody who can sit at a table; wishes are for the staff only."""
    guests = {guest.attendee_id: guest for guest in queries.guests_of(plan.id)}
    return [
        _person_row(attendee, guests.get(attendee.id))
        for attendee in queries.on_site_attendees(plan.event_id)
    ]


def _person_row(attendee: Attendee, guest: TableGuest | None) -> PersonRow:
    organization = organization_of(attendee)
    if guest is None:
        return PersonRow(attendee, organization, "未回答", "draft", 0)
    state, kind = ("参加する", "open") if guest.is_taking_part else ("参加しない", "closed")
    return PersonRow(
        attendee, organization, state, kind, len(guest.posts),
        _wished(guest, WishKind.MEET), _wished(guest, WishKind.AVOID), guest.is_secretariat,
    )  # fmt: skip


def _wished(guest: TableGuest, kind: WishKind) -> list[str]:
    return [wish.organization.name for wish in guest.wishes if wish.kind is kind]


def person_title(guest: TableGuest) -> str:
    """Name and organisation."""
    return f"{guest.attendee.name}さん（{organization_of(guest.attendee)}）"


@dataclass(frozen=True, slots=True)
class TableRow:
    """A person at a table, for the staff."""

    guest: TableGuest
    organization: str


@dataclass(frozen=True, slots=True)
class SlotView:
    """The tables of one slot."""

    title: str
    number: int
    tables: Sequence[tuple[int, Sequence[TableRow]]]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Somebody with fewer than two meetings, and why."""

    guest: TableGuest
    organization: str
    meetings: int
    words: str


@dataclass(frozen=True, slots=True)
class VersionPage:
    """What is shown of one version."""

    row: VersionRow
    slots: Sequence[SlotView]
    shortfalls: Sequence[Shortfall]
    people: Sequence[tuple[TableGuest, str, int]]
    figures: Mapping[str, Any]
    told: int
    may_release: bool
    may_restore: bool


def version_page(plan: TablePlan, version: TableVersion, now: datetime) -> VersionPage:
    """One version that is done."""
    view, rows = VersionView(version), version_rows(plan)
    in_force = queries.version_in_force(plan.id)
    before = VersionView(in_force) if in_force is not None and in_force.id != version.id else None
    newest = in_force is None or version.number > in_force.number
    seated = {guest_id for _slot, guest_id in view.table_of}
    return VersionPage(
        next(row for row in rows if row.version.id == version.id),
        [_slot_view(view, sitting, now) for sitting in (Sitting(s, 0) for s in view.slots)],
        _shortfalls(view),
        [(view.guests[key], organization_of(view.guests[key].attendee), view.met(key))
         for key in view.guests if key in seated],
        version.figures,
        told=_told(before, view),
        may_release=version.release is None and newest,
        may_restore=not newest and (in_force is None or version.id != in_force.id),
    )  # fmt: skip


def _slot_view(view: VersionView, sitting: Sitting, now: datetime) -> SlotView:
    number = sitting.slot.number
    tables = [
        (table, [TableRow(guest, organization_of(guest.attendee)) for guest in people])
        for table, people in view.tables_of(number)
    ]
    title = f"{number}回目　{sitting.when}"
    return SlotView(title, number, tables, sitting.slot.starts_at > now)


def _shortfalls(view: VersionView) -> list[Shortfall]:
    found = []
    for key, reason in view.version.shortfalls.items():
        guest = view.guests.get(uuid.UUID(key))
        if guest is not None:
            words = SHORTFALL_WORDS.get(reason, "")
            organization = organization_of(guest.attendee)
            found.append(Shortfall(guest, organization, view.met(guest.id), words))
    return sorted(found, key=lambda each: (each.meetings, each.organization))


def _told(before: VersionView | None, after: VersionView) -> int:
    """How many people would be told when this version is released."""
    if before is None:
        return sum(guest.is_taking_part for guest in after.guests.values())
    return sum(before.places(key) != after.places(key) for key in after.guests)


def progress(version: TableVersion, url: str) -> dict[str, Any]:
    """How far a version has come, as the progress component reads it."""
    words = {
        VersionState.WANTED: "座席表を作っています。1分ほどでできあがります。",
        VersionState.READY: "できあがりました。",
        VersionState.FAILED: "座席表を作れませんでした。前の座席表は、そのまま残っています。",
    }
    states = {VersionState.WANTED: "running", VersionState.READY: "finished"}
    return {
        "state": states.get(version.state, "failed"),
        "done": int(version.state is VersionState.READY),
        "total": 1,
        "message": words[version.state],
        "url": url,
    }


def offer_swaps(form: SwapForm, view: VersionView, now: datetime) -> None:
    """Say what can be changed by hand: slots to come, people, tables and people to change with."""
    people = [
        (str(guest.id), f"{guest.attendee.name}（{organization_of(guest.attendee)}）")
        for guest in view.guests.values()
        if guest.is_taking_part or any(key == guest.id for _slot, key in view.table_of)
    ]
    tables = range(1, int(view.version.settings["tables"]) + 1)
    form.slot.choices = [
        (str(slot.number), Sitting(slot, 0).line.rpartition("　")[0])
        for slot in view.slots
        if slot.starts_at > now
    ]
    form.guest.choices = [("", "選んでください"), *people]
    form.target.choices = [
        ("", "選んでください"),
        *[(f"table:{number}", f"テーブル{number}へ移す") for number in tables],
        ("table:0", "この回は席を外す"),
        *[(f"guest:{key}", f"{name}と入れ替える") for key, name in people],
    ]


def id_of(text: str) -> uuid.UUID | None:
    """The id a text names, if it does."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """What somebody said of a meeting."""

    outcome: MeetingOutcome
    who: str
    partner: str
    verdict: str
    when: str


def outcome_row(outcome: MeetingOutcome) -> OutcomeRow:
    """One outcome in words (both people loaded)."""
    return OutcomeRow(
        outcome, person_title(outcome.guest), person_title(outcome.partner),
        VERDICT_LABELS[outcome.verdict], format_moment(outcome.updated_at),
    )  # fmt: skip


def tally_of(outcomes: Iterable[MeetingOutcome]) -> list[tuple[str, int]]:
    """How often each was said, and how many pairs want to go on on both sides."""
    rows = list(outcomes)
    counts = Counter(each.verdict for each in rows)
    keen = {
        (each.guest_id, each.partner_id)
        for each in rows
        if each.verdict is not OutcomeVerdict.NOTHING
    }
    both = sum((other, one) in keen for one, other in keen) // 2
    told = [(VERDICT_LABELS[verdict], counts[verdict]) for verdict in OutcomeVerdict]
    return [*told, ("両方が前向き（組）", both)]
