"""Who may open lineages, the figures from needs to pilots, and the secretariat's board.

The introduction is that of the match of the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from matchmaker.core.db import db
from matchmaker.partnering.introductions.matches.models import Match
from tests.architecture.access_rules import (
    OWNERS,
    SECRETARIAT,
    Row,
    Things,
    everyone,
    get,
    hidden_except,
    only,
    post,
)

INTRODUCTION: dict[str, Any] = {"introduction_id": "board_introduction_id"}


def _rows() -> Iterator[Row]:
    lineage = "lineage.show"
    yield get(lineage, everyone(), kind="need", record_id="published_need_id")
    yield get(
        lineage, hidden_except(*OWNERS, SECRETARIAT), kind="offering", record_id="draft_offering_id"
    )
    for kind, name in (("introduction", "board_introduction_id"), ("match", "match_id")):
        yield get(lineage, hidden_except(*OWNERS, SECRETARIAT), kind=kind, record_id=name)
    yield get("introduction_figures.index", only(SECRETARIAT))
    yield get("introduction_figures.export", only(SECRETARIAT), table="stages")
    yield get("introduction_figures.overview", everyone())
    yield get("introduction_board.index", only(SECRETARIAT))
    yield get("introduction_board.show", only(SECRETARIAT), **INTRODUCTION)
    yield post(
        "introduction_board.move", only(SECRETARIAT, status=422), {"move": "undo"}, **INTRODUCTION
    )
    yield post("introduction_board.correct", only(SECRETARIAT, status=409), **INTRODUCTION)


ROWS: tuple[Row, ...] = tuple(_rows())


def add_things(world: Things) -> None:
    """Name the introduction of the match."""
    match = db.session.get_one(Match, world.ids["match_id"])
    world.ids["board_introduction_id"] = match.introduction_id
