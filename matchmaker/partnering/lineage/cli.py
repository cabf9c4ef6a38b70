"""Commands on the lineage."""

from __future__ import annotations

from flask.cli import AppGroup

from matchmaker.core.db import db
from matchmaker.partnering.lineage.backfill import backfill
from matchmaker.partnering.lineage.checking import Difference, differences

lineage_commands = AppGroup("lineage", help="The record of how things came about.")


@lineage_commands.command("check")
def check() -> None:
    """Compare the replayed states with the tables; ends with 1 where they differ."""
    found = differences()
    for each in found:
        print(_words(each))
    print(f"{len(found)} differences")
    if found:
        raise SystemExit(1)


@lineage_commands.command("backfill")
def write_first_entries() -> None:
    """Give records from before the lineage their first entry; may be run again at any time."""
    written = backfill()
    db.session.commit()
    print(f"{written} entries written")


def _words(each: Difference) -> str:
    name = f"{each.key.kind} {each.key.record_id}"
    if each.is_break:
        return f"{name}: an entry tells it was {each.stored}, the ones before tell {each.replayed}"
    return f"{name}: the lineage tells {each.replayed}, the table {each.stored}"
