"""Other parts add to the page of a group here (its posts, its meetings, where it came from)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app

from matchmaker.core.actor import Actor
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.groups.policy import Standing

EXTENSION_KEY = "matchmaker.group_sections"
FIRST_PLACE, USUAL_PLACE = 10, 50


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page.

    Args:
        template: drawn with ``section`` (this) and ``group``.
        context: what it needs.
        title: heading for the table of contents; empty leaves it out.
        anchor: id of the part's heading, for links to it.
        place: smaller ones come first; equal ones in the order they were added.
    """

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    title: str = ""
    anchor: str = ""
    place: int = USUAL_PLACE


SectionLoader = Callable[[WorkingGroup, Actor, Standing], Section | None]


def add_group_section(app: Flask, loader: SectionLoader) -> None:
    """Add a part to the page of every group; a loader that gives None adds nothing."""
    app.extensions.setdefault(EXTENSION_KEY, []).append(loader)


def sections_for(group: WorkingGroup, actor: Actor, standing: Standing) -> Sequence[Section]:
    """All parts for the page of one group, by their place."""
    loaders: list[SectionLoader] = current_app.extensions.get(EXTENSION_KEY, [])
    found = (loader(group, actor, standing) for loader in loaders)
    return sorted((each for each in found if each is not None), key=lambda each: each.place)
