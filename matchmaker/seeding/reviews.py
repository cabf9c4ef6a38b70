"""Reviews and decisions of the demo's calls whose deadline is over."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from matchmaker.core.actor import SYSTEM
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.seeding.calls import demo_group
from matchmaker.seeding.files import DEMO, Entry, read_entries
from matchmaker.seeding.moments import moment_of
from matchmaker.seeding.people import actor_of
from matchmaker.seeding.progress import Seeder
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.calls.queries import get_call
from matchmaker.working_groups.proposals.service import period_of
from matchmaker.working_groups.reviews import decision_queries, decisions, service
from matchmaker.working_groups.reviews.assignment import sync_reviews
from matchmaker.working_groups.reviews.decision_data import USUAL_MEETINGS, DecisionData
from matchmaker.working_groups.reviews.domain import Outcome, ReviewState
from matchmaker.working_groups.reviews.queries import (
    all_reviews,
    get_review,
    proposal_under_review,
)
from matchmaker.working_groups.reviews.scores import Score, ScoreSheet


def load_demo_reviews(seeder: Seeder) -> int:
    """Reviews, discussion and decisions; their days count from the day the call closed."""

    def load(entry: Entry) -> uuid.UUID:
        call = get_call(seeder.record_id(f"call:{entry['call']}"))
        closed = period_of(call)[1]
        sync_reviews(call.id, SYSTEM, closed + timedelta(minutes=1))
        for each in entry["reviews"]:
            _review(seeder, call, each, closed)
        for each in entry["comments"]:
            proposal = proposal_under_review(_proposal_id(seeder, each))
            at = moment_of(each["at"], closed)
            service.add_comment(proposal, each["body"], actor_of(seeder, each["by"]), at)
        for each in entry["decisions"]:
            _decide(seeder, call, each, closed)
        if "released" in entry:
            actor = actor_of(seeder, entry["released"]["by"])
            decisions.release(call, actor, moment_of(entry["released"]["at"], closed))
        return call.id

    return seeder.load_story("reviews", "call", read_entries(DEMO / "reviews.yaml"), load)


def _proposal_id(seeder: Seeder, entry: Entry) -> uuid.UUID:
    return seeder.record_id(f"proposal:{entry['proposal']}")


def _review(seeder: Seeder, call: Call, entry: Entry, closed: datetime) -> None:
    """One review, as far as its file says that it is."""
    actor, at = actor_of(seeder, entry["reviewer"]), moment_of(entry["at"], closed)
    reviews = all_reviews(_proposal_id(seeder, entry))
    found = next(each.id for each in reviews if each.reviewer_id == actor.user_id)
    review = get_review(found)
    match ReviewState(entry["state"]):
        case ReviewState.CONFLICT:
            service.declare_conflict(review, entry["reason"], actor, at)
        case ReviewState.DRAFT:
            service.save_draft(review, _sheet(call, entry), review.revision, actor, at)
        case _:
            service.submit_review(review, _sheet(call, entry), review.revision, actor, at)


def _sheet(call: Call, entry: Entry) -> ScoreSheet:
    """Points and reasons in the order of the call's criteria."""
    pairs = zip(call.criteria, entry["scores"], strict=True)
    scores = {criterion.id: Score(points, reason) for criterion, (points, reason) in pairs}
    return ScoreSheet(scores, entry["comment"])


def _decide(seeder: Seeder, call: Call, entry: Entry, closed: datetime) -> None:
    """The draft of a decision, checked by a second person where the file names one."""
    at = moment_of(entry["at"], closed)
    proposal = decision_queries.proposal_for_decision(call.id, _proposal_id(seeder, entry))
    if "group" in entry:
        # The demo's group is there before the call that it grew from.
        demo_group(seeder).origin_proposal_id = proposal.id
        db.session.flush()
    prepared = actor_of(seeder, entry["prepared_by"])
    decisions.prepare(proposal, _decision_data(entry, at), 0, prepared, at)
    if "checked_by" in entry:
        decision = decision_queries.decision_of(proposal.id)
        assert decision is not None  # noqa: S101 - it was just prepared
        checker = actor_of(seeder, entry["checked_by"])
        decisions.check(decision, decision.revision, checker, at + timedelta(hours=3))


def _decision_data(entry: Entry, at: datetime) -> DecisionData:
    first = entry.get("group_from_days")
    last = entry.get("group_until_days")
    return DecisionData(
        outcome=Outcome(entry["outcome"]),
        reasons=entry["reasons"],
        conditions=entry.get("conditions", ""),
        group_name=entry.get("group_name", ""),
        group_starts_on=today(at) + timedelta(days=first) if first else None,
        group_ends_on=today(at) + timedelta(days=last) if last else None,
        planned_meetings=entry.get("planned_meetings", USUAL_MEETINGS),
        observers_wanted=entry.get("observers_wanted", False),
    )
