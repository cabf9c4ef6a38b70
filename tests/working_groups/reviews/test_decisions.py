"""Decisions: second person, release of all or nothing, corrections, groups that grow."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from matchmaker.accounts.models import User
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, IllegalMove, NotAllowed, ProductError
from matchmaker.working_groups.calls.domain import CallState
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.groups.domain import GroupKind, GroupRole
from matchmaker.working_groups.groups.models import GroupMember, WorkingGroup
from matchmaker.working_groups.meetings.domain import MeetingState
from matchmaker.working_groups.meetings.models import Meeting
from matchmaker.working_groups.meetings.service import plan_meeting
from matchmaker.working_groups.proposals.domain import ProposalState
from matchmaker.working_groups.proposals.models import Proposal
from matchmaker.working_groups.reviews import adoption as adoptions
from matchmaker.working_groups.reviews import decision_queries, decisions
from matchmaker.working_groups.reviews.decision_data import (
    DecisionData,
    InvalidDecision,
)
from matchmaker.working_groups.reviews.decisions import NotReady
from matchmaker.working_groups.reviews.domain import (
    DECISION_STATES,
    DecisionMove,
    DecisionState,
    Outcome,
)
from matchmaker.working_groups.reviews.models import Decision
from tests.working_groups.reviews.steps import (
    adoption,
    check,
    decide_all,
    decision_for,
    group_of,
    mails,
    prepare,
    proposal_of,
    refusal,
    release,
    returned,
    state_of,
)
from tests.working_groups.reviews.world import World, add_proposal

D = DecisionState


def test_who_prepared_a_decision_cannot_check_it(world: World) -> None:
    with world.app.app_context():
        decision = prepare(world, "food", refusal())
        with pytest.raises(NotAllowed):
            check(world, "food", "secretary")
        check(world, "food")
        assert (decision.state, decision.checked_by_id) == (D.CHECKED, world.people["colleague"])
        decision.checked_by_id = decision.prepared_by_id
        with pytest.raises(IntegrityError, match="second_person"):
            db.session.flush()


def test_any_change_of_a_checked_decision_needs_another_check(world: World) -> None:
    with world.app.app_context():
        prepare(world, "food", refusal())
        check(world, "food")
        assert prepare(world, "food", refusal()).state is D.CHECKED
        changed = DecisionData(Outcome.DECLINED, "理由を書き直しました。")
        decision = prepare(world, "food", changed, "colleague")
        assert (decision.state, decision.checked_by_id) == (D.DRAFT, None)
        with pytest.raises(NotAllowed):
            check(world, "food", "colleague")
        check(world, "food", "secretary")


def test_two_windows_do_not_overwrite_each_other(world: World) -> None:
    with world.app.app_context():
        prepare(world, "food", refusal())
        proposal, actor = proposal_of(world, "food"), world.actor("colleague")
        with pytest.raises(Conflict):
            decisions.prepare(proposal, adoption("別", today(world.now)), 0, actor, world.now)
        decision = decision_for(world, "food")
        with pytest.raises(Conflict):
            decisions.check(decision, decision.revision - 1, actor, world.now)


def test_nothing_is_released_until_all_is_checked(world: World) -> None:
    with world.app.app_context():
        prepare(world, "food", refusal())
        with pytest.raises(NotReady) as missing:
            release(world)
        texts = {each.name: each.text for each in missing.value.blockers}
        assert texts == {
            "受付1「竹の炭」": "決定の案がまだありません。",
            "受付2「食品残さの堆肥」": "ほかの人の確認がまだです。",
        }
        assert state_of(world, "food") is ProposalState.SUBMITTED


def test_an_open_call_or_a_running_extension_holds_everything_back(world: World) -> None:
    with world.app.app_context():
        decide_all(world)
        proposal = db.session.get_one(Proposal, world.proposals["food"])
        proposal.extended_until = world.now + timedelta(hours=1)
        with pytest.raises(NotReady):
            release(world)
        proposal.extended_until = None
        db.session.get_one(Call, world.call_id).closes_at = world.now + timedelta(hours=1)
        with pytest.raises(NotReady):
            release(world)


def test_a_release_tells_all_authors_and_founds_the_group(world: World) -> None:
    with world.app.app_context():
        decide_all(world)
        assert release(world) == decisions.Released(2, 1)
        assert state_of(world, "bamboo") is ProposalState.ADOPTED
        assert state_of(world, "food") is ProposalState.DECLINED
        call = db.session.get_one(Call, world.call_id)
        assert call.state is CallState.DECIDED
        assert "竹の炭（代表：青空町）" in call.outcome
        assert "食品" not in call.outcome
        adopted, declined = mails("審査の結果（採択）"), mails("審査の結果（不採択）")
        assert [each.address for each in adopted] == ["lead@example.com", "partner@example.com"]
        assert [each.address for each in declined] == ["outsider@example.com"]
        assert "地域に役立ちます。" in adopted[0].body
        assert "地域に役立ちます。" not in declined[0].body
        assert "審査太郎" not in adopted[0].body


def test_the_group_has_lead_members_meetings_and_its_origin(world: World) -> None:
    with world.app.app_context():
        day = today(world.now)
        prepare(world, "bamboo", adoption("竹の炭サブWG", day, observers_wanted=True))
        prepare(world, "food", refusal())
        check(world, "bamboo")
        check(world, "food")
        release(world)
        group = group_of(world, "bamboo")
        assert group is not None
        assert (group.kind, group.parent_id) == (GroupKind.SUB_WG, world.parent_id)
        assert group.observers_until == day + timedelta(days=30)
        roles = select(GroupMember.user_id, GroupMember.role).where(
            GroupMember.group_id == group.id
        )
        assert dict(db.session.execute(roles).tuples().all()) == {
            world.people["lead"]: GroupRole.LEAD,
            world.people["partner"]: GroupRole.MEMBER,
        }
        meetings = db.session.scalars(
            select(Meeting).where(Meeting.group_id == group.id).order_by(Meeting.round)
        ).all()
        assert [meeting.round for meeting in meetings] == [1, 2, 3]
        assert {meeting.state for meeting in meetings} == {MeetingState.PLANNING}
        assert group_of(world, "food") is None


def test_a_second_press_does_nothing(world: World) -> None:
    with world.app.app_context():
        decide_all(world)
        release(world)
        assert release(world) == decisions.Released(0, 0)
        assert len(mails("審査の結果")) == 3
        count = select(func.count()).select_from(WorkingGroup)
        assert db.session.scalar(count) == 3


def test_a_failure_in_the_middle_leaves_everything_as_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.app.app_context():
        add_proposal(world, "wood", "木くず", number=3, lead=("outsider", "third"))
        decide_all(world)
        prepare(world, "wood", adoption("木くずサブWG", today(world.now)))
        check(world, "wood")
        seen: list[object] = []

        def fail_later(*args: Any) -> object:
            seen.append(args)
            if len(seen) > 3:
                raise RuntimeError("the second group fails")
            return plan_meeting(*args)

        monkeypatch.setattr(adoptions, "plan_meeting", fail_later)
        with pytest.raises(RuntimeError):
            release(world)
        db.session.rollback()
        states = {state_of(world, name) for name in world.proposals}
        assert states == {ProposalState.SUBMITTED}
        assert group_of(world, "bamboo") is None
        assert mails("審査の結果") == []
        assert db.session.get_one(Call, world.call_id).state is CallState.PUBLISHED
        assert {decision_for(world, name).state for name in world.proposals} == {D.CHECKED}
        monkeypatch.undo()
        assert release(world) == decisions.Released(3, 2)


def test_a_taken_name_is_told_before_the_check_and_at_the_release(world: World) -> None:
    with world.app.app_context():
        with pytest.raises(Conflict) as taken:
            prepare(world, "food", adoption("連携促進WG", today(world.now)))
        assert taken.value.field == "group_name"
        prepare(world, "bamboo", adoption("同じ名前", today(world.now)))
        prepare(world, "food", adoption("同じ名前", today(world.now)))
        check(world, "bamboo")
        check(world, "food")
        with pytest.raises(ProductError, match="この名前のWG"):
            release(world)
        db.session.rollback()
        assert state_of(world, "bamboo") is ProposalState.SUBMITTED


def test_a_text_that_changes_undoes_the_check(world: World) -> None:
    with world.app.app_context():
        decide_all(world)
        decisions.uncheck(world.proposals["food"], world.now)
        db.session.commit()
        assert decision_for(world, "food").state is D.DRAFT
        decisions.uncheck(uuid.uuid4(), world.now)


def test_a_moment_that_passed_meanwhile_is_told_at_the_check(world: World) -> None:
    with world.app.app_context():
        prepare(world, "food", returned(world))
        decision, actor = decision_for(world, "food"), world.actor("colleague")
        later = world.now + timedelta(days=8)
        with pytest.raises(InvalidDecision, match="これから"):
            decisions.check(decision, decision.revision, actor, later)


def test_a_withdrawn_proposal_needs_no_decision(world: World) -> None:
    with world.app.app_context():
        decide_all(world)
        db.session.get_one(Proposal, world.proposals["food"]).state = ProposalState.WITHDRAWN
        db.session.commit()
        assert release(world) == decisions.Released(1, 1)
        assert decision_for(world, "food").state is D.CHECKED


def test_a_closed_account_is_left_out_of_the_group(world: World) -> None:
    with world.app.app_context():
        decide_all(world)
        db.session.get_one(User, world.people["partner"]).active = False
        db.session.commit()
        release(world)
        people = db.session.scalars(select(GroupMember.user_id)).all()
        assert people == [world.people["lead"]]


MOVES: dict[DecisionMove, Callable[[DecisionState], bool]] = {
    DecisionMove.PREPARE: lambda state: state in (D.DRAFT, D.CHECKED),
    DecisionMove.CHECK: lambda state: state is D.DRAFT,
    DecisionMove.RELEASE: lambda state: state is D.CHECKED,
    DecisionMove.CORRECT: lambda state: state is D.RELEASED,
    DecisionMove.REDECIDE: lambda state: state is D.RELEASED,
}


@pytest.mark.parametrize("move", list(DecisionMove))
@pytest.mark.parametrize("state", list(DecisionState))
def test_illegal_moves_are_refused(state: DecisionState, move: DecisionMove) -> None:
    if MOVES[move](state):
        assert DECISION_STATES.check(state, move, "理由")
    else:
        with pytest.raises(IllegalMove):
            DECISION_STATES.check(state, move, "理由")


def test_an_adoption_needs_a_group_to_stand_under(world: World) -> None:
    with world.app.app_context():
        db.session.get_one(Call, world.call_id).parent_group_id = None
        db.session.commit()
        with pytest.raises(InvalidDecision, match="上位のWG"):
            prepare(world, "food", adoption("名前", today(world.now)))
        assert decision_queries.decision_of(world.proposals["food"]) is None
        assert db.session.scalar(select(func.count()).select_from(Decision)) == 0
