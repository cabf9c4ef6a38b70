"""Reads of rankings and decisions. All of a call at once, in a fixed number of statements."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from matchmaker.accounts.models import User
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.organizations.models import Organization
from matchmaker.working_groups.calls.models import Call, CallReviewer, Criterion
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.meetings.domain import MEETING_STATES, MeetingMove
from matchmaker.working_groups.meetings.models import Meeting
from matchmaker.working_groups.proposals.domain import ProposalState
from matchmaker.working_groups.proposals.models import Proposal, ProposalAuthor
from matchmaker.working_groups.reviews.agreement import (
    FEWEST_VALUES,
    UnitSums,
    alpha_of_sums,
)
from matchmaker.working_groups.reviews.domain import (
    UNDER_REVIEW,
    DecisionState,
    Outcome,
    ReviewState,
)
from matchmaker.working_groups.reviews.models import (
    Decision,
    DecisionCorrection,
    Review,
    ReviewScore,
)
from matchmaker.working_groups.reviews.ranking import Ranking, Rating, rank

MOST_OF_A_CALL = 2000
MOST_CORRECTIONS = 100
MOST_GROUP_MEETINGS = 200
MOST_CALLS_WAITING = 30


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A proposal of a call with what is decided about it."""

    proposal_id: uuid.UUID
    number: int | None
    title: str
    organization: str
    proposal_state: ProposalState
    decision_id: uuid.UUID | None
    outcome: Outcome | None
    decision_state: DecisionState | None
    prepared_by: str | None
    prepared_by_id: uuid.UUID | None
    checked_by: str | None

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for a decision to be released."""
        return self.proposal_state is ProposalState.SUBMITTED

    @property
    def is_ready(self) -> bool:
        """Whether its decision is checked and only has to be released."""
        return self.is_waiting and self.decision_state is DecisionState.CHECKED


def decision_rows(call_id: uuid.UUID) -> Sequence[DecisionRow]:
    """All handed-in proposals of a call with their decisions, by number of receipt."""
    preparer, checker = aliased(User), aliased(User)
    query = (
        select(
            Proposal.id, Proposal.number, Proposal.title, Organization.name, Proposal.state,
            Decision.id, Decision.outcome, Decision.state, preparer.name, preparer.id,
            checker.name,
        )
        .join(Organization, Organization.id == Proposal.lead_organization_id)
        .outerjoin(Decision, Decision.proposal_id == Proposal.id)
        .outerjoin(preparer, preparer.id == Decision.prepared_by_id)
        .outerjoin(checker, checker.id == Decision.checked_by_id)
        .where(Proposal.call_id == call_id, Proposal.state.in_(UNDER_REVIEW))
        .order_by(Proposal.number, Proposal.id)
        .limit(MOST_OF_A_CALL)
    )  # fmt: skip
    return [DecisionRow(*row) for row in db.session.execute(query)]


def ranking_of(call_id: uuid.UUID) -> Ranking:
    """The ranking by the reviews that count (one statement)."""
    query = (
        select(Review.proposal_id, Review.reviewer_id, Review.total_rate)
        .join(Proposal, Proposal.id == Review.proposal_id)
        .where(
            Review.call_id == call_id,
            Review.state == ReviewState.SUBMITTED,
            Review.total_rate.is_not(None),
            Proposal.state.in_(UNDER_REVIEW),
        )
        .order_by(Review.proposal_id, Review.reviewer_id)
    )
    return rank([Rating(*row) for row in db.session.execute(query)])


@dataclass(frozen=True, slots=True)
class CriterionFigures:
    """How the reviewers used one criterion.

    Args:
        mean: mean of the points given; None without any.
        agreement: Krippendorff's alpha of the points.
    """

    name: str
    weight: int
    points: int
    mean: float | None
    agreement: float | None


def criterion_figures(call: Call) -> Sequence[CriterionFigures]:
    """Mean and agreement for each criterion; the database adds up (one statement)."""
    found = {row.criterion_id: row for row in db.session.execute(_criterion_sums(call.id))}
    return [_figures(each, found.get(each.id)) for each in call.criteria]


def _figures(criterion: Criterion, sums: Any) -> CriterionFigures:
    mean, agreement = None, None
    if sums is not None:
        mean = sums.all_points / sums.all_count
        pairable = UnitSums(sums.count or 0, sums.points or 0, sums.squares or 0)
        agreement = alpha_of_sums(pairable, sums.observed or 0)
    return CriterionFigures(criterion.name, criterion.weight, criterion.points, mean, agreement)


def _criterion_sums(call_id: uuid.UUID) -> Select[Any]:
    """One row a criterion: sums over all points, and over proposals with at least two."""
    points = ReviewScore.points
    unit = (
        select(
            ReviewScore.criterion_id,
            func.count().label("n"),
            func.sum(points).label("t"),
            func.sum(points * points).label("s"),
        )
        .join(Review, Review.id == ReviewScore.review_id)
        .where(
            Review.call_id == call_id,
            Review.state == ReviewState.SUBMITTED,
            points.is_not(None),
        )
        .group_by(ReviewScore.criterion_id, Review.proposal_id)
        .subquery()
    ).c
    pairable = unit.n >= FEWEST_VALUES
    differences = 2.0 * (unit.n * unit.s - unit.t * unit.t) / func.nullif(unit.n - 1, 0)
    return select(
        unit.criterion_id,
        func.sum(unit.n).label("all_count"),
        func.sum(unit.t).label("all_points"),
        func.sum(unit.n).filter(pairable).label("count"),
        func.sum(unit.t).filter(pairable).label("points"),
        func.sum(unit.s).filter(pairable).label("squares"),
        func.sum(differences).filter(pairable).label("observed"),
    ).group_by(unit.criterion_id)


@dataclass(frozen=True, slots=True)
class ReviewerProgress:
    """How far one reviewer of a call has come."""

    user_id: uuid.UUID
    name: str
    left_at: datetime | None
    counts: Mapping[ReviewState, int]

    def count(self, *states: ReviewState) -> int:
        """How many of the reviews stand in one of ``states``."""
        return sum(self.counts.get(state, 0) for state in states)


def progress_of(call_id: uuid.UUID) -> Sequence[ReviewerProgress]:
    """All reviewers of a call, also who left, with their reviews by state (one statement)."""
    query = (
        select(User.id, User.name, CallReviewer.left_at, Review.state, func.count(Review.id))
        .select_from(CallReviewer)
        .join(User, User.id == CallReviewer.user_id)
        .outerjoin(
            Review, and_(Review.call_id == call_id, Review.reviewer_id == CallReviewer.user_id)
        )
        .where(CallReviewer.call_id == call_id)
        .group_by(CallReviewer.id, User.id, Review.state)
        .order_by(CallReviewer.left_at.is_not(None), User.kana, User.id)
    )
    people: dict[uuid.UUID, tuple[str, datetime | None]] = {}
    counts: dict[uuid.UUID, dict[ReviewState, int]] = defaultdict(dict)
    for user_id, name, left_at, state, number in db.session.execute(query):
        people[user_id] = (name, left_at)
        if state is not None:
            counts[user_id][state] = number
    return [
        ReviewerProgress(user_id, name, left_at, counts[user_id])
        for user_id, (name, left_at) in people.items()
    ]


def decision_of(proposal_id: uuid.UUID) -> Decision | None:
    """The decision about a proposal, if one was begun, with all that an adoption needs."""
    query = select(Decision).where(Decision.proposal_id == proposal_id).options(*_with_proposal())
    return db.session.scalar(query)


def prepared_by(decision: Decision) -> tuple[str, str]:
    """The names of who prepared and who checked a decision (empty: not checked)."""
    people = {decision.prepared_by_id, decision.checked_by_id} - {None}
    query = select(User.id, User.name).where(User.id.in_(people))
    names = dict(db.session.execute(query).tuples().all())
    checked = names.get(decision.checked_by_id, "") if decision.checked_by_id else ""
    return names[decision.prepared_by_id], checked


def decisions_to_release(call_id: uuid.UUID) -> Sequence[Decision]:
    """Checked decisions about proposals that wait, with all that an adoption needs."""
    query = (
        select(Decision)
        .join(Decision.proposal)
        .where(
            Decision.call_id == call_id,
            Decision.state == DecisionState.CHECKED,
            Proposal.state == ProposalState.SUBMITTED,
        )
        .options(*_with_proposal())
        .order_by(Proposal.number, Decision.id)
        .with_for_update(of=Decision)
    )
    return db.session.scalars(query).all()


def _with_proposal() -> tuple[Any, ...]:
    proposal = joinedload(Decision.proposal)
    return (
        proposal.joinedload(Proposal.call),
        proposal.joinedload(Proposal.lead_organization),
        proposal.selectinload(Proposal.authors).joinedload(ProposalAuthor.user),
    )


def proposal_for_decision(call_id: uuid.UUID, proposal_id: uuid.UUID) -> Proposal:
    """A handed-in proposal of the call with call, criteria, organisation and authors.

    Raises:
        NotFound: there is no such proposal in this call.
    """
    query = (
        select(Proposal)
        .where(
            Proposal.id == proposal_id,
            Proposal.call_id == call_id,
            Proposal.state.in_(UNDER_REVIEW),
        )
        .options(
            joinedload(Proposal.call).selectinload(Call.criteria),
            joinedload(Proposal.lead_organization),
            selectinload(Proposal.authors).joinedload(ProposalAuthor.user),
            selectinload(Proposal.authors).joinedload(ProposalAuthor.organization),
        )
    )
    proposal = db.session.scalar(query)
    if proposal is None:
        raise NotFound
    return proposal


def still_writing(call_id: uuid.UUID, now: datetime) -> Sequence[tuple[uuid.UUID, str, datetime]]:
    """Proposals with a running extension that are not handed in: id, title and their deadline."""
    query = (
        select(Proposal.id, Proposal.title, Proposal.extended_until)
        .where(
            Proposal.call_id == call_id,
            Proposal.state.in_([ProposalState.DRAFT, ProposalState.SUBMITTED]),
            Proposal.extended_until > now,
        )
        .order_by(Proposal.extended_until, Proposal.id)
        .limit(MOST_OF_A_CALL)
    )
    return [
        (id_, title, until) for id_, title, until in db.session.execute(query).tuples() if until
    ]


def adopted_of(call_id: uuid.UUID) -> Sequence[tuple[str, str]]:
    """Titles and leading organisations of the adopted proposals, by number of receipt."""
    adopted = (ProposalState.ADOPTED, ProposalState.ADOPTED_WITH_CONDITIONS)
    query = (
        select(Proposal.title, Organization.name)
        .join(Organization, Organization.id == Proposal.lead_organization_id)
        .where(Proposal.call_id == call_id, Proposal.state.in_(adopted))
        .order_by(Proposal.number, Proposal.id)
        .limit(MOST_OF_A_CALL)
    )
    return [(title, name) for title, name in db.session.execute(query)]


def group_of(proposal_id: uuid.UUID) -> WorkingGroup | None:
    """The group that grew out of a proposal."""
    query = select(WorkingGroup).where(WorkingGroup.origin_proposal_id == proposal_id)
    return db.session.scalar(query)


def group_called(name: str) -> WorkingGroup | None:
    """The group of exactly this name."""
    return db.session.scalar(select(WorkingGroup).where(WorkingGroup.name == name))


def coming_meetings(group_id: uuid.UUID) -> Sequence[Meeting]:
    """Meetings of a group that can still be cancelled, with what the command needs."""
    sources = MEETING_STATES.moves[MeetingMove.CANCEL].sources
    query = (
        select(Meeting)
        .where(Meeting.group_id == group_id, Meeting.state.in_(sources))
        .options(joinedload(Meeting.group), selectinload(Meeting.agenda))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(MOST_GROUP_MEETINGS)
    )
    return db.session.scalars(query).all()


def corrections_of(decision_id: uuid.UUID) -> Sequence[DecisionCorrection]:
    """What was put right in a decision, newest first."""
    query = (
        select(DecisionCorrection)
        .where(DecisionCorrection.decision_id == decision_id)
        .order_by(DecisionCorrection.corrected_at.desc(), DecisionCorrection.id.desc())
        .limit(MOST_CORRECTIONS)
    )
    return db.session.scalars(query).all()


def is_author(user_id: uuid.UUID | None, proposal_id: uuid.UUID) -> bool:
    """Whether the person writes the proposal (has accepted and not left)."""
    if user_id is None:
        return False
    query = select(ProposalAuthor.id).where(
        ProposalAuthor.proposal_id == proposal_id,
        ProposalAuthor.user_id == user_id,
        ProposalAuthor.accepted_at.is_not(None),
        ProposalAuthor.left_at.is_(None),
    )
    return db.session.scalar(query) is not None


def calls_with_decisions_to_check(user_id: uuid.UUID) -> Sequence[tuple[Call, int]]:
    """Calls with the number of drafts that somebody else prepared and this person may check."""
    query = (
        select(Call, func.count(Decision.id))
        .join(Decision, Decision.call_id == Call.id)
        .join(Proposal, Proposal.id == Decision.proposal_id)
        .where(
            Decision.state == DecisionState.DRAFT,
            Decision.prepared_by_id != user_id,
            Proposal.state == ProposalState.SUBMITTED,
        )
        .group_by(Call.id)
        .order_by(func.min(Decision.updated_at), Call.id)
        .limit(MOST_CALLS_WAITING)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]
