"""Events of the past: from ``events.yaml``, with what the report says of the assemblies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from matchmaker.core.actor import SYSTEM
from matchmaker.core.clock import end_of_day, fiscal_year, start_of_day
from matchmaker.core.db import db
from matchmaker.core.moment_field import parse_time
from matchmaker.regional_events.planning.content import EventData, OrganizerData
from matchmaker.regional_events.planning.domain import (
    EventKind,
    OrganizerRole,
    Seating,
    TrackKind,
)
from matchmaker.regional_events.planning.reference import (
    ReferenceEvent,
    ReferenceTrack,
    save_reference_event,
)
from matchmaker.seeding.files import REFERENCE, Entry, read_entries, read_mapping
from matchmaker.seeding.progress import Seeder

SPAN = re.compile(r"^(\d{1,2}:\d{2})[–-](\d{1,2}:\d{2})$")
SEATINGS = {"theatre": Seating.THEATRE, "school": Seating.DESK}
ROOM_NAMES = {Seating.THEATRE: "会場（いすだけの席）", Seating.DESK: "会場（机つきの席）"}
SEATED_NAMES = {"school": "机つきの席", "theatre": "いすだけの席"}
FOR_MEMBERS = "オンラインは、会員が対象でした。"
HYBRID = "会場とオンラインの両方で開かれました。"
NO_ASSEMBLY: Mapping[str, Any] = {}


def load_past_events(seeder: Seeder) -> int:
    """Past events of the partnership; what changed in the files changes here."""
    entries = read_entries(REFERENCE / "events.yaml")
    assemblies = assemblies_by_day(read_mapping(REFERENCE / "partnership.yaml"))
    for entry in entries:
        assembly = assemblies.get(_day(entry), NO_ASSEMBLY)
        save_reference_event(event_from(entry, assembly), SYSTEM, seeder.now)
    db.session.commit()
    return len(entries)


def assemblies_by_day(facts: Entry) -> dict[date, Entry]:
    """What the report says of the general assemblies, by their days."""
    return {_day(each): each for each in facts["events"]["general_assemblies"]}


def event_from(entry: Entry, assembly: Entry) -> ReferenceEvent:
    """A past event as the files describe it.

    Args:
        entry: of ``events.yaml``.
        assembly: what ``partnership.yaml`` says of an assembly; empty for other events.
    """
    starts_at, ends_at, times_known = times_of(entry)
    kind = EventKind(entry["kind"])
    data = EventData(
        name=entry["name"],
        kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        times_known=times_known,
        time_note="" if times_known else entry.get("time_note") or "",
        venue=entry["place"],
        prefecture=entry["prefecture"],
        description=_description(entry, assembly),
        online_policy=_online_policy(assembly),
        series_name=_series_name(kind, _day(entry)),
        organizers=tuple(
            OrganizerData(OrganizerRole.HOST, name=name) for name in entry["organiser"].split("・")
        ),
    )
    return ReferenceEvent(
        entry["id"], data, entry["source"], entry["source_url"], tuple(_tracks(assembly))
    )


def times_of(entry: Entry) -> tuple[datetime, datetime, bool]:
    """Beginning, end, and whether they are known; otherwise the whole day in Japan."""
    day = _day(entry)
    match = SPAN.match(entry.get("time_note") or "")
    if match is None:
        return start_of_day(day), end_of_day(day), False
    midnight = start_of_day(day)
    return midnight + parse_time(match[1]), midnight + parse_time(match[2]), True


def _day(entry: Entry) -> date:
    day = entry["date"]
    return day if isinstance(day, date) else date.fromisoformat(str(day))


def _series_name(kind: EventKind, day: date) -> str:
    match kind:
        case EventKind.GENERAL_ASSEMBLY:
            return "総会"
        case EventKind.REGIONAL_DIALOGUE:
            return f"地域イベント {fiscal_year(day)}年度"
        case EventKind.MUNICIPAL_FORUM:
            return f"資源循環自治体フォーラム {fiscal_year(day)}年度"
    return ""


def _online_policy(assembly: Entry) -> str:
    if not assembly.get("hybrid"):
        return ""
    return HYBRID + (FOR_MEMBERS if assembly.get("online_for") == "members" else "")


def _description(entry: Entry, assembly: Entry) -> str:
    """Parts of the programme, how the seats were, and what was learnt, in paragraphs."""
    parts = assembly.get("parts") or ()
    programme = "プログラム\n" + "\n".join(f"・{part}" for part in parts) if parts else ""
    return "\n\n".join(
        text for text in (programme, _seats_text(assembly), entry.get("description") or "") if text
    )


def _seats_text(assembly: Entry) -> str:
    sentences = []
    if rooms := assembly.get("rooms"):
        numbers = "と".join(f"{room['capacity']}席" for room in rooms)
        sentences.append(f"会場は{numbers}の{len(rooms)}部屋でした。")
    if shares := assembly.get("seated_share"):
        words = "、".join(f"{SEATED_NAMES[k]}が{share:.0%}" for k, share in shares.items())
        sentences.append(f"席は、{words}でした。")
    if limit := assembly.get("in_person_limit_per_member"):
        sentences.append(f"会場で参加できるのは、1会員につき{limit}人まででした。")
    if assembly.get("public_admitted"):
        sentences.append("会員でない方も参加できました。")
    return "".join(sentences)


def _tracks(assembly: Entry) -> Iterator[ReferenceTrack]:
    for room in assembly.get("rooms") or ():
        seating = SEATINGS[room["layout"]]
        yield ReferenceTrack(
            ROOM_NAMES[seating], TrackKind.ON_SITE, seating, room["capacity"],
            assembly.get("in_person_limit_per_member"),
        )  # fmt: skip
    if assembly.get("rooms") and assembly.get("hybrid"):
        yield ReferenceTrack("オンライン", TrackKind.ONLINE)
