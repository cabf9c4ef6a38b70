"""Hooks pilots into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings


def init_app(_app: Flask, _settings: Settings) -> None:
    """Register what this part brings."""
