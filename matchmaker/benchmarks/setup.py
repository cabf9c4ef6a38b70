"""Hooks ``flask bench pages`` into the application."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from config import Settings
from matchmaker.benchmarks.cli import page_command
from matchmaker.matching.cli import bench


def init_app(make_app: Callable[[Settings], Flask]) -> None:
    """Add the command; it makes applications of its own by ``make_app``."""
    bench.add_command(page_command(make_app))
