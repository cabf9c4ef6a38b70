"""Later features add parts to the page of a call here (one's own proposals, the results)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app

from matchmaker.core.actor import Actor
from matchmaker.working_groups.calls.models import Call

EXTENSION_KEY = "matchmaker.call_sections"


@dataclass(frozen=True, slots=True)
class CallSection:
    """A part of the page.

    Args:
        template: drawn with ``section``, ``call`` and ``actor``.
        context: what it needs.
    """

    template: str
    context: dict[str, Any] = field(default_factory=dict)


CallSectionLoader = Callable[[Call, Actor], CallSection | None]


def add_call_section(app: Flask, loader: CallSectionLoader) -> None:
    """Add a part to the page of every call; a loader that gives None adds nothing."""
    app.extensions.setdefault(EXTENSION_KEY, []).append(loader)


def sections_for(call: Call, actor: Actor) -> Sequence[CallSection]:
    """All parts for the page of one call, in the order they were registered."""
    loaders: list[CallSectionLoader] = current_app.extensions.get(EXTENSION_KEY, [])
    found = (loader(call, actor) for loader in loaders)
    return [section for section in found if section is not None]
