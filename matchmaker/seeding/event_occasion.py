"""One invented event while it is loaded: its entry of the file, its people, its moments."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.organizations.models import Organization
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.seeding.files import DEMO, Entry
from matchmaker.seeding.moments import moment_of
from matchmaker.seeding.progress import Seeder

FILE = DEMO / "events.yaml"
ORGANIZER = "coordinator"


@dataclass(frozen=True, slots=True)
class Occasion:
    """An event of the demo while it is loaded.

    Args:
        entry: what the file says of it.
        guests: invented people by their key.
        event: planned and not yet published.
        organizer: who runs it.
        attendee_ids: of those who registered, by the key of the account or guest.
    """

    seeder: Seeder
    entry: Entry
    guests: Mapping[str, Entry]
    event: RegionalEvent
    organizer: Actor
    attendee_ids: dict[str, uuid.UUID] = field(default_factory=dict)

    def at(self, entry: Entry) -> datetime:
        """A moment counted from the day on which the event begins."""
        return moment_of(entry, self.event.starts_at)

    def attendee(self, who: str) -> Attendee:
        """Somebody who registered.

        Raises:
            KeyError: nobody of that key did.
        """
        return db.session.get_one(Attendee, self.attendee_ids[who], populate_existing=True)


def organization_of(seeder: Seeder, key: str) -> Organization:
    """An organisation of the demo.

    Raises:
        KeyError: it has not been loaded.
    """
    return db.session.get_one(Organization, seeder.record_id(f"organization:{key}"))
