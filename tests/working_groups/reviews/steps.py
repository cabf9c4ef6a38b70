"""Things the tests do again and again. They run in an application context and commit."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import select

from matchmaker.core.actor import SYSTEM
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.notifications.models import OutboxMessage
from matchmaker.working_groups.calls.queries import get_call
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.proposals.domain import ProposalState
from matchmaker.working_groups.proposals.models import Proposal
from matchmaker.working_groups.reviews import decision_queries, decisions, queries, service
from matchmaker.working_groups.reviews.assignment import Changes, sync_reviews
from matchmaker.working_groups.reviews.decision_data import DecisionData
from matchmaker.working_groups.reviews.domain import Outcome, ReviewState
from matchmaker.working_groups.reviews.models import Decision, Review
from matchmaker.working_groups.reviews.scores import Score, ScoreSheet
from tests.working_groups.reviews.world import World


def assign(world: World) -> Changes:
    """Bring the reviews of the call into step."""
    changes = sync_reviews(world.call_id, SYSTEM, world.now)
    db.session.commit()
    return changes


def review_id(world: World, who: str, proposal: str) -> uuid.UUID:
    """The review of a proposal by a person."""
    query = select(Review.id).where(
        Review.reviewer_id == world.people[who], Review.proposal_id == world.proposals[proposal]
    )
    return db.session.scalars(query).one()


def states(world: World, proposal: str) -> Mapping[str, ReviewState]:
    """State of each person's review of a proposal."""
    names = {id_: name for name, id_ in world.people.items()}
    query = select(Review.reviewer_id, Review.state).where(
        Review.proposal_id == world.proposals[proposal]
    )
    return {names[who]: state for who, state in db.session.execute(query)}


def sheet(review: Review, *points: int, reason: str = "よく考えられています。") -> ScoreSheet:
    """Points for the criteria in their order, each with a reason."""
    criteria = review.proposal.call.criteria
    pairs = zip(criteria, points, strict=True)
    return ScoreSheet({each.id: Score(value, reason) for each, value in pairs}, "全体によいです。")


def hand_in(world: World, who: str, proposal: str, *points: int) -> None:
    """Let a person hand in scores."""
    review = queries.get_review(review_id(world, who, proposal))
    service.submit_review(
        review, sheet(review, *points), review.revision, world.actor(who), world.now
    )
    db.session.commit()


def adoption(name: str, day: date, **changes: object) -> DecisionData:
    """An adoption that founds a group for half a year."""
    values: dict[str, object] = {
        "outcome": Outcome.ADOPTED,
        "reasons": "地域に役立ちます。",
        "group_name": name,
        "group_starts_on": day + timedelta(days=10),
        "group_ends_on": day + timedelta(days=190),
        **changes,
    }
    return DecisionData(**values)  # type: ignore[arg-type]


def refusal() -> DecisionData:
    """A decision against a proposal."""
    return DecisionData(Outcome.DECLINED, "ほかの提案を優先しました。")


def proposal_of(world: World, name: str) -> Proposal:
    """The proposal as decisions need it."""
    return decision_queries.proposal_for_decision(world.call_id, world.proposals[name])


def prepare(world: World, name: str, data: DecisionData, who: str = "secretary") -> Decision:
    """Draft a decision."""
    present = decision_queries.decision_of(world.proposals[name])
    revision = present.revision if present else 0
    decisions.prepare(proposal_of(world, name), data, revision, world.actor(who), world.now)
    db.session.commit()
    return decision_for(world, name)


def check(world: World, name: str, who: str = "colleague") -> None:
    """Confirm a draft."""
    decision = decision_for(world, name)
    decisions.check(decision, decision.revision, world.actor(who), world.now)
    db.session.commit()


def decision_for(world: World, name: str) -> Decision:
    """The decision about a proposal."""
    decision = decision_queries.decision_of(world.proposals[name])
    assert decision is not None
    return decision


def decide_all(world: World) -> None:
    """Prepare and check: the bamboo is adopted, the food declined."""
    prepare(world, "bamboo", adoption("竹の炭サブWG", today(world.now)))
    prepare(world, "food", refusal())
    check(world, "bamboo")
    check(world, "food")


def mails(template_words: str) -> list[OutboxMessage]:
    """Mails whose subject has these words."""
    query = select(OutboxMessage).where(OutboxMessage.subject.contains(template_words))
    return list(db.session.scalars(query.order_by(OutboxMessage.address)))


def release(world: World) -> decisions.Released:
    """Release all decisions of the call."""
    done = decisions.release(get_call(world.call_id), world.actor("secretary"), world.now)
    db.session.commit()
    return done


def state_of(world: World, name: str) -> ProposalState:
    """Where a proposal stands."""
    return db.session.get_one(Proposal, world.proposals[name]).state


def group_of(world: World, name: str) -> WorkingGroup | None:
    """The group that grew out of a proposal."""
    query = select(WorkingGroup).where(WorkingGroup.origin_proposal_id == world.proposals[name])
    return db.session.scalar(query)


def returned(world: World) -> DecisionData:
    """A return that has to be mended within a week."""
    return DecisionData(
        Outcome.RETURNED,
        "よい案です。",
        mend_what="数量を入れる",
        mend_until=world.now + timedelta(days=7),
    )
