"""Commands of matching: ``flask bench …`` for figures, ``flask index …`` for the index."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from embeddings.bench_folder import BadBenchFolder
from embeddings.partnership import BadParameters, read_model
from embeddings.ranking_bench import render_ranking_bench, run_ranking_bench
from embeddings.refresh_speed import render_refresh_bench, run_refresh_bench
from embeddings.speed import render_speed_bench, run_speed_bench
from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.matching.engine import current_engine
from matchmaker.matching.indexing import request_all, waiting_requests
from matchmaker.matching.jobs import process_index_queue
from matchmaker.matching.readings.current import current_reader
from matchmaker.posts.domain import PostKind

bench = AppGroup("bench", help="Measure ranking, speed and pages.")
index_commands = AppGroup("index", help="Look after the index of posts.")


def show(result: Mapping[str, Any], as_json: bool, text: str) -> None:
    """Print a result as JSON or for people."""
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else text)


@bench.command("ranking")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    help="Measure the parameters in this file instead of those in use.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def bench_ranking(folder: Path, model: Path | None, as_json: bool) -> None:
    """Rank a judged set in FOLDER and print the quality of each system."""
    engine = current_engine()
    try:
        rules = engine.rules()
        if model is not None:
            rules = replace(rules, model=read_model(model))
        result = run_ranking_bench(folder, engine.encoder, rules=rules)
    except (BadBenchFolder, BadParameters) as error:
        raise click.ClickException(str(error)) from error
    show(result, as_json, render_ranking_bench(result))


@bench.command("speed")
@click.option("--offerings", type=click.IntRange(1, 1_000_000), default=10_000, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def bench_speed(offerings: int, as_json: bool) -> None:
    """Rank a stored need over many offerings; encoding and reading pairs are figures of their own.

    A million offerings take some 7 GB in the folder for temporary files (TMPDIR) and minutes.
    """
    engine = current_engine()
    result = run_speed_bench(
        offerings,
        engine.rules(),
        encoder=engine.encoder,
        reader=current_reader().to_measure(),
        report=lambda done: click.echo(f"{done} offerings", err=True),
    )
    show(result, as_json, render_speed_bench(result))


@bench.command("refresh")
@click.option("--needs", type=click.IntRange(1, 20_000), default=2000, show_default=True)
@click.option("--offerings", type=click.IntRange(1, 30_000), default=20_000, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def bench_refresh(needs: int, offerings: int, as_json: bool) -> None:
    """Rank all offerings for each of many needs, then change some offerings."""
    result = run_refresh_bench(
        needs,
        offerings,
        current_engine().rules(),
        report=lambda done: click.echo(f"{done}/{needs} needs", err=True),
    )
    show(result, as_json, render_refresh_bench(result))


@index_commands.command("save")
def save_command() -> None:
    """Write the index of large sides to files, from which processes start without reading all."""
    for path in current_engine().save():
        click.echo(str(path))


@index_commands.command("rebuild")
def rebuild() -> None:
    """Make the entries of all published posts anew and wait until that is done."""
    now = clock.now()
    total = sum(request_all(kind, now) for kind in PostKind)
    db.session.commit()
    click.echo(f"{total} posts requested")
    while done := process_index_queue(now):
        click.echo(f"{done} done, {waiting_requests()} waiting")


@index_commands.command("update")
def update_command() -> None:
    """Make all entries that are waiting, telling how many are left."""
    done = process_index_queue(clock.now(), report=lambda left: click.echo(f"{left} posts left"))
    click.echo(f"{done} posts read")
