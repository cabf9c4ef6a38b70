"""What the pages for visitors are made of: public events of the partnership. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matchmaker.core.fields import Choice

EVENT_KINDS = (
    Choice("general_assembly", "総会"),
    Choice("regional_dialogue", "地域対話イベント"),
    Choice("municipal_forum", "資源循環自治体フォーラム"),
)
EVENT_KIND_LABELS = {choice.code: choice.label for choice in EVENT_KINDS}


@dataclass(frozen=True, slots=True)
class ReferenceEventData:
    """One public event as it is loaded.

    Args:
        key: id that never changes.
        kind: code of :data:`EVENT_KINDS`.
        name: what it is called.
        held_on: day on which it is held.
        place: where.
        prefecture: official name of the prefecture.
        organiser: who holds it.
        source: what the facts are taken from.
        source_url: address of the source.
        time_note: hours and further words about the time.
    """

    key: str
    kind: str
    name: str
    held_on: date
    place: str
    prefecture: str
    organiser: str
    source: str
    source_url: str
    time_note: str = ""
