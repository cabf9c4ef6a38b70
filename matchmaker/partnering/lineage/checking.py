"""Comparing the states that the lineage tells with those of the tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from matchmaker.core.db import db
from matchmaker.partnering.lineage import queries
from matchmaker.partnering.lineage.domain import REPLAYED_KINDS, RecordKey, RecordKind, replay
from matchmaker.partnering.lineage.readers import READERS


@dataclass(frozen=True, slots=True)
class Difference:
    """A record whose states differ, or an entry that does not follow from those before it.

    Args:
        replayed: by the lineage; None where it knows nothing of the record.
        stored: by the table; None where the record is not there.
        is_break: the entries themselves do not fit together.
    """

    key: RecordKey
    replayed: str | None
    stored: str | None
    is_break: bool = False


def differences() -> list[Difference]:
    """All differences of introductions, matches, coalitions, consortia and pilots.

    A record that was deleted (with its post) is no difference: its entries stay.
    """
    found = replay(queries.all_steps(REPLAYED_KINDS))
    wrong = [Difference(each.key, each.expected, each.told, is_break=True) for each in found.breaks]
    for kind in REPLAYED_KINDS:
        for key, state in stored_states(kind):
            if found.states.get(key) != state:
                wrong.append(Difference(key, found.states.get(key), state))
    return wrong


def stored_states(kind: RecordKind) -> Iterator[tuple[RecordKey, str]]:
    """Each record of a kind with its present state."""
    model = READERS[kind].id_column.class_
    rows = db.session.execute(select(model.id, model.state).order_by(model.id))
    for row in rows.yield_per(queries.READ_AT_ONCE):
        yield RecordKey(kind, row.id), row.state.value
