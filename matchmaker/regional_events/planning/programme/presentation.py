"""The programme in words: for everybody, and for the planner with warnings."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from matchmaker.core.clock import JST, today
from matchmaker.core.formatting import clock_on, format_day, format_moment
from matchmaker.regional_events.planning.domain import (
    MATERIAL_AUDIENCE_LABELS,
    SpeakerConsent,
)
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.planning.programme.domain import (
    UNNAMED_SPEAKER,
    Warned,
    programme_warnings,
)
from matchmaker.regional_events.planning.programme.models import (
    EventMaterial,
    ProgrammeSession,
    Speaker,
)
from matchmaker.regional_events.planning.programme.queries import is_published


@dataclass(frozen=True, slots=True)
class ShownPerson:
    """Somebody in a session as a reader sees the person.

    Args:
        name: the name, or 「登壇者（調整中）」 without consent.
        affiliation: empty without consent.
        role: as what the person takes part.
    """

    name: str
    affiliation: str
    role: str

    @property
    def words(self) -> str:
        """``司会　山田太郎（青空町）``."""
        begin = f"{self.role}　" if self.role else ""
        return f"{begin}{self.name}" + (f"（{self.affiliation}）" if self.affiliation else "")


@dataclass(frozen=True, slots=True)
class ShownSession:
    """A session with its times in words.

    Args:
        iso: the beginning in a form for machines.
        warnings: for the planner.
    """

    session: ProgrammeSession
    clock: str
    iso: str
    people: list[ShownPerson]
    warnings: list[str]


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A day of the programme; ``title`` is empty in an event of one day."""

    title: str
    sessions: list[ShownSession]


def is_shown(speaker: Speaker) -> bool:
    """Whether others than the staff may read of the person."""
    return speaker.consent is SpeakerConsent.GIVEN


def shown_person(speaker: Speaker, role: str, *, to_staff: bool = False) -> ShownPerson:
    """Somebody in a session; without consent neither name nor affiliation is told."""
    if to_staff or is_shown(speaker):
        return ShownPerson(speaker.name, speaker.affiliation, role)
    return ShownPerson(UNNAMED_SPEAKER, "", role)


def days_of(
    event: RegionalEvent,
    sessions: Sequence[ProgrammeSession],
    *,
    to_staff: bool = False,
) -> list[ShownDay]:
    """The programme by day; the planner gets names of all, and warnings."""
    warned = _warnings(event, sessions) if to_staff else []
    days = itertools.groupby(sessions, key=lambda each: today(each.starts_at))
    several = _several_days(event, sessions)
    return [
        ShownDay(
            format_day(day) if several else "",
            [_shown(each, day, warned, to_staff=to_staff) for each in group],
        )
        for day, group in days
    ]


def _several_days(event: RegionalEvent, sessions: Sequence[ProgrammeSession]) -> bool:
    return len({today(event.starts_at), *(today(each.starts_at) for each in sessions)}) > 1


def _warnings(event: RegionalEvent, sessions: Sequence[ProgrammeSession]) -> list[Warned]:
    people = {
        session.id: {each.speaker_id: each.speaker.name for each in session.appearances}
        for session in sessions
    }
    return programme_warnings(event, sessions, people)


def _shown(
    session: ProgrammeSession, day: date, warned: Iterable[Warned], *, to_staff: bool
) -> ShownSession:
    people = [shown_person(each.speaker, each.role, to_staff=to_staff)
              for each in session.appearances]  # fmt: skip
    if not to_staff:
        people = list(dict.fromkeys(people))
    return ShownSession(
        session=session,
        clock=f"{clock_on(session.starts_at, day)}〜{clock_on(session.ends_at, day)}",
        iso=session.starts_at.astimezone(JST).isoformat(timespec="minutes"),
        people=people,
        warnings=[each.text for each in warned if each.session_id == session.id],
    )


@dataclass(frozen=True, slots=True)
class ShownMaterial:
    """A material as somebody who may open it sees it.

    Args:
        session: title of the session it belongs to.
        note: kind, size, to whom it is shown.
        coming: from when it is shown, while only the staff sees it.
    """

    material: EventMaterial
    session: str
    note: str
    coming: str


def shown_materials(
    materials: Sequence[EventMaterial], sessions: Sequence[ProgrammeSession], now: datetime
) -> list[ShownMaterial]:
    """Materials with their facts in words (files loaded)."""
    titles: dict[uuid.UUID | None, str] = {each.id: each.title for each in sessions}
    return [
        ShownMaterial(
            material,
            titles.get(material.session_id, ""),
            _note(material),
            "" if is_published(material, now) else format_moment(material.publish_at),
        )
        for material in materials
    ]


def _note(material: EventMaterial) -> str:
    kind = "録画" if material.is_recording else "資料"
    what = "別のサイト" if material.file is None else _size(material.file.size)
    return f"{kind}・{what}・{MATERIAL_AUDIENCE_LABELS[material.audience]}"


def _size(size: int) -> str:
    kilobytes = max(round(size / 1024), 1)
    return f"{kilobytes:,}KB" if kilobytes < 1024 else f"{kilobytes / 1024:.1f}MB"  # noqa: PLR2004
