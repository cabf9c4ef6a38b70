"""All commands on registrations, seats and places in line. They flush, record, never commit.

Each begins by locking the event, so that commands on one event follow one another; each takes and
gives back seats by counted updates, passes what becomes free on to those who wait, and records what
happened, all in one transaction (ADR 0043, ADR 0044).
"""

from __future__ import annotations

from matchmaker.regional_events.registrations.answering import (
    accept_offer,
    decline_offer,
    expire_offer,
    leave_line,
    set_at_once,
    split_group,
)
from matchmaker.regional_events.registrations.belonging import correct_organization
from matchmaker.regional_events.registrations.cancelling import cancel_attendee, restore_attendee
from matchmaker.regional_events.registrations.handing_over import hand_over
from matchmaker.regional_events.registrations.moving import (
    change_track,
    check_capacity,
    lower_capacity,
    seat_by_staff,
)
from matchmaker.regional_events.registrations.registering import (
    confirm_registration,
    expire_registration,
    register,
)
from matchmaker.regional_events.registrations.waiting import fill_free_seats
from matchmaker.regional_events.registrations.waves import follow_track_change, release_wave

__all__ = [
    "accept_offer",
    "cancel_attendee",
    "change_track",
    "check_capacity",
    "confirm_registration",
    "correct_organization",
    "decline_offer",
    "expire_offer",
    "expire_registration",
    "fill_free_seats",
    "follow_track_change",
    "hand_over",
    "leave_line",
    "lower_capacity",
    "register",
    "release_wave",
    "restore_attendee",
    "seat_by_staff",
    "set_at_once",
    "split_group",
]
