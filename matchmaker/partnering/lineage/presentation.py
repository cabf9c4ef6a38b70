"""What the page of a lineage shows: graph, table and timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, url_for

from matchmaker.core.actor import Actor
from matchmaker.partnering.lineage import queries
from matchmaker.partnering.lineage.domain import (
    KIND_LABELS,
    LAYERS,
    Audience,
    RecordKey,
    RecordKind,
)
from matchmaker.partnering.lineage.family import Family
from matchmaker.partnering.lineage.graph import Drawing, draw
from matchmaker.partnering.lineage.models import LineageRecord
from matchmaker.partnering.lineage.readers import READERS
from matchmaker.partnering.lineage.results import results_of
from matchmaker.partnering.lineage.wording import tag_words

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


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline.

    Args:
        words: what happened: 「公開中」になりました, or the words for the event.
        title: how the record is called now.
        former_title: how it was called then, where that differs.
        actor_name: who did it; empty for those who do not read names.
    """

    at: datetime
    kind_label: str
    words: str
    title: str
    url: str
    former_title: str
    actor_name: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the template needs."""

    title: str
    kind_label: str
    url: str
    state_label: str
    drawing: Drawing
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
    urls = {key: url_of(key) for key in family.subjects}
    return Page(
        title=start.title,
        kind_label=KIND_LABELS[start.key.kind],
        url=urls[start.key],
        state_label=start.state_label,
        drawing=draw(family),
        urls=urls,
        rows=_rows(family, urls),
        results=results_of(actor, family),
        happenings=_happenings(actor, family, urls),
        shows_names=actor.is_secretariat,
        hides_some=bool(family.hidden_above or family.hidden_below),
        is_cut=family.is_cut,
    )


def url_of(key: RecordKey) -> str:
    """Address of a record's own page."""
    endpoint, name = ADDRESSES[key.kind]
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


def _happenings(actor: Actor, family: Family, urls: dict[RecordKey, str]) -> list[Happening]:
    entries = [
        each for each in queries.entries_of(family.subjects.keys()) if _may_read(actor, each)
    ]
    # What grows from a step is written within it, and so before it; people read the step first.
    entries.sort(key=lambda each: (each.at, LAYERS[each.kind], each.sequence))
    return [_happening(actor, family, urls, each) for each in entries]


def _may_read(actor: Actor, entry: LineageRecord) -> bool:
    if entry.audience is Audience.RECORD or actor.is_secretariat:
        return True
    return actor.belongs_to(entry.organization_id)


def _happening(
    actor: Actor, family: Family, urls: dict[RecordKey, str], entry: LineageRecord
) -> Happening:
    key = RecordKey(entry.kind, entry.record_id)
    title = family.subjects[key].title
    return Happening(
        at=entry.at,
        kind_label=KIND_LABELS[entry.kind],
        words=words_of(entry),
        title=title,
        url=urls[key],
        former_title=entry.title if entry.title not in ("", title) else "",
        actor_name=entry.actor_name if actor.is_secretariat else "",
    )


def words_of(entry: LineageRecord) -> str:
    """What an entry tells, in a few words."""
    labels = READERS[entry.kind].labels
    after = labels.get(entry.after or "", "")
    if not after:
        return tag_words(entry.tag)
    before = labels.get(entry.before or "", "")
    return f"「{before}」から「{after}」へ" if before else f"{tag_words(entry.tag)}（{after}）"
