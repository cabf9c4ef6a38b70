"""The settings of the running application."""

from __future__ import annotations

from typing import cast

from flask import current_app

from config import Settings


def current_settings() -> Settings:
    """Settings that the application was built with."""
    return cast(Settings, current_app.extensions["matchmaker.settings"])
