"""What the page of a lineage shows: graph, table and timeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for

from matchmaker.core.actor import Actor
from matchmaker.partnering.lineage.domain import KIND_LABELS, RecordKey, RecordKind
from matchmaker.partnering.lineage.family import Family
from matchmaker.partnering.lineage.graph import Drawing, draw
from matchmaker.partnering.lineage.happenings import Happening, happenings_of
from matchmaker.partnering.lineage.results import results_of
from matchmaker.partnering.pilots import queries as pilots

Address = tuple[str, str]
ADDRESSES: dict[RecordKind, Address] = {
    RecordKind.NEED: ("needs.show", "post_id"),
    RecordKind.OFFERING: ("offerings.show", "post_id"),
    RecordKind.INTRODUCTION: ("introductions.show", "introduction_id"),
    RecordKind.MATCH: ("matches.show", "match_id"),
    RecordKind.COALITION: ("coalitions.show", "coalition_id"),
    RecordKind.CONSORTIUM: ("consortia.show", "consortium_id"),
    RecordKind.PROPOSAL: ("proposals.show", "proposal_id"),
    RecordKind.GROUP: ("working_groups.show", "group_id"),
    RecordKind.PILOT: ("pilots.show", "pilot_id"),
}
"""Endpoint of the page of each kind, and its parameter."""

PUBLIC_PILOT: Address = ("public_pilots.show", "pilot_id")
"""Where those who take no part in a pilot read what is public of it."""


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the template needs."""

    title: str
    kind_label: str
    url: str
    state_label: str
    drawing: Drawing
    narrow_drawing: Drawing
    urls: dict[RecordKey, str]
    rows: list[dict[str, Any]]
    results: list[dict[str, Any]]
    happenings: list[Happening]
    shows_names: bool
    hides_some: bool
    is_cut: bool


def page_of(actor: Actor, family: Family) -> Page:
    """The page of a family, as the person may see it."""
    start = family.subjects[family.start]
    urls = _urls(actor, family)
    return Page(
        title=start.title,
        kind_label=KIND_LABELS[start.key.kind],
        url=urls[start.key],
        state_label=start.state_label,
        drawing=draw(family),
        narrow_drawing=draw(family, boxes_a_row=1),
        urls=urls,
        rows=_rows(family, urls),
        results=results_of(actor, family),
        happenings=happenings_of(actor, family, urls),
        shows_names=actor.is_secretariat,
        hides_some=bool(family.hidden_above or family.hidden_below),
        is_cut=family.is_cut,
    )


def _urls(actor: Actor, family: Family) -> dict[RecordKey, str]:
    """The page of each record that the person may open."""
    pilot_ids = [key.record_id for key in family.subjects if key.kind is RecordKind.PILOT]
    whole = pilots.seen_whole(actor, pilot_ids)
    addresses = {
        RecordKey(RecordKind.PILOT, each): PUBLIC_PILOT for each in pilot_ids if each not in whole
    }
    return {key: _url(key, addresses.get(key, ADDRESSES[key.kind])) for key in family.subjects}


def _url(key: RecordKey, address: Address) -> str:
    endpoint, name = address
    if endpoint not in current_app.view_functions:
        return ""
    values: dict[str, Any] = {name: key.record_id}
    return url_for(endpoint, **values)


def _rows(family: Family, urls: dict[RecordKey, str]) -> list[dict[str, Any]]:
    rows = []
    for each in family.in_order():
        url = urls[each.key]
        parents = "、".join(parent.title for parent in family.parents_of(each.key))
        rows.append(
            {
                "title": {"text": each.title, "url": url} if url else each.title,
                "kind": KIND_LABELS[each.key.kind],
                "state": each.state_label,
                "parents": parents,
            }
        )
    return rows
