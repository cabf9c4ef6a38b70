"""All commands on registrations, seats and places in line. They flush, record, never commit.

Each begins by locking the event, so that commands on one event follow one another; each takes and
gives back seats by counted updates, passes what becomes free on to those who wait, and records what
happened, all in one transaction (ADR 0043, ADR 0044).
"""

from __future__ import annotations

from matchmaker.regional_events.registrations.cancelling import cancel_attendee, restore_attendee
from matchmaker.regional_events.registrations.registering import (
    confirm_registration,
    expire_registration,
    register,
)
from matchmaker.regional_events.registrations.waiting import fill_free_seats

__all__ = [
    "cancel_attendee",
    "confirm_registration",
    "expire_registration",
    "fill_free_seats",
    "register",
    "restore_attendee",
]
