"""Which tracks count the seats of one organisation together."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from matchmaker.core.errors import ProductError
from matchmaker.regional_events.planning.domain import TrackKind
from matchmaker.regional_events.planning.models import RegionalEvent, Track
from matchmaker.regional_events.planning.tracks.guard import page_to_move_people

FIELD = "limit_track"
NOT_POSSIBLE = "この参加方法とは、合わせて数えられません。選び直してください。"
LEADS = (
    "ほかの参加方法が、この参加方法と合わせて団体の席を数えています。先に、そちらを変えてください。"
)
IN_USE = "申し込みがあるため、団体の席の数え方は変えられません。"


def possible_limit_tracks(event: RegionalEvent, track: Track | None) -> Sequence[Track]:
    """Rooms of the event with which another (``track``, or a new one) may count together."""
    return [
        each
        for each in event.tracks
        if each.kind is TrackKind.ON_SITE and each is not track and each.limit_track_id is None
    ]


def check_limit_track(
    event: RegionalEvent, track: Track | None, limit_track_id: uuid.UUID | None
) -> None:
    """Refuse what cannot be counted together.

    Counters would have to be joined or split when people sit there already, and some
    organisation could then hold more than its limit: so it is settled before.

    Args:
        event: with its tracks.
        track: the one that is changed; None for a new one.
        limit_track_id: where its organisations are to be counted; None at itself.

    Raises:
        ProductError: with a message for the field.
    """
    if track is not None and limit_track_id == track.limit_track_id:
        return
    possible = {each.id: each for each in possible_limit_tracks(event, track)}
    if limit_track_id is not None and limit_track_id not in possible:
        raise ProductError(NOT_POSSIBLE, FIELD)
    if track is None:
        return
    if limit_track_id and any(each.limit_track_id == track.id for each in event.tracks):
        raise ProductError(LEADS, FIELD)
    if page_to_move_people(track, 0):
        raise ProductError(IN_USE, FIELD)
