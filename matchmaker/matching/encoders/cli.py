"""``flask encoder …``: how far a change of the encoder is, and taking part in it."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from matchmaker.core import clock
from matchmaker.core.settings import current_settings
from matchmaker.matching.encoders import jobs, queries
from matchmaker.matching.encoders.domain import STATE_LABELS
from matchmaker.matching.live import live_encoder

encoder_commands = AppGroup("encoder", help="Change the encoder while the present one serves.")


@encoder_commands.command("status")
def status() -> None:
    """Print which encoder serves and how far each change is."""
    settings = current_settings()
    click.echo(f"serves: {live_encoder(settings)}   setting: {settings.embedding_model}")
    for run in queries.recent_runs():
        click.echo(
            f"{run.started_at:%Y-%m-%d %H:%M}  {run.state.value:<9} {run.done}/{run.total}  "
            f"{run.model}  {STATE_LABELS[run.state]}  {run.message}".rstrip()
        )


@encoder_commands.command("follow")
def follow() -> None:
    """Embed all texts with the encoder of the settings, measure it and switch."""
    while jobs.follow_setting(clock.now(), lambda done, total: click.echo(f"{done}/{total}")):
        pass
    status.callback()  # type: ignore[misc]
