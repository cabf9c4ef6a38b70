"""The commands ``flask seed`` and ``flask demo-accounts``."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from matchmaker.core import clock
from matchmaker.core.settings import current_settings
from matchmaker.seeding import accounts
from matchmaker.seeding.accounts import NoDemoInProduction
from matchmaker.seeding.loading import Outcome, seed
from matchmaker.seeding.progress import Seeder


@click.command("seed")
@click.option("--reference-only", is_flag=True, help="Only reference data and documented cases.")
@click.option("--demo", is_flag=True, help="The demo too, even if the database is not empty.")
@with_appcontext
def seed_command(reference_only: bool, demo: bool) -> None:
    """Load reference data, cases and, into an empty database, the demo. Can be run again."""
    if reference_only and demo:
        raise click.UsageError("--reference-only and --demo exclude each other")
    settings = current_settings()
    try:
        seed(settings, clock.now(), reference_only=reference_only, demo=demo, report=_tell)
    except NoDemoInProduction as error:
        raise click.ClickException(str(error)) from error


def _tell(outcome: Outcome) -> None:
    click.echo(f"{outcome.label}: {outcome.number} ({outcome.seconds:.1f} s)")


@click.command("demo-accounts")
@click.option("--reset", is_flag=True, help="Give the accounts the shown password again.")
@with_appcontext
def demo_accounts_command(reset: bool) -> None:
    """Print the sign-ins of the demo."""
    seeder, settings = Seeder(clock.now()), current_settings()
    try:
        password = accounts.demo_password(settings)
    except NoDemoInProduction as error:
        raise click.ClickException(str(error)) from error
    if reset:
        accounts.reset_passwords(seeder, settings)
    present = accounts.present_accounts(seeder)
    if not present:
        raise click.ClickException("there are no demo accounts here; run: flask seed --demo")
    for account in present:
        click.echo(f"{account.email:<36}{password}  {account.work}")
