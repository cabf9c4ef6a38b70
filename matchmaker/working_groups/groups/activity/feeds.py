"""Calendar feeds: what later parts (meetings) put into the calendar of a group and of a person."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

from flask import Flask, current_app

from matchmaker.core.actor import Actor
from matchmaker.core.calendar_files import CalendarEntry, calendar_file

EXTENSION_KEY = "matchmaker.calendar_sources"
CalendarSource = Callable[[Sequence[uuid.UUID], Actor, datetime], Sequence[CalendarEntry]]
"""``(group_ids, actor, now) -> entries`` that the person may see, bounded in number.

A feed is read without signing in, by whoever has its address: entries never hold the address of an
online meeting, nor anything else that only those admitted may know.
"""


def register_calendar_source(app: Flask, source: CalendarSource) -> None:
    """Add entries to the calendar feeds of all groups."""
    app.extensions.setdefault(EXTENSION_KEY, []).append(source)


def feed(group_ids: Sequence[uuid.UUID], actor: Actor, now: datetime, name: str) -> bytes:
    """The calendar file of some groups as the person may see it.

    Args:
        group_ids: the groups; none gives an empty calendar.
        actor: who reads it.
        now: the present moment.
        name: title that calendar programs show.
    """
    sources: list[CalendarSource] = current_app.extensions.get(EXTENSION_KEY, [])
    entries = [entry for source in sources for entry in source(group_ids, actor, now)]
    return calendar_file(sorted(entries, key=lambda entry: (entry.starts_at, entry.uid)), name)
