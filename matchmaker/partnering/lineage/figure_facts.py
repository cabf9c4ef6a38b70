"""Reading what the figures are made of: the lineage, the needs, and why things stopped."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select

from matchmaker.core.db import db
from matchmaker.needs.fields import NEED_FIELDS
from matchmaker.needs.models import Need, NeedTag
from matchmaker.partnering.consortia.domain import CONSORTIUM_STATES, ConsortiumState
from matchmaker.partnering.consortia.models import Consortium
from matchmaker.partnering.introductions.domain import (
    CLOSED_STATES,
    REASON_LABELS,
    IntroductionState,
)
from matchmaker.partnering.introductions.domain import STATE_LABELS as INTRODUCTION_LABELS
from matchmaker.partnering.introductions.matches.domain import MATCH_LABELS, MatchState
from matchmaker.partnering.introductions.matches.models import Match
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.partnering.lineage.domain import RecordKey, RecordKind
from matchmaker.partnering.lineage.figures import (
    Grouping,
    NeedFacts,
    Stage,
    Stop,
    by_stage,
    descendants,
    half_year,
)
from matchmaker.partnering.lineage.models import LineageLink, LineageRecord
from matchmaker.partnering.pilots.domain import END_REASON_LABELS, PILOT_STATES, PilotState
from matchmaker.partnering.pilots.models import Pilot
from matchmaker.posts.models import Material
from matchmaker.working_groups.proposals.domain import PROPOSAL_STATES, ProposalState
from matchmaker.working_groups.proposals.models import Proposal

MOST_NEEDS = 20_000
MOST_LINKS = 200_000
"""So many links the figures are made of at the most; the oldest are left out beyond."""

TAG_GROUPINGS = {"materials": Grouping.MATERIAL, "circulation_methods": Grouping.METHOD}
METHOD_LABELS = {
    choice.code: choice.label for choice in NEED_FIELDS.by_name["circulation_methods"].choices
}


def all_needs() -> list[NeedFacts]:
    """Every need that was ever published, with what grew from it (five statements)."""
    firsts, children = first_moments(), _children()
    tags = _tags()
    query = select(Need.id, Need.prefecture).order_by(Need.id).limit(MOST_NEEDS)
    found = []
    for row in db.session.execute(query):
        key = RecordKey(RecordKind.NEED, row.id)
        if key in firsts:
            parts = {**tags.get(row.id, {}), **_own_parts(row.prefecture, firsts[key])}
            records = by_stage(descendants(key, children), firsts)
            found.append(NeedFacts(key, firsts[key], parts, records))
    return found


def _own_parts(prefecture: str | None, at: datetime) -> dict[Grouping, tuple[str, ...]]:
    places = (prefecture,) if prefecture else ()
    return {Grouping.HALF: (half_year(at),), Grouping.PREFECTURE: places}


def first_moments() -> dict[RecordKey, datetime]:
    """When each record of the lineage that is a stage of the figures has its first entry."""
    query = (
        select(LineageRecord.kind, LineageRecord.record_id, func.min(LineageRecord.at))
        .where(LineageRecord.kind.in_([RecordKind(stage.value) for stage in Stage]))
        .group_by(LineageRecord.kind, LineageRecord.record_id)
    )
    return {RecordKey(kind, id_): at for kind, id_, at in db.session.execute(query).tuples()}


def _children() -> dict[RecordKey, list[RecordKey]]:
    query = (
        select(
            LineageLink.parent_kind, LineageLink.parent_id, LineageLink.kind,
            LineageLink.record_id, LineageLink.is_linked,
        )
        .order_by(LineageLink.sequence.desc())
        .limit(MOST_LINKS)
    )  # fmt: skip
    known: set[tuple[RecordKey, RecordKey]] = set()
    children: dict[RecordKey, list[RecordKey]] = defaultdict(list)
    for row in db.session.execute(query):
        parent = RecordKey(row.parent_kind, row.parent_id)
        child = RecordKey(row.kind, row.record_id)
        if (parent, child) not in known and row.is_linked:
            children[parent].append(child)
        known.add((parent, child))
    return children


def _tags() -> dict[uuid.UUID, dict[Grouping, tuple[str, ...]]]:
    names = material_names()
    query = (
        select(NeedTag.post_id, NeedTag.facet, NeedTag.code)
        .where(NeedTag.facet.in_(list(TAG_GROUPINGS)))
        .order_by(NeedTag.facet, NeedTag.position)
    )
    found: dict[uuid.UUID, dict[Grouping, tuple[str, ...]]] = defaultdict(dict)
    for post_id, facet, code in db.session.execute(query).tuples():
        grouping = TAG_GROUPINGS[facet]
        labels = names if grouping is Grouping.MATERIAL else METHOD_LABELS
        parts = found[post_id]
        parts[grouping] = (*parts.get(grouping, ()), labels.get(code, code))
    return found


def material_names() -> dict[str, str]:
    """The name of each material by its code."""
    rows = db.session.execute(select(Material.code, Material.name).order_by(Material.position))
    return {row.code: row.name for row in rows}


def all_stops() -> dict[RecordKey, Stop]:
    """Records that came to an end without going on, each with the reason in words."""
    stops: dict[RecordKey, Stop] = {}
    for read in (_introductions, _matches, _consortia, _proposals, _pilots):
        stops.update(read())
    return stops


def _rows(
    kind: RecordKind, stage: Stage, query: Any, words: Callable[[Any], str]
) -> Iterable[tuple[RecordKey, Stop]]:
    for row in db.session.execute(query):
        yield RecordKey(kind, row.id), Stop(stage, words(row))


def _coded(labels: Mapping[Any, str]) -> Callable[[Any], str]:
    """The reason code in words, or else the state."""
    return lambda row: (
        REASON_LABELS[row.reason_code] if row.reason_code is not None else labels[row.state]
    )


def _stated(labels: Mapping[Any, str]) -> Callable[[Any], str]:
    return lambda row: labels[row.state]


def _of_model(model: Any, states: Iterable[StrEnum], *columns: Any) -> Any:
    return select(model.id, model.state, *columns).where(model.state.in_(list(states)))


def _introductions() -> Iterable[tuple[RecordKey, Stop]]:
    query = _of_model(Introduction, CLOSED_STATES, Introduction.reason_code)

    def words(row: Any) -> str:
        if row.state is IntroductionState.UNANSWERED:
            return INTRODUCTION_LABELS[row.state]
        return _coded(INTRODUCTION_LABELS)(row)

    return _rows(RecordKind.INTRODUCTION, Stage.INTRODUCTION, query, words)


def _matches() -> Iterable[tuple[RecordKey, Stop]]:
    query = _of_model(Match, (MatchState.ENDED, MatchState.UNDONE), Match.reason_code)
    return _rows(RecordKind.MATCH, Stage.MATCH, query, _coded(MATCH_LABELS))


def _consortia() -> Iterable[tuple[RecordKey, Stop]]:
    query = _of_model(Consortium, (ConsortiumState.ENDED,))
    words = _stated(CONSORTIUM_STATES.labels)
    return _rows(RecordKind.CONSORTIUM, Stage.CONSORTIUM, query, words)


def _proposals() -> Iterable[tuple[RecordKey, Stop]]:
    query = _of_model(Proposal, (ProposalState.DECLINED, ProposalState.WITHDRAWN))
    return _rows(RecordKind.PROPOSAL, Stage.PROPOSAL, query, _stated(PROPOSAL_STATES.labels))


def _pilots() -> Iterable[tuple[RecordKey, Stop]]:
    query = _of_model(Pilot, (PilotState.CANCELLED, PilotState.ENDED), Pilot.end_reason).where(
        (Pilot.state == PilotState.CANCELLED) | Pilot.end_reason.is_not(None)
    )

    def words(row: Any) -> str:
        if row.end_reason is not None:
            return END_REASON_LABELS[row.end_reason]
        return PILOT_STATES.labels[row.state]

    return _rows(RecordKind.PILOT, Stage.PILOT, query, words)
