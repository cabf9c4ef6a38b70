"""Who reviews what: handing out, conflicts of interest, coming and going."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.errors import IllegalMove, ProductError
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.calls.queries import get_reviewer, reviewer_with
from matchmaker.working_groups.calls.reviewers import add_reviewer, release_reviewer
from matchmaker.working_groups.proposals.models import Proposal
from matchmaker.working_groups.reviews import queries, service
from matchmaker.working_groups.reviews.domain import REVIEW_STATES, ReviewMove, ReviewState
from matchmaker.working_groups.reviews.jobs import hand_out_reviews
from matchmaker.working_groups.reviews.models import Review
from tests.working_groups.reviews.steps import assign, hand_in, mails, review_id, states
from tests.working_groups.reviews.world import World, add_author, add_proposal, join

R = ReviewState


def test_every_proposal_meets_every_reviewer_once(world: World) -> None:
    with world.app.app_context():
        changes = assign(world)
        assert (sum(changes.new.values()), changes.excluded) == (5, 1)
        assert states(world, "bamboo") == {
            "first": R.PENDING, "second": R.PENDING, "partial": R.EXCLUDED,
        }  # fmt: skip
        assert states(world, "food") == dict.fromkeys(("first", "second", "partial"), R.PENDING)
        assert not assign(world)
        assert len(mails("審査をお願いします")) == 3
        assert hand_out_reviews(world.now) == 0


def test_nothing_is_handed_out_before_the_deadline(world: World) -> None:
    with world.app.app_context():
        call = db.session.get_one(Call, world.call_id)
        call.closes_at = world.now + timedelta(seconds=1)
        db.session.commit()
        assert hand_out_reviews(world.now) == 0
        assert not assign(world)
        assert hand_out_reviews(world.now + timedelta(seconds=1)) == 1


def test_an_extension_keeps_reviewers_waiting_for_that_proposal_alone(world: World) -> None:
    with world.app.app_context():
        proposal = db.session.get_one(Proposal, world.proposals["food"])
        proposal.extended_until = world.now + timedelta(hours=1)
        db.session.commit()
        assign(world)
        assert states(world, "food") == {}
        assert hand_out_reviews(world.now + timedelta(hours=2)) == 1
        assert len(states(world, "food")) == 3


def test_organizations_of_authors_exclude_their_reviewers_and_admit_them_again(
    world: World,
) -> None:
    with world.app.app_context():
        assign(world)
        hand_in(world, "partial", "food", 5, 5)
        author = add_author(world, "food", "partner", "recycler")
        db.session.commit()
        assign(world)
        assert states(world, "food")["partial"] is R.EXCLUDED
        assert db.session.get_one(Review, review_id(world, "partial", "food")).total_rate is None
        author.left_at = world.now
        db.session.commit()
        assign(world)
        assert states(world, "food")["partial"] is R.DRAFT


def test_joining_an_organization_closes_the_proposal_at_once(world: World) -> None:
    with world.app.app_context():
        assign(world)
        join(world, "first", "town")
        seat = queries.seat_of(world.actor("first"), world.proposals["bamboo"], world.now)
        assert seat.is_conflicted
        assign(world)
        assert states(world, "bamboo")["first"] is R.EXCLUDED


def test_a_reviewer_who_wrote_the_proposal_is_excluded(world: World) -> None:
    with world.app.app_context():
        add_author(world, "food", "second", "third")
        db.session.commit()
        assign(world)
        assert states(world, "food")["second"] is R.EXCLUDED


def test_who_leaves_frees_what_is_open_and_keeps_what_is_handed_in(world: World) -> None:
    with world.app.app_context():
        assign(world)
        hand_in(world, "second", "food", 4, 4)
        row = reviewer_with(world.call_id, world.people["second"])
        assert row is not None
        release_reviewer(
            get_reviewer(world.call_id, row.id), "任期が終わりました", SYSTEM, world.now
        )
        db.session.commit()
        assert states(world, "bamboo")["second"] is R.LEFT
        assert states(world, "food")["second"] is R.SUBMITTED
        assert world.people["second"] in queries.people_who_left(world.call_id)
    client = world.client("second")
    with world.app.app_context():
        address = f"/reviews/{review_id(world, 'second', 'food')}"
    assert client.get(address).status_code == 404


def test_who_is_added_later_gets_all_proposals(world: World) -> None:
    with world.app.app_context():
        assign(world)
        call = db.session.get_one(Call, world.call_id)
        user = queries.get_review(review_id(world, "first", "food")).reviewer
        person = db.session.get_one(type(user), world.people["foreign"])
        add_reviewer(call, person, SYSTEM, world.now)
        db.session.commit()
        assert states(world, "food")["foreign"] is R.PENDING
        assert states(world, "bamboo")["foreign"] is R.PENDING


def test_what_is_handed_in_anew_is_reviewed_anew(world: World) -> None:
    with world.app.app_context():
        assign(world)
        hand_in(world, "first", "food", 4, 4)
        proposal = db.session.get_one(Proposal, world.proposals["food"])
        proposal.submitted_revision = 3
        db.session.commit()
        assign(world)
        review = db.session.get_one(Review, review_id(world, "first", "food"))
        assert (review.state, review.reviewed_revision, review.total_rate) == (R.DRAFT, 2, None)
        assert len(mails("採点の見直し")) == 1


def test_a_declared_conflict_stays_when_reviews_are_handed_out_again(world: World) -> None:
    with world.app.app_context():
        assign(world)
        review = queries.get_review(review_id(world, "first", "food"))
        with pytest.raises(ProductError, match="理由"):
            service.declare_conflict(review, " ", world.actor("first"), world.now)
        service.declare_conflict(review, "取引先です", world.actor("first"), world.now)
        db.session.commit()
        assert not assign(world)
        assert states(world, "food")["first"] is R.CONFLICT
        review = queries.get_review(review.id)
        service.take_back_conflict(review, "別の会社でした", world.actor("first"), world.now)
        assert review.state is R.DRAFT


@pytest.mark.parametrize("move", list(ReviewMove))
@pytest.mark.parametrize("state", list(ReviewState))
def test_illegal_moves_are_refused(state: ReviewState, move: ReviewMove) -> None:
    rule = REVIEW_STATES.moves[move]
    if state in rule.sources:
        assert REVIEW_STATES.check(state, move, "理由") is rule.target
    else:
        with pytest.raises(IllegalMove):
            REVIEW_STATES.check(state, move, "理由")


def test_hundreds_of_proposals_take_a_fixed_number_of_reviews(world: World) -> None:
    with world.app.app_context():
        for number in range(3, 60):
            add_proposal(
                world, f"p{number}", f"提案{number}", number=number, lead=("outsider", "third")
            )
        db.session.commit()
        assign(world)
        total = db.session.scalar(select(func.count()).select_from(Review))
        assert total == 59 * 3
