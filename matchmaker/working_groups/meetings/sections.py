"""Later parts add to the page of a meeting here (minutes, check-in, recording, survey)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Flask, current_app

from matchmaker.working_groups.groups.sections import Section
from matchmaker.working_groups.meetings.loading import OpenMeeting

EXTENSION_KEY = "matchmaker.meeting_sections"
SectionLoader = Callable[[OpenMeeting], Section | None]


def add_meeting_section(app: Flask, loader: SectionLoader) -> None:
    """Add a part to the page of every meeting; a loader that gives None adds nothing.

    The template of the part is drawn with ``section`` (its context) and ``opened``.
    """
    app.extensions.setdefault(EXTENSION_KEY, []).append(loader)


def sections_for(opened: OpenMeeting) -> Sequence[Section]:
    """All parts for the page of one meeting, in the order they were added."""
    loaders: list[SectionLoader] = current_app.extensions.get(EXTENSION_KEY, [])
    found = (loader(opened) for loader in loaders)
    return [section for section in found if section is not None]
