"""Reads the ledger: everything said of pairs in one shape, and what judges need to see."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Subquery, select, union_all

from matchmaker.accounts.models import User
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.matching.ledger import policy
from matchmaker.matching.ledger.domain import (
    LedgerEntry,
    Pair,
    Reading,
    Side,
)
from matchmaker.matching.ledger.extensions import evidence_sources
from matchmaker.matching.ledger.fingerprints import MarkReader, stored_marks
from matchmaker.matching.ledger.models import Judgement, JudgementChange
from matchmaker.posts.domain import PostKind

MOST_ENTRIES = 50_000
MOST_EXPORTED = 10_000
MOST_OPINIONS = 50


def entries(
    *, since: datetime | None = None, limit: int = MOST_ENTRIES, with_stale: bool = False
) -> Sequence[LedgerEntry]:
    """Everything said of pairs, newest first, in the shape that learning reads.

    Args:
        since: only what was said from then on.
        limit: at most so many (bounded by 50,000).
        with_stale: also judgements of posts that were rewritten since; marked as such.
    """
    said = everything()
    query = select(said).order_by(said.c.at.desc(), said.c.record_id.desc())
    if since is not None:
        query = query.where(said.c.at >= since)
    found = as_entries(db.session.execute(query.limit(min(limit, MOST_ENTRIES))).all())
    return [entry for entry in found if with_stale or not entry.is_stale]


def everything() -> Subquery:
    """All sources as one table; see :func:`matchmaker.matching.ledger.extensions.evidence`."""
    statements = [source.rows() for source in evidence_sources().values()]
    return union_all(*statements).subquery("said")


def as_entries(rows: Sequence[Any]) -> list[LedgerEntry]:
    """Rows of :func:`everything` as entries, with grade, weight and staleness."""
    sources = evidence_sources()
    marked = [row for row in rows if row.need_mark]
    marks = stored_marks({id_ for row in marked for id_ in (row.need_id, row.offering_id)})
    people: dict[Any, str] = {}
    return [
        _entry(row, sources[row.source].reading(row.verdict, row.reason), marks, people)
        for row in rows
    ]


def _entry(
    row: Any, reading: Reading, marks: Mapping[uuid.UUID, str], people: dict[Any, str]
) -> LedgerEntry:
    person = people.setdefault(row.person_id, str(len(people) + 1)) if row.person_id else ""
    return LedgerEntry(
        need_id=row.need_id,
        offering_id=row.offering_id,
        grade=reading.grade,
        side=Side(row.side),
        source=row.source,
        verdict=row.verdict,
        reason=row.reason,
        weight=reading.weight,
        at=row.at,
        organization_id=row.organization_id,
        person=person,
        is_stale=_is_stale(row.need_mark, row.offering_mark, marks, row),
    )


def _is_stale(
    need_mark: str, offering_mark: str, marks: Mapping[uuid.UUID, str], pair: Any
) -> bool:
    """Whether a post is known to say something else now; posts without an entry are not known."""
    if not need_mark:
        return False
    return (marks.get(pair.need_id, need_mark), marks.get(pair.offering_id, offering_mark)) != (
        need_mark,
        offering_mark,
    )


@dataclass(frozen=True, slots=True)
class Judging:
    """What the form for judging one pair needs.

    Attributes:
        need_id, offering_id: the pair.
        need_mark, offering_mark: what both posts say now; sent along, so that a judgement is about
            what was read.
        own: what the person said before, also when it was taken back; None for nothing.
        is_stale: whether a post was rewritten since.
    """

    need_id: uuid.UUID
    offering_id: uuid.UUID
    need_mark: str
    offering_mark: str
    own: Judgement | None = None

    @property
    def is_given(self) -> bool:
        """Whether the person's judgement stands."""
        return self.own is not None and not self.own.is_taken_back

    @property
    def is_stale(self) -> bool:
        """Whether a post was rewritten since the person judged."""
        return self.is_given and self.own is not None and (
            (self.own.need_hash, self.own.offering_hash) != (self.need_mark, self.offering_mark)
        )  # fmt: skip

    @property
    def revision(self) -> int:
        """Revision of what was said before; 0 for nothing."""
        return self.own.revision if self.own else 0


def judging_for(actor: Actor, pairs: Sequence[tuple[Any, Any]]) -> dict[Pair, Judging]:
    """The forms for judging some pairs; pairs that the person may not judge are left out.

    Args:
        actor: who would judge.
        pairs: needs and offerings with their tags and organisations.
    """
    allowed = [pair for pair in pairs if policy.can_judge_pair(actor, *pair)]
    if not allowed:
        return {}
    own = _own_judgements(actor, [(need.id, offering.id) for need, offering in allowed])
    marks = MarkReader()
    needs = {need.id: marks.of(PostKind.NEED, need) for need, _ in _first_of_each(allowed, 0)}
    offers = {each.id: marks.of(PostKind.OFFERING, each) for _, each in _first_of_each(allowed, 1)}
    return {
        (need.id, offering.id): Judging(
            need.id, offering.id, needs[need.id], offers[offering.id],
            own.get((need.id, offering.id)),
        )
        for need, offering in allowed
    }  # fmt: skip


def _first_of_each(pairs: Sequence[tuple[Any, Any]], side: int) -> list[tuple[Any, Any]]:
    return list({pair[side].id: pair for pair in reversed(pairs)}.values())


def _own_judgements(actor: Actor, pairs: Sequence[Pair]) -> dict[Pair, Judgement]:
    query = select(Judgement).where(
        Judgement.judge_id == actor.user_id,
        Judgement.need_id.in_({need_id for need_id, _ in pairs}),
        Judgement.offering_id.in_({offering_id for _, offering_id in pairs}),
    )
    return {(each.need_id, each.offering_id): each for each in db.session.scalars(query)}


def own_judgement(actor: Actor, pair: Pair) -> Judgement | None:
    """What the person said of a pair, also when it was taken back."""
    return _own_judgements(actor, [pair]).get(pair)


def judgements_of(pair: Pair) -> Sequence[Judgement]:
    """All judgements of a pair that stand, oldest first, at most 50."""
    query = (
        select(Judgement)
        .where(
            Judgement.need_id == pair[0],
            Judgement.offering_id == pair[1],
            Judgement.is_taken_back.is_(False),
        )
        .order_by(Judgement.made_at, Judgement.id)
        .limit(MOST_OPINIONS)
    )
    return db.session.scalars(query).all()


def changes_of(judgement_ids: Sequence[uuid.UUID]) -> Sequence[JudgementChange]:
    """The history of some judgements, oldest first, at most 200 steps."""
    query = (
        select(JudgementChange)
        .where(JudgementChange.judgement_id.in_(judgement_ids))
        .order_by(JudgementChange.at, JudgementChange.revision)
        .limit(4 * MOST_OPINIONS)
    )
    return db.session.scalars(query).all()


def answers_of(pair: Pair) -> Sequence[LedgerEntry]:
    """What people of the two organisations said of a pair, newest first, at most 50."""
    said = everything()
    query = (
        select(said)
        .where(said.c.need_id == pair[0], said.c.offering_id == pair[1], said.c.need_mark == "")
        .order_by(said.c.at.desc(), said.c.record_id.desc())
    )
    return as_entries(db.session.execute(query.limit(MOST_OPINIONS)).all())


def names_of(user_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names of some people."""
    query = select(User.id, User.name).where(User.id.in_(user_ids))
    return dict(db.session.execute(query).tuples().all())
