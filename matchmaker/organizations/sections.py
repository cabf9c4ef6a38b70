"""Later features add parts to the page of an organisation here (its needs, its offerings)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app

from matchmaker.core.actor import Actor
from matchmaker.organizations.models import Organization

EXTENSION_KEY = "matchmaker.organization_sections"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page.

    Args:
        template: drawn with ``section`` and ``organization``.
        context: what it needs.
    """

    template: str
    context: dict[str, Any] = field(default_factory=dict)


SectionLoader = Callable[[Organization, Actor], Section | None]


def register_section(app: Flask, loader: SectionLoader) -> None:
    """Add a part to the page of every organisation; a loader that gives None adds nothing."""
    app.extensions.setdefault(EXTENSION_KEY, []).append(loader)


def sections_for(organization: Organization, actor: Actor) -> Sequence[Section]:
    """All parts for the page of one organisation, in the order they were registered."""
    loaders: list[SectionLoader] = current_app.extensions.get(EXTENSION_KEY, [])
    found = (loader(organization, actor) for loader in loaders)
    return [section for section in found if section is not None]
