"""``flask bench pages``, ``import``, ``proposals`` and ``registrations``."""

from __future__ import annotations

import json
from collections.abc import Callable

import click
from flask import Flask

from config import Settings
from matchmaker.benchmarks.imports import render_import_bench, run_import_bench
from matchmaker.benchmarks.pages import render_page_bench, run_page_bench
from matchmaker.benchmarks.proposals import render_proposal_bench, run_proposal_bench
from matchmaker.benchmarks.registrations.running import (
    Size,
    render_registration_bench,
    run_registration_bench,
)
from matchmaker.core.settings import current_settings

MakeApp = Callable[[Settings], Flask]


def page_command(make_app: MakeApp) -> click.Command:
    """The command that measures pages; it makes applications of its own by ``make_app``."""

    @click.command("pages")
    @click.option("--needs", type=click.IntRange(1, 200_000), default=10_000, show_default=True)
    @click.option("--offerings", type=click.IntRange(1, 200_000), default=10_000, show_default=True)
    @click.option("--rounds", type=click.IntRange(1, 1000), default=20, show_default=True)
    @click.option("--json", "as_json", is_flag=True, help="Print JSON.")
    def pages(needs: int, offerings: int, rounds: int, as_json: bool) -> None:
        """Fill a throw-away database and time each page."""
        result = run_page_bench(make_app, current_settings(), needs, offerings, rounds)
        text = json.dumps(result, ensure_ascii=False) if as_json else render_page_bench(result)
        click.echo(text)

    return pages


def import_command(make_app: MakeApp) -> click.Command:
    """The command that measures an import until its rows can be found by meaning."""

    @click.command("import")
    @click.option("--rows", type=click.IntRange(1, 5000), default=1000, show_default=True)
    @click.option("--json", "as_json", is_flag=True, help="Print JSON.")
    def import_rows(rows: int, as_json: bool) -> None:
        """Import rows into a throw-away database, embeddings included."""
        result = run_import_bench(make_app, current_settings(), rows)
        text = json.dumps(result, ensure_ascii=False) if as_json else render_import_bench(result)
        click.echo(text)

    return import_rows


def proposal_command(make_app: MakeApp) -> click.Command:
    """The command that measures the pages of a call with many proposals and reviews."""

    @click.command("proposals")
    @click.option("--proposals", type=click.IntRange(1, 2000), default=300, show_default=True)
    @click.option("--reviewers", type=click.IntRange(1, 50), default=5, show_default=True)
    @click.option("--rounds", type=click.IntRange(1, 1000), default=20, show_default=True)
    @click.option("--json", "as_json", is_flag=True, help="Print JSON.")
    def proposals_(proposals: int, reviewers: int, rounds: int, as_json: bool) -> None:
        """Fill a throw-away database and time lists, ranking, decisions and Excel."""
        result = run_proposal_bench(make_app, current_settings(), proposals, reviewers, rounds)
        text = json.dumps(result, ensure_ascii=False) if as_json else render_proposal_bench(result)
        click.echo(text)

    return proposals_


def registration_command(make_app: MakeApp) -> click.Command:
    """The command that lets people register over HTTP and checks what came of it."""

    @click.command("registrations")
    @click.option("--people", type=click.IntRange(1, 5000), default=1000, show_default=True)
    @click.option("--seats", type=click.IntRange(2, 5000), default=200, show_default=True)
    @click.option("--processes", type=click.IntRange(1, 8), default=2, show_default=True)
    @click.option("--runs", type=click.IntRange(1, 100), default=20, show_default=True)
    @click.option("--pace", type=click.IntRange(0, 600), default=60, help="Seconds at 200 a minute")
    @click.option("--list", "rows", type=click.IntRange(0, 20_000), default=5000, help="People")
    @click.option("--json", "as_json", is_flag=True, help="Print JSON.")
    def registrations(
        people: int, seats: int, processes: int, runs: int, pace: int, rows: int, as_json: bool
    ) -> None:
        """Let people register at once, kill everything once, and look for what went wrong."""
        size = Size(people, seats, processes, runs, pace, rows)
        result = run_registration_bench(make_app, size, lambda line: click.echo(line, err=as_json))
        text = json.dumps(result, ensure_ascii=False)
        click.echo(text if as_json else render_registration_bench(result))

    return registrations
