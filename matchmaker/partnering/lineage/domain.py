"""Rules of the lineage: kinds of records, who reads an entry, replaying entries into states."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

TITLE_LENGTH = 200
NAME_LENGTH = 100


class RecordKind(StrEnum):
    """What an entry of the lineage is about, in the order in which one grows from another."""

    NEED = "need"
    OFFERING = "offering"
    INTRODUCTION = "introduction"
    MATCH = "match"
    COALITION = "coalition"
    CONSORTIUM = "consortium"
    PROPOSAL = "proposal"
    GROUP = "group"
    PILOT = "pilot"


KIND_LABELS: Mapping[RecordKind, str] = {
    RecordKind.NEED: "ニーズ",
    RecordKind.OFFERING: "シーズ",
    RecordKind.INTRODUCTION: "紹介",
    RecordKind.MATCH: "紹介の成立",
    RecordKind.COALITION: "連合",
    RecordKind.CONSORTIUM: "座組",
    RecordKind.PROPOSAL: "提案",
    RecordKind.GROUP: "WG",
    RecordKind.PILOT: "実証",
}
LAYERS: Mapping[RecordKind, int] = {
    RecordKind.NEED: 0,
    RecordKind.OFFERING: 0,
    RecordKind.INTRODUCTION: 1,
    RecordKind.MATCH: 2,
    RecordKind.COALITION: 2,
    RecordKind.CONSORTIUM: 3,
    RecordKind.PROPOSAL: 4,
    RecordKind.GROUP: 5,
    RecordKind.PILOT: 6,
}
"""Row of the graph in which a kind stands."""

REPLAYED_KINDS = (
    RecordKind.INTRODUCTION,
    RecordKind.MATCH,
    RecordKind.COALITION,
    RecordKind.CONSORTIUM,
    RecordKind.PILOT,
)
"""Kinds whose states in the tables are compared with the replayed ones."""


class Audience(StrEnum):
    """Who reads an entry: whoever may see its record, or one organisation (and the secretariat)."""

    RECORD = "record"
    ORGANIZATION = "organization"


class RecordKey(NamedTuple):
    """One record of the product."""

    kind: RecordKind
    record_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Step:
    """One entry as replaying sees it.

    Args:
        key: the record.
        before: the state it was in, or None where the entry does not tell.
        after: the state it went to, or None where the entry is about no state.
    """

    key: RecordKey
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Break:
    """An entry that does not follow from the ones before it."""

    key: RecordKey
    position: int
    expected: str | None
    told: str


@dataclass(slots=True)
class Replay:
    """Where all records stand after the entries, and entries that did not fit."""

    states: dict[RecordKey, str] = field(default_factory=dict)
    breaks: list[Break] = field(default_factory=list)


def replay(steps: Iterable[Step]) -> Replay:
    """Go through entries in the order of their sequence and rebuild the states.

    Args:
        steps: entries, oldest first.

    Returns:
        The last state of each record; an entry whose ``before`` is not the state rebuilt so far is
        also listed as a break (its ``after`` is taken all the same).
    """
    found = Replay()
    for position, step in enumerate(steps):
        if step.after is None:
            continue
        present = found.states.get(step.key)
        if step.before is not None and step.before != present:
            found.breaks.append(Break(step.key, position, present, step.before))
        found.states[step.key] = step.after
    return found
