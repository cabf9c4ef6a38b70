"""What was read in the texts of posts whose field 品目 is empty, kept from one page to the next.

Putting it together takes much longer than drawing the map. An entry of the index gets a higher
sequence number with every change, so what belongs to a number holds for good; numbers are asked
for with each page, so that a change counts at once in every process.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Select, String, type_coerce

from embeddings.facts import NeedFacts, OfferingFacts
from embeddings.reading.stated import ONE_OFF, state_need, state_offering
from matchmaker.core.db import db
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.matching.engine import GEOGRAPHY, geography
from matchmaker.matching.facts import from_json
from matchmaker.matching.models import IndexEntry
from matchmaker.posts.domain import PostKind

FEW = 500
"""Up to so many entries are asked for by number, more all at once."""

Key = str | uuid.UUID
"""An id as the driver gives it: of one form within a database."""
Entry = tuple[Key, int]


class TextReading(NamedTuple):
    """What the text of a post says.

    Attributes:
        materials: names of what a need is about, or of what an offering takes in.
        tonnes: yearly amount of a need (its upper end), or capacity of an offering.
        waste: name of the class of waste of a need.
        lot: least amount that an offering takes, in tonnes a year.
        area: prefectures that an offering serves.
    """

    materials: tuple[str, ...]
    tonnes: float | None
    waste: str | None = None
    lot: float | None = None
    area: tuple[str, ...] = ()


_lock = threading.Lock()
_known: WeakKeyDictionary[Engine, dict[PostKind, Mapping[Entry, TextReading]]] = WeakKeyDictionary()


def key(column: Any) -> Any:
    """An id without turning it into an object, which takes longer than reading its row."""
    return type_coerce(column, String)


def texts_of(kind: PostKind, entries: Select[Any]) -> dict[Key, TextReading]:
    """What the texts of posts say, by key (one statement, two where something has changed).

    Args:
        kind: of the posts.
        entries: chooses rows of ``IndexEntry``; its columns are exchanged.
    """
    numbered = entries.with_only_columns(key(IndexEntry.post_id), IndexEntry.seq)
    wanted = [(row[0], row[1]) for row in db.session.execute(numbered)]
    with _lock:
        before = _known.get(db.engine, {}).get(kind, {})
    missing = {entry for entry in wanted if entry not in before}
    fresh = _read(kind, entries, missing) if missing else {}
    found = {
        entry: reading for entry in wanted if (reading := before.get(entry) or fresh.get(entry))
    }
    if missing:
        with _lock:
            _known.setdefault(db.engine, {})[kind] = found
    return {post: reading for (post, _), reading in found.items()}


def _read(
    kind: PostKind, entries: Select[Any], missing: Collection[Entry]
) -> dict[Entry, TextReading]:
    query = entries.with_only_columns(key(IndexEntry.post_id), IndexEntry.seq, IndexEntry.facts)
    if len(missing) <= FEW:
        query = query.where(IndexEntry.seq.in_([number for _, number in missing]))
    return {
        (post, number): _reading(from_json(kind, facts))
        for post, number, facts in db.session.execute(query)
        if (post, number) in missing
    }


def _reading(facts: NeedFacts | OfferingFacts) -> TextReading:
    return _of_need(facts) if isinstance(facts, NeedFacts) else _of_offering(facts)


def _of_need(facts: NeedFacts) -> TextReading:
    stated = state_need(facts)
    is_yearly = stated.once.value != ONE_OFF and stated.quantity.value
    tonnes = stated.quantity.value[1] if is_yearly and stated.quantity.value else None
    return TextReading(stated.materials.value or (), tonnes, waste=stated.waste_class.value)


def _of_offering(facts: OfferingFacts) -> TextReading:
    stated, places = state_offering(facts), geography(GEOGRAPHY)
    named = stated.service_area.value
    return TextReading(
        stated.materials.value or (),
        stated.capacity.value,
        lot=stated.minimum_lot.value,
        area=tuple(name for name in PREFECTURES if named and places.covers(named, name)),
    )
