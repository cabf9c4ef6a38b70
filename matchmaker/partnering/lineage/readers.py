"""The records that the lineage tells of: loading them, what they are called, who may see them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.core.actor import Actor
from matchmaker.core.clock import now, today
from matchmaker.core.db import db
from matchmaker.needs.models import Need
from matchmaker.offerings.models import Offering
from matchmaker.partnering.coalitions import policy as coalitions
from matchmaker.partnering.coalitions.domain import COALITION_LABELS
from matchmaker.partnering.coalitions.models import Coalition
from matchmaker.partnering.consortia import policy as consortia
from matchmaker.partnering.consortia.domain import CONSORTIUM_STATES
from matchmaker.partnering.consortia.models import Consortium
from matchmaker.partnering.introductions import policy as introductions
from matchmaker.partnering.introductions.domain import STATE_LABELS as INTRODUCTION_LABELS
from matchmaker.partnering.introductions.matches import policy as matches
from matchmaker.partnering.introductions.matches.domain import MATCH_LABELS
from matchmaker.partnering.introductions.matches.models import Match
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.partnering.lineage.domain import RecordKey, RecordKind
from matchmaker.partnering.pilots.domain import PILOT_STATES, STARTED_STATES
from matchmaker.partnering.pilots.models import Pilot
from matchmaker.posts import policy as posts
from matchmaker.posts.domain import STATE_LABELS as POST_LABELS
from matchmaker.working_groups.groups import policy as groups
from matchmaker.working_groups.groups.domain import GROUP_STATES
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.groups.policy import OUTSIDE
from matchmaker.working_groups.groups.queries import standings_of
from matchmaker.working_groups.proposals import policy as proposals
from matchmaker.working_groups.proposals.domain import PROPOSAL_STATES
from matchmaker.working_groups.proposals.models import Proposal

NO_TITLE = "（件名なし）"


@dataclass(frozen=True, slots=True)
class Reader:
    """How records of one kind are read.

    Args:
        query: loads them with what title and policy need.
        id_column: column of their id.
        title: how a record is called.
        labels: Japanese words of its states.
        visible: those of the given records that the person may see.
    """

    query: Callable[[], Select[Any]]
    id_column: Any
    title: Callable[[Any], str]
    labels: Mapping[Any, str]
    visible: Callable[[Actor, Sequence[Any]], Iterable[Any]]

    def load(self, ids: Collection[uuid.UUID]) -> Sequence[Any]:
        """The records with these ids that are there."""
        query = self.query().where(self.id_column.in_(list(ids)))
        return db.session.scalars(query).unique().all()


@dataclass(frozen=True, slots=True)
class Subject:
    """A record as people see it now.

    Args:
        key: kind and id.
        title: how it is called now.
        state: its present state as a word.
        state_label: the same in Japanese.
    """

    key: RecordKey
    title: str
    state: str
    state_label: str


def by(allowed: Callable[[Actor, Any], bool]) -> Callable[[Actor, Sequence[Any]], Iterable[Any]]:
    """The rule of a policy that needs nothing but the record."""
    return lambda actor, records: [each for each in records if allowed(actor, each)]


def pair_title(introduction: Introduction) -> str:
    """Both posts of an introduction."""
    need, offering = introduction.need.title, introduction.offering.title
    return f"{need or NO_TITLE} × {offering or NO_TITLE}"


def _introductions() -> Select[Any]:
    return select(Introduction).options(
        joinedload(Introduction.need), joinedload(Introduction.offering)
    )


def _matches() -> Select[Any]:
    pair = joinedload(Match.introduction)
    return select(Match).options(
        pair.joinedload(Introduction.need), pair.joinedload(Introduction.offering)
    )


def _coalitions() -> Select[Any]:
    return select(Coalition).options(
        joinedload(Coalition.offering),
        joinedload(Coalition.material),
        selectinload(Coalition.members),
    )


def _coalition_title(coalition: Coalition) -> str:
    return f"{coalition.material.name}の連合（{coalition.offering.title or NO_TITLE}）"


def _consortia() -> Select[Any]:
    return select(Consortium).options(selectinload(Consortium.partners))


def _pilots() -> Select[Any]:
    return select(Pilot).options(joinedload(Pilot.consortium).selectinload(Consortium.partners))


def _may_see_pilot(actor: Actor, pilot: Pilot) -> bool:
    """Partners and the secretariat; everybody where a page of it is public and it has begun."""
    is_open = pilot.is_public and pilot.state in STARTED_STATES
    return is_open or consortia.can_view(actor, pilot.consortium)


def _proposals() -> Select[Any]:
    return select(Proposal).options(selectinload(Proposal.authors))


def _may_see_proposal(actor: Actor, proposal: Proposal) -> bool:
    standing = proposals.standing_in(actor, proposal.authors)
    return proposals.can_see(actor, proposal, standing)


def _visible_groups(actor: Actor, found: Sequence[WorkingGroup]) -> Iterable[WorkingGroup]:
    roles = standings_of(actor, today(now()))
    return [
        each for each in found if groups.can_view_group(actor, each, roles.get(each.id, OUTSIDE))
    ]


READERS: Mapping[RecordKind, Reader] = {
    RecordKind.NEED: Reader(
        lambda: select(Need), Need.id, lambda each: each.title, POST_LABELS, by(posts.can_view)
    ),
    RecordKind.OFFERING: Reader(
        lambda: select(Offering), Offering.id, lambda each: each.title, POST_LABELS,
        by(posts.can_view),
    ),
    RecordKind.INTRODUCTION: Reader(
        _introductions, Introduction.id, pair_title, INTRODUCTION_LABELS, by(introductions.can_view)
    ),
    RecordKind.MATCH: Reader(
        _matches, Match.id, lambda each: pair_title(each.introduction), MATCH_LABELS,
        by(matches.can_view),
    ),
    RecordKind.COALITION: Reader(
        _coalitions, Coalition.id, _coalition_title, COALITION_LABELS, by(coalitions.can_view)
    ),
    RecordKind.CONSORTIUM: Reader(
        _consortia, Consortium.id, lambda each: each.name, CONSORTIUM_STATES.labels,
        by(consortia.can_view),
    ),
    RecordKind.PILOT: Reader(
        _pilots, Pilot.id, lambda each: each.title, PILOT_STATES.labels, by(_may_see_pilot)
    ),
    RecordKind.PROPOSAL: Reader(
        _proposals, Proposal.id, lambda each: each.title, PROPOSAL_STATES.labels,
        by(_may_see_proposal),
    ),
    RecordKind.GROUP: Reader(
        lambda: select(WorkingGroup), WorkingGroup.id, lambda each: each.name,
        GROUP_STATES.labels, _visible_groups,
    ),
}  # fmt: skip


def subject_of(key: RecordKey) -> Subject | None:
    """A record whoever asks, for writing entries; None when it is not there."""
    found = READERS[key.kind].load([key.record_id])
    return _subject(key.kind, found[0]) if found else None


def visible_subjects(actor: Actor, keys: Collection[RecordKey]) -> dict[RecordKey, Subject]:
    """Those of these records that are there and that the person may see (a statement a kind)."""
    found: dict[RecordKey, Subject] = {}
    for kind, reader in READERS.items():
        ids = [key.record_id for key in keys if key.kind is kind]
        if not ids:
            continue
        for record in reader.visible(actor, reader.load(ids)):
            subject = _subject(kind, record)
            found[subject.key] = subject
    return found


def _subject(kind: RecordKind, record: Any) -> Subject:
    reader, state = READERS[kind], record.state
    value = state.value if isinstance(state, StrEnum) else str(state)
    title = reader.title(record) or NO_TITLE
    return Subject(RecordKey(kind, record.id), title, value, reader.labels.get(state, ""))
