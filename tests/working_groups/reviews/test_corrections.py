"""Released decisions: corrections, what was returned, groups that are closed and opened again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.groups.domain import GroupState
from matchmaker.working_groups.meetings.domain import MeetingState
from matchmaker.working_groups.meetings.models import Meeting
from matchmaker.working_groups.proposals.domain import ProposalState
from matchmaker.working_groups.proposals.models import Proposal
from matchmaker.working_groups.reviews import decisions
from matchmaker.working_groups.reviews.decision_data import (
    DecisionData,
)
from matchmaker.working_groups.reviews.decisions import NotReady
from matchmaker.working_groups.reviews.domain import (
    Outcome,
)
from matchmaker.working_groups.reviews.models import DecisionCorrection
from tests.working_groups.reviews.steps import (
    adoption,
    check,
    decide_all,
    decision_for,
    group_of,
    mails,
    prepare,
    refusal,
    release,
    returned,
    state_of,
)
from tests.working_groups.reviews.world import World


def correct(
    world: World, name: str, data: DecisionData, reason: str = "事実の誤りがありました"
) -> None:
    decision = decision_for(world, name)
    actor = world.actor("secretary")
    decisions.correct(decision, data, reason, decision.revision, actor, world.now)
    db.session.commit()


def test_an_adoption_taken_back_closes_the_group_and_deletes_nothing(world: World) -> None:
    with world.app.app_context():
        decide_all(world)
        release(world)
        correct(world, "bamboo", refusal())
        group = group_of(world, "bamboo")
        assert group is not None
        assert (group.state, group.state_reason) == (GroupState.CLOSED, "事実の誤りがありました")
        states = select(Meeting.state).where(Meeting.group_id == group.id)
        assert set(db.session.scalars(states)) == {MeetingState.CANCELLED}
        assert state_of(world, "bamboo") is ProposalState.DECLINED
        kept = db.session.scalars(select(DecisionCorrection)).one()
        assert (kept.outcome_before, kept.reasons_before) == (Outcome.ADOPTED, "地域に役立ちます。")
        assert len(mails("審査の結果の訂正（不採択）")) == 2
        assert db.session.get_one(Call, world.call_id).outcome.startswith(
            "採択された提案はありません"
        )
        correct(world, "bamboo", adoption("どんな名前でも", today(world.now)), "やはり採択します")
        group = group_of(world, "bamboo")
        assert group is not None
        assert (group.state, group.name) == (GroupState.ACTIVE, "竹の炭サブWG")


def test_a_new_adoption_founds_the_group(world: World) -> None:
    with world.app.app_context():
        decide_all(world)
        release(world)
        correct(world, "food", adoption("堆肥サブWG", today(world.now), planned_meetings=0))
        group = group_of(world, "food")
        assert group is not None
        assert (group.name, group.state) == ("堆肥サブWG", GroupState.FORMING)


def test_corrections_need_a_reason_and_a_change(world: World) -> None:
    with world.app.app_context():
        decide_all(world)
        with pytest.raises(Conflict):
            correct(world, "food", refusal())
        release(world)
        with pytest.raises(ProductError, match="訂正の理由"):
            correct(world, "food", DecisionData(Outcome.DECLINED, "別の理由"), " ")
        with pytest.raises(ProductError, match="変わっていません"):
            correct(world, "food", refusal())
        with pytest.raises(Conflict):
            prepare(world, "food", refusal())


def test_what_was_returned_is_decided_anew_and_the_first_decision_is_kept(world: World) -> None:
    with world.app.app_context():
        decide_all(world)
        prepare(world, "food", returned(world), "colleague")
        check(world, "food", "secretary")
        release(world)
        proposal = db.session.get_one(Proposal, world.proposals["food"])
        assert (proposal.state, proposal.mend_until) == (
            ProposalState.RETURNED, world.now + timedelta(days=7),
        )  # fmt: skip
        assert "数量を入れる" in mails("差戻し")[0].body
        proposal.state, proposal.submitted_revision = ProposalState.SUBMITTED, 3
        db.session.commit()
        with pytest.raises(NotReady):
            release(world)
        prepare(world, "food", adoption("堆肥サブWG", today(world.now)))
        check(world, "food")
        assert release(world) == decisions.Released(1, 1)
        kept = db.session.scalars(select(DecisionCorrection)).one()
        assert (kept.outcome_before, kept.outcome_before) == (Outcome.RETURNED, Outcome.RETURNED)
        assert "数量を入れる" in kept.reasons_before
