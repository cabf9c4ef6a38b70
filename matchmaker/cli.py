"""Commands about the whole service: ``flask release``, ``flask start``, ``flask invite``.

Each feature brings its own commands (``flask worker``, ``flask seed``, ``flask bench …``).
"""

from __future__ import annotations

import os
import socket
import sys

import click
from flask import Flask
from flask.cli import with_appcontext
from flask_migrate import upgrade

from config import ROOT, Settings
from embeddings.model_files import ModelFilesMissing, unpack_bundled_model
from matchmaker.accounts.invitations import invite
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, GlobalRole
from matchmaker.core.database import MIGRATIONS
from matchmaker.core.db import db
from matchmaker.core.errors import ProductError
from matchmaker.core.settings import current_settings
from matchmaker.matching.cli import update_command
from matchmaker.matching.indexing import waiting_requests
from matchmaker.seeding.commands import demo_accounts_command, seed_command


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(release_command)
    app.cli.add_command(start_command)
    app.cli.add_command(invite_command)


@click.command("release")
@with_appcontext
@click.pass_context
def release_command(context: click.Context) -> None:
    """Make everything ready for this version: model, database, reference data. Can be run again."""
    settings = current_settings()
    _unpack_model(settings)
    upgrade(str(MIGRATIONS))
    context.invoke(seed_command, reference_only=settings.is_production, demo=False)
    if waiting_requests():
        click.echo("Reading the posts for the ranking (once, about a minute)")
        context.invoke(update_command)


@click.command("start")
@with_appcontext
@click.pass_context
def start_command(context: click.Context) -> None:
    """Make everything ready, then run the web and the worker process until Ctrl-C."""
    settings = current_settings()
    _require_free_port(settings)
    context.invoke(release_command)
    click.echo(f"\nめぐりあわせ: {settings.resolved_public_url()}  (Ctrl-C ends it)\n")
    if not settings.is_production:
        click.echo("Demo sign-ins (address, password, who):")
        context.invoke(demo_accounts_command, reset=False)
    sys.stdout.flush()
    _become_process_manager(settings)


@click.command("invite")
@click.argument("address")
@click.argument("role", type=click.Choice([role.value for role in GlobalRole]))
@with_appcontext
def invite_command(address: str, role: str) -> None:
    """Invite a person by mail to a role for the whole service: the first one, say."""
    try:
        invite(address, SYSTEM, clock.now(), global_role=GlobalRole(role))
    except ProductError as error:
        raise click.ClickException(error.message) from error
    db.session.commit()
    click.echo(f"{address} gets an invitation as {role} by mail from the worker")


def _unpack_model(settings: Settings) -> None:
    if settings.embedding_model != "bundled":
        return
    try:
        unpack_bundled_model(settings.resolved_model_dir())
    except (ModelFilesMissing, OSError) as error:
        # The service ranks by words alone then, and says so on its pages.
        click.echo(f"The language model cannot be used: {error}", err=True)


def _require_free_port(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise click.ClickException(
                f"{settings.host}:{settings.port} cannot be used ({error.strerror}). "
                f"Choose another port, for example: PORT={settings.port + 1} make run"
            ) from error


def _become_process_manager(settings: Settings) -> None:
    # honcho gives each process a port of its own; links in mail need the one of the web process.
    os.environ["PUBLIC_URL"] = settings.resolved_public_url()
    os.environ["PORT"] = str(settings.port)
    # The commands of the Procfile are those of this environment, activated or not.
    scripts = os.path.dirname(sys.executable)  # noqa: PTH120 - the link must not be followed
    os.environ["PATH"] = os.pathsep.join([scripts, os.environ.get("PATH", "")])
    command = [sys.executable, "-m", "honcho", "start", "-p", str(settings.port), "web", "worker"]
    os.chdir(ROOT)
    os.execv(sys.executable, command)  # noqa: S606
