"""What the pages of events show."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from matchmaker.core.prefectures import PREFECTURES
from matchmaker.core.text import clean_line
from matchmaker.regional_events.planning import notices, policy
from matchmaker.regional_events.planning.domain import (
    AUDIENCE_LABELS,
    EVENT_STATES,
    KIND_LABELS,
    ORGANIZER_LABELS,
    PHASE_LABELS,
    Audience,
    EventKind,
    EventMove,
    EventState,
    Phase,
    phase_of,
)
from matchmaker.regional_events.planning.loading import OpenEvent
from matchmaker.regional_events.planning.models import EventOrganizer, EventSeries, RegionalEvent
from matchmaker.regional_events.planning.queries import EventFilter
from matchmaker.regional_events.planning.service import publishing_problems

PHASE_KINDS = {
    Phase.DRAFT: "draft",
    Phase.ANNOUNCED: "draft",
    Phase.OPEN: "open",
    Phase.CLOSED: "closed",
    Phase.HELD: "closed",
    Phase.POSTPONED: "error",
    Phase.CANCELLED: "error",
    Phase.ARCHIVED: "closed",
}
SORTS = {"date": "開催日の順", "closing": "締切の近い順", "name": "名前の順"}
LONGEST_SEARCH = 200
NOT_PLANNED = "参加登録の受付は、まだ決まっていません。"
OVER = "このイベントは終わりました。"
REGISTRATION_TEXTS = {
    Phase.DRAFT: "公開すると、参加登録を受け付けられます。",
    Phase.POSTPONED: "新しい日時が決まるまで、参加登録を休んでいます。",
    Phase.CANCELLED: "中止になったため、参加登録はできません。",
    Phase.HELD: OVER,
    Phase.ARCHIVED: OVER,
}
MAP_ADDRESS = "https://maps.gsi.go.jp/#16/{latitude:.6f}/{longitude:.6f}/"
"""The map of the Geospatial Information Authority at zoom 16; a place opens in its middle."""


@dataclass(frozen=True, slots=True)
class ListedEvent:
    """An event in a list.

    Args:
        closes: until when people register, while they do.
    """

    event: RegionalEvent
    when: str
    where: str
    phase_label: str
    phase_kind: str
    kind: str
    audience: str
    hosts: str
    closes: str


def listed(event: RegionalEvent, now: datetime) -> ListedEvent:
    """How an event stands in a list (organisers and tracks loaded)."""
    phase = phase_of(event, now)
    is_open = phase is Phase.OPEN and event.closes_at is not None
    return ListedEvent(
        event=event,
        when=when_shown(event),
        where=where_shown(event),
        phase_label=PHASE_LABELS[phase],
        phase_kind=PHASE_KINDS[phase],
        kind=KIND_LABELS[event.kind],
        audience="" if event.audience is Audience.PUBLIC else AUDIENCE_LABELS[event.audience],
        hosts="・".join(notices.organizer_name(each) for each in event.organizers[:2]),
        closes=f"締切 {notices.moment_text(event.closes_at)}" if is_open else "",
    )


def when_shown(event: RegionalEvent) -> str:
    """When it is; of a postponed one, that this is open and what was planned first."""
    when = notices.event_when(event)
    is_postponed = event.state is EventState.POSTPONED
    return f"未定（はじめの予定は、{when}）" if is_postponed else when


def where_shown(event: RegionalEvent) -> str:
    """The place; with the prefecture in front where the place does not say it."""
    place = notices.where_text(event)
    if not event.prefecture or place.startswith(event.prefecture.rstrip("都府県")):
        return place
    return f"{event.prefecture}　{place}"


@dataclass(frozen=True, slots=True)
class EventPage:
    """What the page of an event shows besides the event itself.

    Args:
        registration: what one can do now, in a sentence.
        changes: until when people change what they registered; empty when that is past.
        is_ahead: whether it has a date that is not over.
        may_register: whether the way to the form stands there.
        organizers: names by what they do.
        map_url: map of the place; empty where it is not known.
        venue_map: the place on the outline of its prefecture, for drawing; None where either is
            not known.
        moves: steps that can be taken now, for those who run it.
        problems: what is missing before it can be published, for those who run it.
    """

    when: str
    where: str
    phase_label: str
    phase_kind: str
    kind: str
    audience: str
    is_ahead: bool
    registration: str
    changes: str
    may_register: bool
    organizers: Sequence[tuple[str, Sequence[EventOrganizer]]]
    map_url: str
    venue_map: Mapping[str, object] | None = None
    moves: Sequence[EventMove] = ()
    problems: Sequence[str] = ()


def event_page(opened: OpenEvent) -> EventPage:
    """Everything that the person may see on the page of an event."""
    event, phase = opened.event, opened.phase
    is_draft = event.state is EventState.DRAFT
    return EventPage(
        when=when_shown(event),
        where=where_shown(event),
        phase_label=PHASE_LABELS[phase],
        phase_kind=PHASE_KINDS[phase],
        kind=KIND_LABELS[event.kind],
        audience="" if event.key else AUDIENCE_LABELS[event.audience],
        is_ahead=event.times_known and event.ends_at > opened.now,
        registration=registration_text(event, phase),
        changes=changes_text(event, phase),
        may_register=policy.can_register(opened.actor, event, opened.standing, opened.now),
        organizers=organizers_by_role(event),
        map_url=map_url(event),
        venue_map=venue_map(event),
        moves=possible_moves(event, opened.now) if opened.plans else (),
        problems=publishing_problems(event, opened.now) if opened.plans and is_draft else (),
    )


def possible_moves(event: RegionalEvent, now: datetime) -> list[EventMove]:
    """Steps that can be taken now: nothing is put away before it is over, nor called off after."""
    is_over = phase_of(event, now) is Phase.HELD
    refused = {EventMove.POSTPONE, EventMove.CANCEL} if is_over else {EventMove.ARCHIVE}
    return [move for move in EVENT_STATES.possible(event.state) if move not in refused]


def registration_text(event: RegionalEvent, phase: Phase) -> str:
    """What one can do now about taking part, or why one cannot."""
    opens, closes = notices.moment_text(event.opens_at), notices.moment_text(event.closes_at)
    if phase is Phase.ANNOUNCED:
        return f"参加登録は、{opens}から受け付けます。" if opens else NOT_PLANNED
    if phase is Phase.OPEN:
        return f"参加登録を受け付けています。{f'締切は{closes}です。' if closes else ''}"
    if phase is Phase.CLOSED:
        return f"参加登録は、{closes}に締め切りました。"
    return REGISTRATION_TEXTS[phase]


def changes_text(event: RegionalEvent, phase: Phase) -> str:
    """Until when people change or cancel by themselves; empty where nothing can be changed."""
    if event.change_until is None or phase not in (Phase.OPEN, Phase.CLOSED):
        return ""
    return f"{notices.moment_text(event.change_until)}まで、ご自分でできます。"


def organizers_by_role(event: RegionalEvent) -> list[tuple[str, list[EventOrganizer]]]:
    """Organisers by what they do, hosts first; roles that nobody has are left out."""
    grouped = [
        (label, [each for each in event.organizers if each.role is role])
        for role, label in ORGANIZER_LABELS.items()
    ]
    return [(label, found) for label, found in grouped if found]


def map_url(event: RegionalEvent) -> str:
    """Address of a map with the place in its middle; empty where it is not known."""
    if event.latitude is None or event.longitude is None:
        return ""
    return MAP_ADDRESS.format(latitude=event.latitude, longitude=event.longitude)


def venue_map(event: RegionalEvent) -> dict[str, object] | None:
    """What the drawing of the place needs, with the words for those who do not see it."""
    if event.latitude is None or event.longitude is None or event.prefecture not in PREFECTURES:
        return None
    name = event.venue or event.prefecture
    place = {"name": "会場", "kind": "venue", "lat": event.latitude, "lng": event.longitude}
    return {
        "caption": f"{event.prefecture}での会場の位置",
        "label": f"{event.prefecture}の地図。「{name}」のところに印があります。"
        "行き方は、地図のとなりの文にあります。",
        "prefecture": event.prefecture,
        "places": [{**place, "text": name}],
    }


def filter_from(args: Mapping[str, str]) -> EventFilter:
    """The filter that an address asks for; whatever is made up counts as nothing."""
    sort = args.get("sort", "")
    return EventFilter(
        past=args.get("time") == "past",
        kind=_kind(args.get("kind", "")),
        prefecture=found if (found := args.get("prefecture", "")) in PREFECTURES else "",
        series_id=_uuid(args.get("series", "")),
        online=args.get("online") == "1",
        text=clean_line(args.get("q", ""))[:LONGEST_SEARCH],
        sort=sort if sort in SORTS else "date",
    )


def _kind(text: str) -> EventKind | None:
    return EventKind(text) if text in set(EventKind) else None


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def conditions(
    wanted: EventFilter, series: Sequence[EventSeries]
) -> list[tuple[str, dict[str, None]]]:
    """The conditions in force: words, and the query value that takes each away."""
    names = {each.id: each.name for each in series}
    found = [
        ("q", f"「{wanted.text}」" if wanted.text else ""),
        ("kind", KIND_LABELS[wanted.kind] if wanted.kind else ""),
        ("prefecture", wanted.prefecture),
        ("series", names.get(wanted.series_id, "なくなったシリーズ") if wanted.series_id else ""),
        ("online", "オンラインで参加できる" if wanted.online else ""),
    ]
    return [(label, {name: None}) for name, label in found if label]


def kept_values(wanted: EventFilter) -> list[tuple[str, str]]:
    """What stays in the address when the order changes."""
    values = {
        "time": "past" if wanted.past else "",
        "q": wanted.text,
        "kind": wanted.kind.value if wanted.kind else "",
        "prefecture": wanted.prefecture,
        "series": str(wanted.series_id or ""),
        "online": "1" if wanted.online else "",
    }
    return [(name, value) for name, value in values.items() if value]


def sorts_for(wanted: EventFilter) -> list[tuple[str, str]]:
    """Orders to choose from; nothing that is over has an end of registration ahead."""
    return [(key, label) for key, label in SORTS.items() if key != "closing" or not wanted.past]


def filter_options(series: Sequence[EventSeries]) -> dict[str, list[dict[str, object]]]:
    """What may be chosen in the filter of the list."""
    return {
        "kind": [_option(kind.value, label) for kind, label in KIND_LABELS.items()],
        "prefecture": [_option(name, name) for name in PREFECTURES],
        "series": [_option(str(each.id), each.name) for each in series],
    }


def _option(value: str, label: str) -> dict[str, object]:
    return {"value": value, "label": label, "count": None}
