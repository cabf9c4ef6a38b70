"""First entries for records that were there before the lineage was kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from matchmaker.core.db import db
from matchmaker.partnering.coalitions.models import Coalition, CoalitionMember
from matchmaker.partnering.consortia.models import Consortium, ConsortiumProposal
from matchmaker.partnering.introductions.matches.models import Match
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.partnering.lineage import queries
from matchmaker.partnering.lineage.domain import RecordKey, RecordKind
from matchmaker.partnering.lineage.readers import NO_TITLE, READERS
from matchmaker.partnering.lineage.service import Entry, append
from matchmaker.partnering.pilots.models import Pilot
from matchmaker.posts.domain import PostState
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.proposals.models import Proposal

TAG = "lineage:record:taken-over"
AT_ONCE = 500
SHOWN = (PostState.PUBLISHED, PostState.PAUSED, PostState.CLOSED)
K = RecordKind


def backfill() -> int:
    """Give every record without an entry its first one, with links to what it grew from.

    It can be run as often as one likes; what has an entry is left alone.

    Returns:
        How many entries were written.
    """
    return sum(_of_kind(kind) for kind in RecordKind)


def _of_kind(kind: RecordKind) -> int:
    known = queries.known_ids(kind)
    ids = [each for each in db.session.scalars(_ids(kind)) if each not in known]
    for first in range(0, len(ids), AT_ONCE):
        for record in READERS[kind].load(ids[first : first + AT_ONCE]):
            append(_entry(kind, record))
    return len(ids)


def _ids(kind: RecordKind) -> Select[Any]:
    model = READERS[kind].id_column.class_
    query = select(model.id).order_by(model.created_at, model.id)
    return query.where(model.state.in_(SHOWN)) if kind in (K.NEED, K.OFFERING) else query


def _entry(kind: RecordKind, record: Any) -> Entry:
    parents = PARENTS[kind](record) if kind in PARENTS else ()
    return Entry(
        key=RecordKey(kind, record.id),
        at=_since(record),
        tag=TAG,
        title=READERS[kind].title(record) or NO_TITLE,
        after=record.state.value,
        parents=[each for each in parents if each.record_id is not None],
    )


def _since(record: Any) -> datetime:
    """When it began: a post with its publication, anything else with its first row."""
    published: datetime | None = getattr(record, "published_at", None)
    created: datetime = record.created_at
    return published or created


def _of_introduction(record: Introduction) -> Iterable[RecordKey]:
    return [RecordKey(K.NEED, record.need_id), RecordKey(K.OFFERING, record.offering_id)]


def _of_match(record: Match) -> Iterable[RecordKey]:
    return [RecordKey(K.INTRODUCTION, record.introduction_id)]


def _of_coalition(record: Coalition) -> Iterable[RecordKey]:
    query = select(CoalitionMember.need_id).where(
        CoalitionMember.coalition_id == record.id, CoalitionMember.need_id.is_not(None)
    )
    needs = {each for each in (record.need_id, *db.session.scalars(query)) if each}
    return [
        *(RecordKey(K.NEED, each) for each in sorted(needs)),
        _maybe(K.OFFERING, record.offering_id),
    ]


def _of_consortium(record: Consortium) -> Iterable[RecordKey]:
    return [_maybe(K.MATCH, record.match_id), _maybe(K.COALITION, record.coalition_id)]


def _of_proposal(record: Proposal) -> Iterable[RecordKey]:
    query = select(ConsortiumProposal.consortium_id).where(
        ConsortiumProposal.proposal_id == record.id, ConsortiumProposal.unlinked_at.is_(None)
    )
    merged = select(Proposal.id).where(Proposal.merged_into_id == record.id)
    return [
        _maybe(K.NEED, record.need_id),
        _maybe(K.OFFERING, record.offering_id),
        *(RecordKey(K.CONSORTIUM, each) for each in db.session.scalars(query)),
        *(RecordKey(K.PROPOSAL, each) for each in db.session.scalars(merged)),
    ]


def _of_group(record: WorkingGroup) -> Iterable[RecordKey]:
    return [_maybe(K.PROPOSAL, record.origin_proposal_id)]


def _of_pilot(record: Pilot) -> Iterable[RecordKey]:
    return [RecordKey(K.CONSORTIUM, record.consortium_id)]


def _maybe(kind: RecordKind, record_id: Any) -> RecordKey:
    """A link that is left out where there is no id."""
    return RecordKey(kind, record_id)


PARENTS: dict[RecordKind, Callable[[Any], Iterable[RecordKey]]] = {
    K.INTRODUCTION: _of_introduction,
    K.MATCH: _of_match,
    K.COALITION: _of_coalition,
    K.CONSORTIUM: _of_consortium,
    K.PROPOSAL: _of_proposal,
    K.GROUP: _of_group,
    K.PILOT: _of_pilot,
}
