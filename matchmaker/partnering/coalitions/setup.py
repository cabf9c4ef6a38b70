"""Hooks coalitions into the application."""

from __future__ import annotations

import uuid

from flask import Flask

from config import Settings
from matchmaker.accounts.queries import actor_of_today
from matchmaker.core.errors import NotFound
from matchmaker.notifications.registry import register_check
from matchmaker.partnering.coalitions import policy, queries

SUBJECT_KIND = "coalitions:coalition"


def init_app(_app: Flask, _settings: Settings) -> None:
    """Register what this part brings."""
    register_check(SUBJECT_KIND, _still_concerned)


def _still_concerned(user_id: uuid.UUID, coalition_id: uuid.UUID) -> bool:
    try:
        return policy.can_view(actor_of_today(user_id, ""), queries.get(coalition_id))
    except NotFound:
        return False
