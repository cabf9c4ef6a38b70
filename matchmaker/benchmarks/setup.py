"""Hooks ``flask bench pages``, ``import`` and ``proposals`` into the application."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from config import Settings
from matchmaker.benchmarks.check_in import check_in_command
from matchmaker.benchmarks.cli import (
    import_command,
    page_command,
    proposal_command,
    registration_command,
)
from matchmaker.benchmarks.coalitions import coalition_command
from matchmaker.benchmarks.encoding import encoding_command
from matchmaker.benchmarks.freshness import freshness_command
from matchmaker.benchmarks.tables import table_command
from matchmaker.matching.cli import bench


def init_app(make_app: Callable[[Settings], Flask]) -> None:
    """Add the commands; they make applications of its own by ``make_app``."""
    bench.add_command(page_command(make_app))
    bench.add_command(import_command(make_app))
    bench.add_command(proposal_command(make_app))
    bench.add_command(table_command(make_app))
    bench.add_command(check_in_command(make_app))
    bench.add_command(encoding_command(make_app))
    bench.add_command(freshness_command(make_app))
    bench.add_command(registration_command(make_app))
    bench.add_command(coalition_command)
