"""Who may open the pages of the evaluation ledger: the secretariat and reviewers.

Both published posts belong to organisations of which neither is a member.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.architecture.access_rules import REVIEWER, SECRETARIAT, Row, Things, get, only, post

PAIR: dict[str, Any] = {"need_id": "published_need_id", "offering_id": "published_offering_id"}
JUDGES = (SECRETARIAT, REVIEWER)


def _rows() -> Iterator[Row]:
    for page in ("index", "entries", "coverage"):
        yield get(f"ledger.{page}", only(*JUDGES))
    yield get("ledger.entries_xlsx", only(SECRETARIAT))
    yield get("ledger.pair", only(*JUDGES), **PAIR)
    yield get(
        "ledger.pair",
        {**only(SECRETARIAT), REVIEWER: 404},
        need_id="draft_need_id",
        offering_id="published_offering_id",
    )
    yield post("ledger.judge", only(*JUDGES, status=422), **PAIR)
    # There is no judgement of theirs to take back.
    yield post("ledger.take_back", only(*JUDGES, status=404), **PAIR)
    yield post("ledger.skip", only(*JUDGES, status=302), **PAIR)


ROWS: tuple[Row, ...] = tuple(_rows())


def add_things(world: Things) -> None:
    """The published posts of the world are all that is needed."""
