"""Who may open the pages of reviews and decisions.

There are two calls whose deadline is over: one in which the reviewer has still to score, and one in
which the scores are handed in and discussed.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from matchmaker.accounts.models import User
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, Actor, GlobalRole
from matchmaker.core.db import db, new_id
from matchmaker.working_groups.calls.domain import CallKind, CallState
from matchmaker.working_groups.calls.models import Call, CallReviewer, Criterion
from matchmaker.working_groups.proposals.domain import AuthorRole, OriginKind, ProposalState
from matchmaker.working_groups.proposals.models import Proposal, ProposalAuthor
from matchmaker.working_groups.reviews import queries, service
from matchmaker.working_groups.reviews.assignment import sync_reviews
from matchmaker.working_groups.reviews.domain import DecisionState, Outcome
from matchmaker.working_groups.reviews.models import Decision, Review
from matchmaker.working_groups.reviews.scores import Score, ScoreSheet
from tests.architecture.access_rules import (
    REVIEWER,
    SECRETARIAT,
    Row,
    Things,
    get,
    hidden_except,
    only,
    post,
)

WAITING: dict[str, Any] = {"call_id": "reviewed_call_id", "proposal_id": "reviewed_proposal_id"}
SCORED: dict[str, Any] = {"call_id": "scored_call_id", "proposal_id": "scored_proposal_id"}
READERS = (REVIEWER, SECRETARIAT)


def own_reviews() -> Iterator[Row]:
    """A reviewer's own."""
    yield get("reviews.index", only(REVIEWER))
    yield get("reviews.show", hidden_except(REVIEWER))
    yield post("reviews.update", hidden_except(REVIEWER, status=302), {"revision": "1"})
    yield post("reviews.update", hidden_except(REVIEWER, status=422), {"action": "submit"})
    yield post("reviews.autosave", hidden_except(REVIEWER), {"revision": "1"})
    yield get("reviews.conflict", hidden_except(REVIEWER))
    yield post("reviews.conflict", hidden_except(REVIEWER, status=422))
    nothing = hidden_except(REVIEWER, status=404)
    yield get("reviews.download", nothing, file_id="reviewed_proposal_id")


def comparisons() -> Iterator[Row]:
    """Scores of all, for the secretariat and for reviewers who have handed in theirs."""
    yield get("review_desk.index", only(SECRETARIAT), call_id="reviewed_call_id")
    yield get("review_desk.index", only(*READERS), call_id="scored_call_id")
    create = only(SECRETARIAT, status=302)
    yield post("review_desk.create", create, call_id="reviewed_call_id")
    yield get("review_desk.export", only(SECRETARIAT), call_id="scored_call_id")
    yield get("review_desk.show", hidden_except(SECRETARIAT), proposal_id="reviewed_proposal_id")
    yield get("review_desk.show", hidden_except(*READERS), proposal_id="scored_proposal_id")
    refused = hidden_except(*READERS, status=422)
    yield post("review_desk.comment", refused, proposal_id="scored_proposal_id")
    retract = {**hidden_except(REVIEWER, status=302), SECRETARIAT: 403}
    yield post("review_desk.retract", retract, comment_id="review_comment_id")


def decisions() -> Iterator[Row]:
    """Drafts of decisions are the secretariat's alone."""
    yield get("decisions.index", only(SECRETARIAT), call_id="scored_call_id")
    for which in (WAITING, SCORED):
        yield get("decisions.edit", only(SECRETARIAT), **which)
    yield post("decisions.update", only(SECRETARIAT, status=422), **WAITING)
    checked = only(SECRETARIAT, status=302)
    yield post("decisions.check", checked, {"revision": "1"}, **SCORED)
    yield post("decisions.check", only(SECRETARIAT, status=404), **WAITING)
    yield get("decisions.correct", only(SECRETARIAT, status=409), **SCORED)
    yield post("decisions.correct", only(SECRETARIAT, status=409), **SCORED)
    yield get("decisions.review_release", only(SECRETARIAT), call_id="scored_call_id")
    yield post("decisions.release", only(SECRETARIAT, status=409), call_id="scored_call_id")


ROWS: tuple[Row, ...] = (*own_reviews(), *comparisons(), *decisions())


def add_things(world: Things) -> None:
    """Two calls under review, a review, a contribution to a discussion, a draft of a decision."""
    now = clock.now()
    for name in ("reviewed", "scored"):
        call = _call(world, now)
        world.ids[f"{name}_call_id"] = call.id
        world.ids[f"{name}_proposal_id"] = _proposal(world, call.id, now)
        sync_reviews(call.id, SYSTEM, now)
    world.ids["review_id"] = _review_of(world.ids["reviewed_proposal_id"]).id
    _score(world, now)
    db.session.add(
        Decision(
            call_id=world.ids["scored_call_id"],
            proposal_id=world.ids["scored_proposal_id"],
            outcome=Outcome.DECLINED,
            reasons="ほかの提案を優先しました。",
            state=DecisionState.DRAFT,
            prepared_by_id=world.ids["operator_id"],
            created_at=now,
            updated_at=now,
        )
    )


def _call(world: Things, now: datetime) -> Call:
    call = Call(
        id=new_id(),
        kind=CallKind.PILOT,
        title="審査中の公募",
        categories=[],
        opens_at=now - timedelta(days=30),
        closes_at=now - timedelta(days=1),
        timetable=[],
        questions=[],
        state=CallState.PUBLISHED,
        published_at=now - timedelta(days=30),
        created_at=now,
        updated_at=now,
        criteria=[Criterion(position=1, name="実現性", weight=1, points=5)],
    )
    db.session.add(call)
    db.session.flush()
    reviewer = CallReviewer(call_id=call.id, user_id=world.ids["reviewer_id"], added_at=now)
    db.session.add(reviewer)
    db.session.flush()
    return call


def _proposal(world: Things, call_id: uuid.UUID, now: datetime) -> uuid.UUID:
    columns: dict[str, Any] = {
        "state": ProposalState.SUBMITTED,
        "number": 1,
        "submitted_revision": 1,
        "submitted_at": now - timedelta(days=2),
        "created_at": now,
        "updated_at": now,
    }
    proposal = Proposal(
        id=new_id(), call_id=call_id, title="竹を炭に", answers={}, origin_facts={},
        origin_kind=OriginKind.NOTHING, lead_organization_id=world.ids["organization_id"],
        **columns,
    )  # fmt: skip
    db.session.add(proposal)
    db.session.flush()
    db.session.add(
        ProposalAuthor(
            proposal_id=proposal.id, user_id=world.ids["representative_id"],
            organization_id=world.ids["organization_id"], role=AuthorRole.LEAD, invited_at=now,
            accepted_at=now,
        )
    )  # fmt: skip
    db.session.flush()
    return proposal.id


def _review_of(proposal_id: uuid.UUID) -> Review:
    found = db.select(Review.id).where(Review.proposal_id == proposal_id)
    return queries.get_review(db.session.scalars(found).one())


def _score(world: Things, now: datetime) -> None:
    person = db.session.get_one(User, world.ids["reviewer_id"])
    roles = frozenset({GlobalRole.REVIEWER})
    reviewer = Actor(user_id=person.id, name=person.name, global_roles=roles)
    review = _review_of(world.ids["scored_proposal_id"])
    (criterion,) = review.proposal.call.criteria
    sheet = ScoreSheet({criterion.id: Score(4, "よい案です。")})
    service.submit_review(review, sheet, review.revision, reviewer, now)
    comment = service.add_comment(review.proposal, "数量を確かめたいです。", reviewer, now)
    world.ids["review_comment_id"] = comment.id
