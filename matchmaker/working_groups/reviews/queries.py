"""Reads of reviews: one's own list, one review, scores and discussion of a proposal."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.accounts.models import OrganizationMember, User
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.core.paging import Page
from matchmaker.working_groups.calls.domain import CallState
from matchmaker.working_groups.calls.models import Call, CallReviewer
from matchmaker.working_groups.proposals.domain import ProposalState
from matchmaker.working_groups.proposals.models import Proposal, ProposalAuthor, ProposalRevision
from matchmaker.working_groups.reviews.domain import TO_DO, UNDER_REVIEW, ReviewState
from matchmaker.working_groups.reviews.models import Review, ReviewComment, ReviewScore
from matchmaker.working_groups.reviews.policy import NO_SEAT, Seat

PAGE_SIZE = 20
MOST_CALLS = 50
MOST_COMMENTS = 200


def is_over(now: datetime) -> ColumnElement[bool]:
    """Condition: nobody may hand the proposal in any more, but for what was returned to be mended.

    The statement has to join calls and proposals.
    """
    closed = and_(Call.state == CallState.PUBLISHED, Call.closes_at <= now)
    return and_(
        or_(closed, Call.state == CallState.DECIDED),
        or_(Proposal.extended_until.is_(None), Proposal.extended_until <= now),
    )


def get_review(review_id: uuid.UUID) -> Review:
    """A review with its scores, its proposal, the call and its criteria.

    Raises:
        NotFound: there is no such review.
    """
    query = (
        select(Review)
        .where(Review.id == review_id)
        .options(
            joinedload(Review.reviewer),
            joinedload(Review.proposal).joinedload(Proposal.call).selectinload(Call.criteria),
            selectinload(Review.scores),
        )
    )
    review = db.session.scalar(query)
    if review is None:
        raise NotFound
    return review


def seat_of(actor: Actor, proposal_id: uuid.UUID, now: datetime) -> Seat:
    """What the person is to the review of the proposal; the conflict is looked up live."""
    if actor.user_id is None or not actor.is_reviewer:
        return NO_SEAT
    found = db.session.execute(_seat_query(actor.user_id, proposal_id, now)).one_or_none()
    if found is None:
        return NO_SEAT
    state, is_present, is_closed, proposal_state = found
    return Seat(
        state=state,
        is_present=bool(is_present),
        is_conflicted=is_conflicted(actor.user_id, proposal_id),
        is_closed=bool(is_closed),
        is_undecided=proposal_state is ProposalState.SUBMITTED,
    )


def _seat_query(user_id: uuid.UUID, proposal_id: uuid.UUID, now: datetime) -> Select[Any]:
    present = and_(
        CallReviewer.call_id == Call.id,
        CallReviewer.user_id == user_id,
        CallReviewer.left_at.is_(None),
    )
    own = and_(Review.proposal_id == Proposal.id, Review.reviewer_id == user_id)
    return (
        select(Review.state, CallReviewer.id.is_not(None), is_over(now), Proposal.state)
        .select_from(Proposal)
        .join(Call, Call.id == Proposal.call_id)
        .outerjoin(CallReviewer, present)
        .outerjoin(Review, own)
        .where(Proposal.id == proposal_id, Proposal.state.in_(UNDER_REVIEW))
    )


def is_conflicted(user_id: uuid.UUID, proposal_id: uuid.UUID) -> bool:
    """Whether the person, or an organisation of the person, wrote the proposal."""
    authors = author_organizations(Proposal.id == proposal_id).get(proposal_id, frozenset())
    people = select(ProposalAuthor.id).where(
        ProposalAuthor.proposal_id == proposal_id, ProposalAuthor.user_id == user_id, writes()
    )
    if db.session.scalar(people.limit(1)) is not None:
        return True
    return bool(authors & organizations_of([user_id])[user_id])


def writes() -> ColumnElement[bool]:
    """Condition: the author has accepted and not left."""
    return and_(ProposalAuthor.accepted_at.is_not(None), ProposalAuthor.left_at.is_(None))


def author_organizations(
    condition: ColumnElement[bool],
) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """Organisations in whose names each proposal is written, the leading one included.

    Args:
        condition: which proposals.
    """
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    leads = select(Proposal.id, Proposal.lead_organization_id).where(condition)
    others = (
        select(Proposal.id, ProposalAuthor.organization_id)
        .join(ProposalAuthor, ProposalAuthor.proposal_id == Proposal.id)
        .where(condition, writes())
    )
    for proposal_id, organization_id in [
        *db.session.execute(leads),
        *db.session.execute(others),
    ]:
        found[proposal_id].add(organization_id)
    return {each: frozenset(organizations) for each, organizations in found.items()}


def organizations_of(
    user_ids: Sequence[uuid.UUID],
) -> Mapping[uuid.UUID, frozenset[uuid.UUID]]:
    """All organisations that each of the people belongs to."""
    query = select(OrganizationMember.user_id, OrganizationMember.organization_id).where(
        OrganizationMember.user_id.in_(user_ids)
    )
    found: dict[uuid.UUID, set[uuid.UUID]] = {each: set() for each in user_ids}
    for user_id, organization_id in db.session.execute(query):
        found[user_id].add(organization_id)
    return {each: frozenset(organizations) for each, organizations in found.items()}


@dataclass(frozen=True, slots=True)
class CallProgress:
    """How far a reviewer has come with a call."""

    call_id: uuid.UUID
    title: str
    is_anonymous: bool
    due_at: datetime | None
    total: int
    done: int
    to_do: int
    closed: int
    """Those one does not review because of a conflict of interest."""


def own_progress(user_id: uuid.UUID, now: datetime) -> Sequence[CallProgress]:
    """The person's calls with how many reviews are done; those with work to do first."""
    to_do = and_(Review.state.in_(TO_DO), Proposal.state == ProposalState.SUBMITTED, is_over(now))
    waiting = func.count().filter(to_do)
    query = (
        select(
            Call.id, Call.title, Call.is_anonymous, Call.reviews_due_at, func.count(),
            func.count().filter(Review.state == ReviewState.SUBMITTED), waiting,
            func.count().filter(Review.state.in_([ReviewState.CONFLICT, ReviewState.EXCLUDED])),
        )
        .select_from(Review)
        .join(Proposal, Proposal.id == Review.proposal_id)
        .join(Call, Call.id == Review.call_id)
        .join(CallReviewer, _own_seat(user_id))
        .where(Review.reviewer_id == user_id, Proposal.state.in_(UNDER_REVIEW))
        .group_by(Call.id)
        .order_by((waiting > 0).desc(), Call.closes_at.desc(), Call.id)
        .limit(MOST_CALLS)
    )  # fmt: skip
    return [CallProgress(*row) for row in db.session.execute(query)]


def _own_seat(user_id: uuid.UUID) -> ColumnElement[bool]:
    return and_(
        CallReviewer.call_id == Review.call_id,
        CallReviewer.user_id == user_id,
        CallReviewer.left_at.is_(None),
    )


@dataclass(frozen=True, slots=True)
class OwnReview:
    """One line of a reviewer's list."""

    id: uuid.UUID
    state: ReviewState
    number: int | None
    title: str
    call_id: uuid.UUID
    call_title: str
    due_at: datetime | None
    total_rate: float | None
    is_earlier_revision: bool
    proposal_state: ProposalState


def own_reviews(
    user_id: uuid.UUID,
    now: datetime,
    page: int,
    *,
    call_id: uuid.UUID | None = None,
    states: frozenset[ReviewState] | None = None,
) -> Page[OwnReview]:
    """One page of the person's reviews: drafts and what is untouched first (two statements).

    Args:
        call_id: only those of this call.
        states: only those in these states.
    """
    base = _own_reviews(user_id, now, call_id, states)
    total = db.session.scalar(select(func.count()).select_from(base.subquery())) or 0
    number = min(page, max(1, -(-total // PAGE_SIZE)))
    ordered = base.order_by(
        Review.state.not_in(TO_DO), Call.reviews_due_at, Proposal.number, Review.id
    )
    rows = db.session.execute(ordered.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return Page([OwnReview(*row) for row in rows], number, PAGE_SIZE, total)


def _own_reviews(
    user_id: uuid.UUID,
    now: datetime,
    call_id: uuid.UUID | None,
    states: frozenset[ReviewState] | None,
) -> Select[Any]:
    query = (
        select(
            Review.id, Review.state, Proposal.number, Proposal.title, Call.id.label("call_id"),
            Call.title.label("call_title"), Call.reviews_due_at, Review.total_rate,
            is_earlier_revision().label("is_earlier"), Proposal.state.label("proposal_state"),
        )
        .join(Proposal, Proposal.id == Review.proposal_id)
        .join(Call, Call.id == Review.call_id)
        .join(CallReviewer, _own_seat(user_id))
        .where(Review.reviewer_id == user_id, Proposal.state.in_(UNDER_REVIEW), is_over(now))
    )  # fmt: skip
    if call_id is not None:
        query = query.where(Review.call_id == call_id)
    if states is not None:
        query = query.where(Review.state.in_(states))
        if states <= TO_DO:
            query = query.where(Proposal.state == ProposalState.SUBMITTED)
    return query


def is_earlier_revision() -> ColumnElement[bool]:
    """Condition: the scores are about a text that was handed in anew since."""
    return and_(
        Review.reviewed_revision.is_not(None),
        Review.reviewed_revision.is_distinct_from(Proposal.submitted_revision),
    )


def handed_in(proposal: Proposal) -> ProposalRevision | None:
    """The text as it was handed in last; what is being mended now is not for reviewers."""
    if proposal.submitted_revision is None:
        return None
    query = select(ProposalRevision).where(
        ProposalRevision.proposal_id == proposal.id,
        ProposalRevision.number == proposal.submitted_revision,
    )
    return db.session.scalar(query)


def submitted_reviews(proposal_id: uuid.UUID) -> Sequence[Review]:
    """Reviews of the proposal that count, with reviewers and scores, in the reviewers' order."""
    query = (
        select(Review)
        .join(Review.reviewer)
        .where(Review.proposal_id == proposal_id, Review.state == ReviewState.SUBMITTED)
        .options(joinedload(Review.reviewer), selectinload(Review.scores))
        .order_by(User.kana, User.id)
    )
    return db.session.scalars(query).all()


def all_reviews(proposal_id: uuid.UUID) -> Sequence[Review]:
    """All reviews of the proposal with their reviewers, for the secretariat."""
    query = (
        select(Review)
        .join(Review.reviewer)
        .where(Review.proposal_id == proposal_id)
        .options(joinedload(Review.reviewer), selectinload(Review.scores))
        .order_by(User.kana, User.id)
    )
    return db.session.scalars(query).all()


def people_who_left(call_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Reviewers who left the call."""
    query = select(CallReviewer.user_id).where(
        CallReviewer.call_id == call_id, CallReviewer.left_at.is_not(None)
    )
    return frozenset(db.session.scalars(query))


def comments_of(proposal_id: uuid.UUID) -> Sequence[ReviewComment]:
    """The discussion of a proposal, oldest first, the last two hundred contributions."""
    query = (
        select(ReviewComment)
        .where(ReviewComment.proposal_id == proposal_id)
        .order_by(ReviewComment.at.desc(), ReviewComment.id.desc())
        .limit(MOST_COMMENTS)
    )
    return list(reversed(db.session.scalars(query).all()))


def get_comment(comment_id: uuid.UUID) -> ReviewComment:
    """One contribution.

    Raises:
        NotFound: there is no such contribution.
    """
    comment = db.session.get(ReviewComment, comment_id)
    if comment is None:
        raise NotFound
    return comment


def proposal_under_review(proposal_id: uuid.UUID) -> Proposal:
    """A proposal that was handed in, with its call, criteria and leading organisation.

    Raises:
        NotFound: there is none, or it was never handed in.
    """
    query = (
        select(Proposal)
        .where(Proposal.id == proposal_id, Proposal.state.in_(UNDER_REVIEW))
        .options(
            joinedload(Proposal.lead_organization),
            joinedload(Proposal.call).selectinload(Call.criteria),
        )
    )
    proposal = db.session.scalar(query)
    if proposal is None:
        raise NotFound
    return proposal


def reviewer_place(user_id: uuid.UUID, call_id: uuid.UUID, now: datetime) -> tuple[bool, bool]:
    """Whether the reviewer has handed in a review of the call, and whether any is to be done."""
    to_do = and_(Review.state.in_(TO_DO), Proposal.state == ProposalState.SUBMITTED, is_over(now))
    query = (
        select(
            func.count().filter(Review.state == ReviewState.SUBMITTED),
            func.count().filter(to_do),
        )
        .select_from(Review)
        .join(Proposal, Proposal.id == Review.proposal_id)
        .join(Call, Call.id == Review.call_id)
        .join(CallReviewer, _own_seat(user_id))
        .where(Review.reviewer_id == user_id, Review.call_id == call_id)
    )
    submitted, waiting = db.session.execute(query).one()
    return submitted > 0, waiting > 0


def closed_to(user_id: uuid.UUID, call_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Proposals of the call that the reviewer does not see, because of a conflict of interest."""
    query = select(Review.proposal_id).where(
        Review.reviewer_id == user_id,
        Review.call_id == call_id,
        Review.state.in_([ReviewState.CONFLICT, ReviewState.EXCLUDED]),
    )
    return frozenset(db.session.scalars(query))


def scores_of(review: Review) -> Mapping[uuid.UUID, ReviewScore]:
    """The scores of a loaded review by criterion."""
    return {score.criterion_id: score for score in review.scores}
