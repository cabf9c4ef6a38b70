"""Fills a throw-away database with introductions, matches and their lineage.

Rows are written in bulk, past the services: this is for measuring pages, not for use.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import func, insert, select

from matchmaker.core.db import db, new_id
from matchmaker.needs.models import Need
from matchmaker.offerings.models import Offering
from matchmaker.partnering.introductions.domain import IntroductionState, ReasonCode, Side, Source
from matchmaker.partnering.introductions.matches.domain import MatchState
from matchmaker.partnering.introductions.matches.models import Match
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.partnering.lineage.domain import Audience, RecordKind
from matchmaker.partnering.lineage.models import LineageLink, LineageRecord

CHUNK = 1000
SEED = 20260402
OF_THE_FIRST = 30
"""So many introductions grow from the first need, whose lineage is looked at."""
LONGEST_AGO_DAYS = 300
STATES = (
    IntroductionState.OPEN, IntroductionState.ASKED_BACK, IntroductionState.ACCEPTED,
    IntroductionState.DECLINED, IntroductionState.WITHDRAWN, IntroductionState.UNANSWERED,
)  # fmt: skip
S, K = IntroductionState, RecordKind
Row = dict[str, Any]


def fill_introductions(
    needs: Sequence[uuid.UUID], offerings: Sequence[uuid.UUID], count: int, now: datetime
) -> None:
    """Write introductions of all states with matches, and the lineage of them and their posts.

    Args:
        needs, offerings: ids of published posts; the first need gets 30 introductions.
        count: how many introductions are wanted; pairs within one organisation are left out.
        now: the latest moment.
    """
    chance = random.Random(SEED)  # noqa: S311 - repeatable, not secret
    owners = {**_owners(Need), **_owners(Offering)}
    rows = [
        _introduction(need, offering, owners, chance, now)
        for need, offering in _pairs(needs, offerings, count)
        if owners[need] != owners[offering]
    ]
    matches = [_match(row) for row in rows if row["state"] is S.ACCEPTED]
    _write(Introduction, rows)
    _write(Match, matches)
    _write_lineage(needs, offerings, rows, matches, now)


def _owners(model: Any) -> dict[uuid.UUID, uuid.UUID]:
    query = select(model.id, model.organization_id).order_by(model.id)
    return {row.id: row.organization_id for row in db.session.execute(query)}


def _pairs(
    needs: Sequence[uuid.UUID], offerings: Sequence[uuid.UUID], count: int
) -> Iterator[tuple[uuid.UUID, uuid.UUID]]:
    """Each pair once: those of the first need, then all others in turn."""
    of_first = min(OF_THE_FIRST, count, len(offerings))
    yield from ((needs[0], offering) for offering in offerings[:of_first])
    others = needs[1:]
    for number in range(min(count - of_first, len(others) * len(offerings))):
        round_, place = divmod(number, len(others))
        yield others[place], offerings[(place + round_) % len(offerings)]


def _introduction(
    need: uuid.UUID,
    offering: uuid.UUID,
    owners: Mapping[uuid.UUID, uuid.UUID],
    chance: random.Random,
    now: datetime,
) -> Row:
    state = chance.choice(STATES)
    began = now - timedelta(days=chance.uniform(1, LONGEST_AGO_DAYS))
    ends = {S.OPEN, S.ASKED_BACK}
    due = now + timedelta(days=chance.uniform(-1, 20)) if state in ends else began
    changed = began + (now - began) * chance.random()
    return {
        "id": new_id(), "need_id": need, "offering_id": offering, "from_side": Side.TOWN,
        "source": Source.RECOMMENDATION, "sender_organization_id": owners[need],
        "receiver_organization_id": owners[offering], "note": "話を聞かせてください。", "wish": "",
        "state": state, "reason": "", "answer_due_at": due, "turn_began_at": began,
        "reason_code": ReasonCode.DISTANCE if state is S.DECLINED else None,
        "closes": 0, "revision": 1, "created_at": began, "updated_at": changed,
    }  # fmt: skip


def _match(introduction: Row) -> Row:
    return {
        "id": new_id(), "introduction_id": introduction["id"], "state": MatchState.TALKING,
        "reason": "", "next_step": "", "next_count": 0, "times_made": 1, "revision": 1,
        "created_at": introduction["updated_at"], "updated_at": introduction["updated_at"],
    }  # fmt: skip


def _write(model: Any, rows: Iterable[Row]) -> None:
    waiting = iter(rows)
    while part := list(islice(waiting, CHUNK)):
        db.session.execute(insert(model), part)


def _write_lineage(
    needs: Sequence[uuid.UUID],
    offerings: Sequence[uuid.UUID],
    introductions: Sequence[Row],
    matches: Sequence[Row],
    now: datetime,
) -> None:
    """An entry for each record, and the links of introductions and matches."""
    published = now - timedelta(days=LONGEST_AGO_DAYS + 1)
    told = [(K.NEED, each, published, "published") for each in needs]
    told += [(K.OFFERING, each, published, "published") for each in offerings]
    told += [
        (K.INTRODUCTION, each["id"], each["created_at"], each["state"].value)
        for each in introductions
    ]
    told += [(K.MATCH, each["id"], each["created_at"], "talking") for each in matches]
    first = (db.session.scalar(select(func.max(LineageRecord.sequence))) or 0) + 1
    _write(LineageRecord, (_entry(first + place, *each) for place, each in enumerate(told)))
    numbers = {each[1]: first + place for place, each in enumerate(told)}
    grown = [(K.INTRODUCTION, each["id"], K.NEED, each["need_id"]) for each in introductions]
    grown += [
        (K.INTRODUCTION, each["id"], K.OFFERING, each["offering_id"]) for each in introductions
    ]
    grown += [(K.MATCH, each["id"], K.INTRODUCTION, each["introduction_id"]) for each in matches]
    _write(LineageLink, (_link(numbers[each[1]], *each) for each in grown))


def _entry(sequence: int, kind: RecordKind, record_id: uuid.UUID, at: datetime, state: str) -> Row:
    return {
        "sequence": sequence, "at": at, "actor_name": "", "kind": kind, "record_id": record_id,
        "tag": "lineage:record:taken-over", "after": state, "title": "",
        "audience": Audience.RECORD,
    }  # fmt: skip


def _link(
    sequence: int,
    kind: RecordKind,
    record_id: uuid.UUID,
    parent_kind: RecordKind,
    parent_id: uuid.UUID,
) -> Row:
    return {
        "entry_sequence": sequence, "kind": kind, "record_id": record_id,
        "parent_kind": parent_kind, "parent_id": parent_id, "is_linked": True,
    }  # fmt: skip
