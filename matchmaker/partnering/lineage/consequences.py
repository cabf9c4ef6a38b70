"""What the lineage keeps of the events of the product; all others pass it by.

An event is written before its consequences run, so that what follows from it has a higher sequence.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from matchmaker.core.db import db
from matchmaker.core.domain_events import DomainEvent
from matchmaker.matching.events import RecommendationJudged
from matchmaker.partnering.coalitions.events import (
    CoalitionClosed,
    CoalitionFormed,
    CoalitionMemberAnswered,
    CoalitionMemberAsked,
    CoalitionReached,
)
from matchmaker.partnering.consortia.events import (
    ConsortiumChanged,
    ConsortiumFounded,
    ConsortiumMoved,
    ConsortiumProposed,
    PartnerMoved,
)
from matchmaker.partnering.introductions.events import IntroductionMoved, IntroductionSent
from matchmaker.partnering.introductions.matches.events import (
    AppointmentChanged,
    MatchChanged,
    MatchMade,
    MatchUndone,
)
from matchmaker.partnering.lineage import queries
from matchmaker.partnering.lineage.domain import Audience, RecordKey, RecordKind
from matchmaker.partnering.lineage.readers import subject_of
from matchmaker.partnering.lineage.service import Entry, append
from matchmaker.partnering.pilots.events import (
    IndicatorReported,
    PilotChanged,
    PilotMoved,
    PilotPlanned,
)
from matchmaker.posts.domain import PostKind, PostState
from matchmaker.posts.events import PostDeleted, PostMoved
from matchmaker.working_groups.groups.events import GroupFounded, GroupMoved
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.proposals.domain import ProposalMove
from matchmaker.working_groups.proposals.events import ProposalBegun, ProposalMoved
from matchmaker.working_groups.proposals.models import Proposal

TOLD_STATES = frozenset({PostState.PUBLISHED, PostState.PAUSED, PostState.CLOSED})
"""The lineage of a post begins when it is published; what happens to a draft is nobody's affair."""

K = RecordKind


@dataclass(frozen=True, slots=True)
class Told:
    """What an event tells besides who and when.

    Args:
        before, after: states; where both are None, they are read off the record.
        parents, former_parents: links that begin or end with it.
        needs_change: whether it is only kept where the state of the record changed.
        tag: a narrower tag than the event's own, where one event tells of several things.
    """

    before: str | None = None
    after: str | None = None
    parents: Iterable[RecordKey] = ()
    former_parents: Iterable[RecordKey] = ()
    audience: Audience = Audience.RECORD
    needs_change: bool = False
    tag: str = ""


def follow(event: DomainEvent) -> None:
    """Write an event into the lineage, if it is one of those kept there."""
    handler = FOLLOWED.get(type(event))
    if handler is not None:
        handler(event)


def _write(event: DomainEvent, key: RecordKey, told: Told | None = None) -> None:
    told = told or Told()
    subject = subject_of(key)
    before, after = told.before, told.after
    if after is None and subject is not None:
        before = queries.last_state(key)
        after = None if subject.state == before else subject.state
    if told.needs_change and after is None:
        return
    append(
        Entry(
            key=key, at=event.now, tag=told.tag or event.tag, actor_name=event.actor.name,
            organization_id=event.organization_id, title=subject.title if subject else "",
            before=before if after is not None else None, after=after, audience=told.audience,
            parents=told.parents, former_parents=told.former_parents,
        )
    )  # fmt: skip


def _keys(kind: RecordKind, *ids: uuid.UUID | None) -> list[RecordKey]:
    return [RecordKey(kind, each) for each in ids if each is not None]


def _subject_of(kind: RecordKind) -> Callable[[DomainEvent], None]:
    """Keep the event with its record; a changed state is read off the record."""
    return lambda event: _write(event, RecordKey(kind, event.subject_id))


def _moved(kind: RecordKind) -> Callable[[Any], None]:
    """Keep an event that tells the states itself."""
    return lambda event: _write(
        event, RecordKey(kind, event.subject_id), Told(str(event.before), str(event.after))
    )


def _post_key(event: PostMoved | PostDeleted) -> RecordKey:
    return RecordKey(K.NEED if event.kind is PostKind.NEED else K.OFFERING, event.subject_id)


def _post_moved(event: PostMoved) -> None:
    if {event.before, event.after} & TOLD_STATES:
        _write(event, _post_key(event))


def _post_deleted(event: PostDeleted) -> None:
    if queries.last_state(_post_key(event)) is not None:
        _write(event, _post_key(event))


def _judged(event: RecommendationJudged) -> None:
    """What somebody thinks of a pair is for their organisation."""
    for kind in (K.NEED, K.OFFERING):
        key = RecordKey(kind, event.subject_id)
        if subject_of(key) is not None:
            _write(event, key, Told(audience=Audience.ORGANIZATION))


def _sent(event: IntroductionSent) -> None:
    parents = [*_keys(K.NEED, event.need_id), *_keys(K.OFFERING, event.offering_id)]
    _write(event, RecordKey(K.INTRODUCTION, event.subject_id), Told(parents=parents))


def _match_made(event: MatchMade) -> None:
    parents = _keys(K.INTRODUCTION, event.introduction_id)
    _write(event, RecordKey(K.MATCH, event.subject_id), Told(parents=parents))


def _match_changed(event: MatchChanged) -> None:
    _write(event, RecordKey(K.MATCH, event.subject_id), Told(needs_change=True))


def _coalition_formed(event: CoalitionFormed) -> None:
    parents = [*_keys(K.NEED, *event.need_ids), *_keys(K.OFFERING, event.offering_id)]
    _write(event, RecordKey(K.COALITION, event.subject_id), Told(parents=parents))


def _coalition_asked(event: CoalitionMemberAsked) -> None:
    """Whoever is asked besides takes a reached coalition back."""
    _write(event, RecordKey(K.COALITION, event.subject_id), Told(needs_change=True))


def _coalition_answered(event: CoalitionMemberAnswered) -> None:
    tag = f"coalitions:member:{'joined' if event.is_in else 'declined'}"
    _write(event, RecordKey(K.COALITION, event.subject_id), Told(tag=tag))


def _partner_moved(event: PartnerMoved) -> None:
    tag = f"consortia:partner:{event.after}"
    _write(event, RecordKey(K.CONSORTIUM, event.subject_id), Told(tag=tag))


def _consortium_founded(event: ConsortiumFounded) -> None:
    parents = [*_keys(K.MATCH, *event.match_ids), *_keys(K.COALITION, event.coalition_id)]
    _write(event, RecordKey(K.CONSORTIUM, event.subject_id), Told(parents=parents))


def _proposal_linked(event: ConsortiumProposed) -> None:
    parent = _keys(K.CONSORTIUM, event.subject_id)
    told = Told(parents=parent) if event.is_linked else Told(former_parents=parent)
    _write(event, RecordKey(K.PROPOSAL, event.proposal_id), told)


def _pilot_planned(event: PilotPlanned) -> None:
    parents = _keys(K.CONSORTIUM, event.consortium_id)
    _write(event, RecordKey(K.PILOT, event.subject_id), Told(parents=parents))


def _proposal_begun(event: ProposalBegun) -> None:
    proposal = db.session.get_one(Proposal, event.subject_id)
    parents = [*_keys(K.NEED, proposal.need_id), *_keys(K.OFFERING, proposal.offering_id)]
    _write(event, RecordKey(K.PROPOSAL, event.subject_id), Told(parents=parents))


def _proposal_moved(event: ProposalMoved) -> None:
    """A merged proposal lives on in another one, until the merge is taken back."""
    key = RecordKey(K.PROPOSAL, event.subject_id)
    _write(event, key)
    proposal = db.session.get_one(Proposal, event.subject_id)
    if event.move is ProposalMove.MERGE and proposal.merged_into_id is not None:
        _write(event, RecordKey(K.PROPOSAL, proposal.merged_into_id), Told(parents=[key]))
    if event.move is ProposalMove.UNMERGE:
        for _, child in queries.links_below([key]):
            if child.kind is K.PROPOSAL:
                _write(event, child, Told(former_parents=[key]))


def _group_founded(event: GroupFounded) -> None:
    group = db.session.get_one(WorkingGroup, event.subject_id)
    parents = _keys(K.PROPOSAL, group.origin_proposal_id)
    _write(event, RecordKey(K.GROUP, event.subject_id), Told(parents=parents))


FOLLOWED: Mapping[type[DomainEvent], Callable[[Any], None]] = {
    PostMoved: _post_moved,
    PostDeleted: _post_deleted,
    RecommendationJudged: _judged,
    IntroductionSent: _sent,
    IntroductionMoved: _moved(K.INTRODUCTION),
    MatchMade: _match_made,
    MatchUndone: _subject_of(K.MATCH),
    MatchChanged: _match_changed,
    AppointmentChanged: _subject_of(K.MATCH),
    CoalitionFormed: _coalition_formed,
    CoalitionMemberAsked: _coalition_asked,
    CoalitionMemberAnswered: _coalition_answered,
    CoalitionReached: _subject_of(K.COALITION),
    CoalitionClosed: _subject_of(K.COALITION),
    ConsortiumFounded: _consortium_founded,
    ConsortiumChanged: _subject_of(K.CONSORTIUM),
    ConsortiumMoved: _moved(K.CONSORTIUM),
    PartnerMoved: _partner_moved,
    ConsortiumProposed: _proposal_linked,
    ProposalBegun: _proposal_begun,
    ProposalMoved: _proposal_moved,
    GroupFounded: _group_founded,
    GroupMoved: _subject_of(K.GROUP),
    PilotPlanned: _pilot_planned,
    PilotChanged: _subject_of(K.PILOT),
    PilotMoved: _moved(K.PILOT),
    IndicatorReported: _subject_of(K.PILOT),
}
