"""Hooks this part into the application."""

from __future__ import annotations

import uuid

from flask import Flask

from config import Settings
from matchmaker.regional_events.planning.extensions import (
    Participation,
    add_participation_reader,
)
from matchmaker.regional_events.reception import models  # noqa: F401
from matchmaker.regional_events.reception.queries import has_attended


def init_app(app: Flask, settings: Settings) -> None:
    """Register the pages of this part."""
    add_participation_reader(_participation)


def _participation(event_id: uuid.UUID, user_id: uuid.UUID) -> Participation:
    return Participation(has_attended=has_attended(event_id, user_id))
