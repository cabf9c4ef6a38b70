"""What one person sees: slots, tables, who sits there, and why they are brought together.

Nothing in here reads wishes: what people asked for is never told to others.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matchmaker.core.clock import JST
from matchmaker.core.formatting import format_moment
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.tables import queries
from matchmaker.regional_events.tables.domain import Slot, slots_of
from matchmaker.regional_events.tables.models import TableGuest, TableMeeting, TableVersion
from matchmaker.regional_events.tables.versions import settings_of_version

NO_ORGANIZATION = "個人"


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody at the same table.

    Args:
        need, offering: the posts that brought the two together, if posts did.
        is_meeting: whether there is a reason to talk.
    """

    guest_id: uuid.UUID
    name: str
    organization: str
    job_title: str
    is_secretariat: bool
    is_meeting: bool
    need: Any = None
    offering: Any = None


@dataclass(frozen=True, slots=True)
class Sitting:
    """One slot of one person; table 0 is a free slot."""

    slot: Slot
    table: int
    companions: Sequence[Companion] = ()

    @property
    def when(self) -> str:
        """Time of day in Japan."""
        begin, end = (each.astimezone(JST) for each in (self.slot.starts_at, self.slot.ends_at))
        return f"{begin:%H:%M}〜{end:%H:%M}"

    @property
    def meetings(self) -> Sequence[Companion]:
        """Those with whom there is a reason to talk."""
        return [each for each in self.companions if each.is_meeting]

    @property
    def line(self) -> str:
        """The slot in one line, for mail."""
        where = f"テーブル{self.table}" if self.table else "お休み"
        return f"{self.slot.number}回目　{self.when}　{where}"


def organization_of(attendee: Attendee) -> str:
    """Name of the organisation (loaded) as people read it."""
    if attendee.organization is not None:
        return attendee.organization.name
    return attendee.organization_name or NO_ORGANIZATION


class VersionView:
    """All of one version, read at once: timetables of everybody, tables of each slot.

    Args:
        version: a version that is done.
    """

    def __init__(self, version: TableVersion) -> None:
        self.version = version
        self.slots = slots_of(settings_of_version(version))
        self.guests: Mapping[uuid.UUID, TableGuest] = {
            guest.id: guest for guest in queries.guests_of(version.plan_id)
        }
        self._tables: dict[tuple[int, int], list[uuid.UUID]] = defaultdict(list)
        self.table_of: dict[tuple[int, uuid.UUID], int] = {}
        for seat in queries.seats_of(version.id):
            self._tables[seat.slot, seat.table].append(seat.guest_id)
            self.table_of[seat.slot, seat.guest_id] = seat.table
        self._meetings = _by_pair(queries.meetings_of(version.id))

    def timetable(self, guest_id: uuid.UUID) -> list[Sitting]:
        """Where a person sits in each slot, with whom."""
        sittings = []
        for slot in self.slots:
            table = self.table_of.get((slot.number, guest_id), 0)
            sittings.append(Sitting(slot, table, self._companions(slot.number, table, guest_id)))
        return sittings

    def places(self, guest_id: uuid.UUID) -> tuple[tuple[int, int, str], ...]:
        """What a person has to know to be in the right place: when it changes they are told."""
        return tuple(
            (slot.number, table, format_moment(slot.starts_at))
            for slot in self.slots
            if (table := self.table_of.get((slot.number, guest_id), 0))
        )

    def tables_of(self, number: int) -> list[tuple[int, list[TableGuest]]]:
        """Tables of one slot with their people."""
        found = sorted(table for slot, table in self._tables if slot == number)
        return [(table, self._people(number, table)) for table in found]

    def met(self, guest_id: uuid.UUID) -> int:
        """Slots in which a person has a meeting."""
        return sum(bool(sitting.meetings) for sitting in self.timetable(guest_id))

    def _people(self, slot: int, table: int) -> list[TableGuest]:
        found = [self.guests[each] for each in self._tables[slot, table] if each in self.guests]
        return sorted(found, key=lambda g: (g.is_secretariat, organization_of(g.attendee)))

    def _companions(self, slot: int, table: int, guest_id: uuid.UUID) -> list[Companion]:
        if not table:
            return []
        found = [
            self._companion(guest, self._meetings.get((slot, guest_id, guest.id)))
            for guest in self._people(slot, table)
            if guest.id != guest_id
        ]
        return sorted(found, key=lambda each: not each.is_meeting)

    def _companion(self, guest: TableGuest, meeting: TableMeeting | None) -> Companion:
        attendee = guest.attendee
        return Companion(
            guest.id, attendee.name, organization_of(attendee), attendee.job_title,
            guest.is_secretariat, meeting is not None,
            meeting.need if meeting else None, meeting.offering if meeting else None,
        )  # fmt: skip


def _by_pair(
    meetings: Iterable[TableMeeting],
) -> dict[tuple[int, uuid.UUID, uuid.UUID], TableMeeting]:
    found = {}
    for each in meetings:
        found[each.slot, each.first_id, each.second_id] = each
        found[each.slot, each.second_id, each.first_id] = each
    return found
