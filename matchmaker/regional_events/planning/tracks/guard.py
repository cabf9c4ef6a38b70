"""Asked before seats of a track go: the part that knows who sits on them registers its answer here.

The registrations part calls, once, in its ``setup.init_app``::

    set_seat_guard(page_asking_whom_to_move)

with a function that compares the wanted capacity with the seats taken. It gives None when everybody
keeps a seat, otherwise the path of the page on which the staff chooses whom to move; that page
lowers the capacity itself (``lower_capacity``). A track is removed only when the guard gives None
for a capacity of 0.
"""

from __future__ import annotations

from collections.abc import Callable

from matchmaker.regional_events.planning.models import Track

SeatGuard = Callable[[Track, int], str | None]
_guards: list[SeatGuard] = []


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
