"""Asked before seats of a track go: the part that knows who sits on them registers its answer here.

The registrations part calls, once, in its ``setup.init_app``::

    set_seat_guard(page_asking_whom_to_move)

with a function that compares the wanted capacity with the seats taken. It gives None when everybody
keeps a seat, otherwise the path of the page on which the staff chooses whom to move; that page
lowers the capacity itself (``lower_capacity``). A track is removed only when the guard gives None
for a capacity of 0.

It also says how many sit there (``set_seat_reader``), so that no more seats are kept aside than the
room has beside those people.
"""

from __future__ import annotations

from collections.abc import Callable

from matchmaker.regional_events.planning.models import Track
from matchmaker.regional_events.planning.tracks.domain import SeatsTaken

SeatGuard = Callable[[Track, int], str | None]
SeatReader = Callable[[Track], SeatsTaken]
_guards: list[SeatGuard] = []
_readers: list[SeatReader] = []


def set_seat_guard(guard: SeatGuard) -> None:
    """Let ``guard(track, wanted_capacity)`` say whether people would lose their seats.

    Args:
        guard: gives None, or the path of the page that asks whom to move. The latest one set is
            asked.
    """
    _guards[:] = [guard]


def page_to_move_people(track: Track, capacity: int) -> str | None:
    """Path of the page that asks whom to move before ``track`` has only ``capacity`` seats.

    Returns:
        None when nobody would lose a seat, or nobody registers yet.
    """
    return next((page for guard in _guards if (page := guard(track, capacity))), None)


def set_seat_reader(reader: SeatReader) -> None:
    """Let ``reader(track)`` say how the seats of a track are taken; the latest one set is asked."""
    _readers[:] = [reader]


def seats_taken(track: Track) -> SeatsTaken:
    """How the seats of a track are taken; none are while nobody registers yet."""
    return _readers[-1](track) if _readers else SeatsTaken()
