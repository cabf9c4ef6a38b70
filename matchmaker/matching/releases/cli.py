"""``flask ranking …``: train, measure, compare, use and go back to versions of the ranking."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click
from flask.cli import AppGroup

from embeddings.bench_folder import BadBenchFolder
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.errors import ProductError
from matchmaker.matching.engine import current_engine
from matchmaker.matching.live import shadow_version
from matchmaker.matching.models import RankingVersion
from matchmaker.matching.releases import comparing, queries, report, service, training
from matchmaker.matching.releases.domain import SHIPPED_NUMBER, objections_in
from matchmaker.matching.releases.workshop import JUDGED, current_workshop

ranking_commands = AppGroup("ranking", help="Versions of the ranking.")
Result = TypeVar("Result")
REFUSED_STATUS = 3
"""Exit status when a version was stored but may not be used."""
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
reason_option = click.option("--reason", required=True, help="Why; kept in the log.")
judged_option = click.option(
    "--judged", type=click.Path(path_type=Path), default=JUDGED, show_default=False,
    help="Folder of the judged sets (seeds/judged).",
)  # fmt: skip


def carried_out(action: Callable[[], Result]) -> Result:
    """Run a command of a service and commit; what a person may cause becomes a plain message."""
    try:
        result = action()
        db.session.commit()
    except (ProductError, BadBenchFolder) as error:
        db.session.rollback()
        raise click.ClickException(str(error)) from error
    return result


def tell(done: int, total: int, step: str) -> None:
    """Progress on the error stream, so that ``--json`` stays clean."""
    click.echo(f"{done}/{total} {step}", err=True)


@ranking_commands.command("train")
@judged_option
@json_option
def train(judged: Path, as_json: bool) -> None:
    """Fit a new version from the ledger and the judged sets; keep it as a candidate, or refuse it.

    Exits with 3 when it was refused.
    """
    workshop = carried_out(lambda: current_workshop(judged))
    version = carried_out(lambda: training.train_version(workshop, SYSTEM, clock.now(), tell))
    show_version(version, as_json)


@ranking_commands.command("check")
@click.argument("number", type=click.IntRange(1))
@judged_option
@json_option
def check(number: int, judged: Path, as_json: bool) -> None:
    """Measure version NUMBER again, beside the one that is live now."""
    workshop = carried_out(lambda: current_workshop(judged))
    version = carried_out(lambda: queries.version_with(number))
    carried_out(lambda: training.check_version(version, workshop, SYSTEM, clock.now(), tell))
    show_version(version, as_json)


def show_version(version: RankingVersion, as_json: bool) -> None:
    """Print a version's figures; exits with 3 when something speaks against it."""
    objections = objections_in(version.figures, version.figures["against"])
    result = {
        "number": version.number,
        "state": version.state.value,
        "trained_on": version.trained_on,
        "figures": version.figures,
        "objections": [str(each) for each in objections],
    }
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else version_text(result))
    if objections:
        raise click.exceptions.Exit(REFUSED_STATUS)


def version_text(result: Mapping[str, Any]) -> str:
    """A version with its figures, for people."""
    pairs = ", ".join(f"{name} {count:,}" for name, count in result["trained_on"].items())
    lines = [f"version {result['number']}: {result['state']}", f"judged pairs: {pairs}", ""]
    lines.append(report.table_text(result["figures"]))
    lines += [f"against it: {each}" for each in result["objections"]]
    return "\n".join(lines)


@ranking_commands.command("versions")
@json_option
def versions(as_json: bool) -> None:
    """List all versions, newest first; 0 is the one that comes with the product."""
    live = queries.live_number()
    rows: list[dict[str, Any]] = [
        {
            "number": version.number,
            "state": version.state.value,
            "trained_at": version.trained_at.isoformat(),
            "reason": version.reason,
            "sets": {
                name: {key: each[key] for key in ("ndcg10", "ece")}
                for name, each in version.figures["sets"].items()
            },
        }
        for version in queries.all_versions()
    ]
    rows.append(
        {"number": SHIPPED_NUMBER, "state": "live" if live == SHIPPED_NUMBER else "shipped"}
    )
    if as_json:
        click.echo(json.dumps({"live": live, "versions": rows}, ensure_ascii=False))
        return
    for row in rows:
        figures = " ".join(f"{k} {v['ndcg10']:.4f}" for k, v in row.get("sets", {}).items())
        click.echo(f"{row['number']:>4}  {row['state']:<10} {figures}  {row.get('reason', '')}")


@ranking_commands.command("promote")
@click.argument("number", type=click.IntRange(1))
@reason_option
@click.option("--despite", is_flag=True, help="Although something speaks against it.")
def promote(number: int, reason: str, despite: bool) -> None:
    """Use version NUMBER from now on."""

    def action() -> None:
        version, live = queries.version_with(number), queries.live_number()
        service.promote(version, live, reason, SYSTEM, clock.now(), despite=despite)

    carried_out(action)
    click.echo(f"version {number} is live")


@ranking_commands.command("rollback")
@click.argument("number", type=click.IntRange(0))
@reason_option
def rollback(number: int, reason: str) -> None:
    """Go back to version NUMBER; 0 is the one that comes with the product."""
    carried_out(
        lambda: service.roll_back(number, queries.live_number(), reason, SYSTEM, clock.now())
    )
    click.echo(f"version {number} is live again")


@ranking_commands.command("refuse")
@click.argument("number", type=click.IntRange(1))
@reason_option
def refuse(number: int, reason: str) -> None:
    """Put candidate NUMBER aside."""
    carried_out(lambda: service.refuse(queries.version_with(number), reason, SYSTEM, clock.now()))
    click.echo(f"version {number} was put aside")


@ranking_commands.command("shadow")
@click.argument("number", type=click.IntRange(1))
@reason_option
@click.option("--end", is_flag=True, help="Stop comparing it.")
def shadow(number: int, reason: str, end: bool) -> None:
    """Compare version NUMBER with the live one day by day; nobody sees its order."""
    step = service.end_shadow if end else service.put_in_shadow
    carried_out(lambda: step(queries.version_with(number), reason, SYSTEM, clock.now()))
    click.echo(f"version {number} {'left' if end else 'is in'} shadow")


@ranking_commands.command("compare")
@click.argument("number", type=click.IntRange(1), required=False)
@json_option
def compare(number: int | None, as_json: bool) -> None:
    """Compare the orders of version NUMBER (the one in shadow) and of the live one."""
    version = shadow_version() if number is None else carried_out(
        lambda: queries.version_with(number)
    )  # fmt: skip
    if version is None:
        raise click.ClickException("no version is in shadow; name one")
    found = carried_out(
        lambda: comparing.compare_stored(version, current_engine(), clock.now(), tell)
    )
    result = {"number": version.number, "live": found.live_number, "needs": found.needs}
    figures = {key: value for key, value in found.figures.items() if key != "best"}
    if as_json:
        click.echo(json.dumps({**result, **figures}, ensure_ascii=False))
        return
    click.echo(f"version {version.number} beside {found.live_number}, {found.needs} needs")
    click.echo(f"common among the best ten: {figures['overlap10']}")
    click.echo("judged since: {pairs} pairs, shadow right {shadow}, live right {live}".format(
        **figures["judged"]
    ))  # fmt: skip
    for each in figures["moved"]:
        places = f"{each['live_place'] or '-'} -> {each['shadow_place'] or '-'}"
        click.echo(f"{places:>8}  {each['need_title']} / {each['offering_title']}")


@ranking_commands.command("report")
@judged_option
@click.option("--write", is_flag=True, help="Write the figures of the shipped parameters.")
@json_option
def report_command(judged: Path, write: bool, as_json: bool) -> None:
    """Measure the live version; with --write the shipped one, into docs/matching-quality.md."""
    workshop = carried_out(lambda: current_workshop(judged))
    figures = training.measure_shipped(workshop, tell) if write else queries.live_figures()
    if write:
        report.write(figures)
    click.echo(json.dumps(figures, ensure_ascii=False) if as_json else report.table_text(figures))
