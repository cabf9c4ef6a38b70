"""Writing, handing in, taking back, more time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, IllegalMove, NotAllowed, ProductError
from matchmaker.notifications.models import OutboxMessage
from matchmaker.organizations.models import Organization
from matchmaker.working_groups.calls.domain import CallState
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.proposals import queries, service
from matchmaker.working_groups.proposals.domain import (
    PROPOSAL_STATES,
    Origin,
    ProposalMove,
    ProposalState,
    ProposalText,
    TooLate,
)
from tests.working_groups.proposals.world import PLAN, World, make_call

DAY = timedelta(days=1)


def mails(word: str) -> list[OutboxMessage]:
    return list(
        db.session.scalars(select(OutboxMessage).where(OutboxMessage.dedupe_key.contains(word)))
    )


def test_the_first_proposal_freezes_the_questions_and_its_writer_leads(world: World) -> None:
    proposal = world.begin()
    assert proposal.call.frozen_at is not None
    assert [(a.role, a.accepted_at is not None) for a in proposal.authors] == [("lead", True)]
    assert queries.newest_revision(proposal.id).number == 1  # type: ignore[union-attr]


def test_only_writers_of_an_organisation_that_may_answer_begin(world: World) -> None:
    call, now = world.call(), clock.now()
    with pytest.raises(NotAllowed):
        service.create_proposal(
            call, world.organizations["青空町"], "", Origin(), world.actor("reader"), now
        )
    with pytest.raises(NotAllowed):
        service.create_proposal(
            call, world.organizations["青空町"], "", Origin(), world.actor("maker"), now
        )
    call.categories = ["company"]
    with pytest.raises(NotAllowed):
        service.create_proposal(
            call, world.organizations["青空町"], "", Origin(), world.actor("officer"), now
        )


def test_nobody_begins_before_the_opening_or_from_the_deadline_on(world: World) -> None:
    call = world.call()
    assert call.opens_at is not None
    assert call.closes_at is not None
    for moment in (call.opens_at - timedelta(microseconds=1), call.closes_at):
        with pytest.raises(ProductError):
            service.create_proposal(
                call, world.organizations["青空町"], "", Origin(), world.actor("officer"), moment
            )


def test_different_questions_of_two_writers_are_both_kept(world: World) -> None:
    proposal = world.join(world.begin())
    base = proposal.revision
    now = clock.now()
    first = ProposalText(proposal.title, {"plan": PLAN})
    second = ProposalText(proposal.title, {"effect": "竹林がきれいになります。"})
    service.save(proposal, first, base, world.actor("officer"), now)
    outcome = service.save(proposal, second, base, world.actor("maker"), now)
    assert outcome.is_clean
    assert outcome.taken == ("plan",)
    assert proposal.answers == {"plan": PLAN, "effect": "竹林がきれいになります。"}


def test_a_save_by_hand_that_contradicts_stores_nothing_and_tells_all_three(world: World) -> None:
    proposal = world.write(world.join(world.begin()), plan="竹を切ります。")
    base, now = proposal.revision, clock.now()
    service.save(
        proposal, ProposalText(proposal.title, {"plan": "竹を燃やします。"}), base,
        world.actor("officer"), now,
    )  # fmt: skip
    revision = proposal.revision
    outcome = service.save(
        proposal,
        ProposalText(proposal.title, {"plan": "竹を炭にします。", "effect": "よい。"}),
        base, world.actor("maker"), now,
    )  # fmt: skip
    conflict = outcome.conflicts["plan"]
    words = (conflict.base, conflict.mine, conflict.theirs)
    assert words == ("竹を切ります。", "竹を炭にします。", "竹を燃やします。")
    assert proposal.revision == revision
    assert "effect" not in proposal.answers


def test_an_autosave_stores_what_does_not_contradict_and_never_overwrites(world: World) -> None:
    proposal = world.write(world.join(world.begin()), plan="竹を切ります。")
    base, now = proposal.revision, clock.now()
    world.write(proposal, plan="竹を燃やします。")
    proposal = queries.get_proposal(proposal.id)
    mine = ProposalText(proposal.title, {"plan": "竹を炭にします。", "effect": "よい。"})
    outcome = service.save(proposal, mine, base, world.actor("maker"), now, is_autosave=True)
    assert list(outcome.conflicts) == ["plan"]
    assert proposal.answers == {"plan": "竹を燃やします。", "effect": "よい。"}
    # The page goes on from the new revision, but for the question from where it was.
    again = service.save(
        proposal, mine, outcome.revision, world.actor("maker"), now,
        bases={"plan": base}, is_autosave=True,
    )  # fmt: skip
    assert list(again.conflicts) == ["plan"]
    assert proposal.answers["plan"] == "竹を燃やします。"


def test_saving_the_same_twice_makes_one_revision(world: World) -> None:
    proposal = world.write(world.begin(), plan=PLAN)
    revision = proposal.revision
    assert world.write(proposal, plan=PLAN).revision == revision


def test_handing_in_gives_a_number_and_one_receipt_for_each_author(world: World) -> None:
    proposal = world.join(world.write(world.begin(), plan=PLAN))
    service.submit(proposal, world.actor("officer"), clock.now())
    assert (proposal.number, proposal.submitted_revision) == (1, proposal.revision)
    receipts = mails("proposal-submit")
    assert {m.recipient_name for m in receipts} == {"officer", "maker"}
    assert all("受付番号：1" in m.body for m in receipts)
    assert world.submitted("hauler", "二つめ").number == 2


def test_a_number_stays_through_taking_back_and_handing_in_again(world: World) -> None:
    proposal = world.submitted()
    service.withdraw(proposal, "書き直すため", world.actor("officer"), clock.now())
    assert mails("proposal-withdraw")
    service.revise(proposal, world.actor("officer"), clock.now())
    proposal = world.write(proposal, effect="畑がよくなります。")
    service.submit(proposal, world.actor("officer"), clock.now())
    assert proposal.number == 1
    assert len(mails("proposal-submit")) == 2


def test_what_is_missing_is_told_and_stops_handing_in(world: World) -> None:
    proposal = world.begin(title="")
    assert set(service.missing_in(proposal)) == {"title", "plan"}
    with pytest.raises(ProductError, match="2か所"):
        service.submit(proposal, world.actor("officer"), clock.now())


def test_the_deadline_is_kept_to_the_microsecond(world: World) -> None:
    proposal = world.write(world.begin(), plan=PLAN)
    closes_at = proposal.call.closes_at
    assert closes_at is not None
    with pytest.raises(TooLate, match="締切"):
        service.submit(proposal, world.actor("officer"), closes_at)
    service.submit(proposal, world.actor("officer"), closes_at - timedelta(microseconds=1))
    assert proposal.state is ProposalState.SUBMITTED


def test_an_extension_counts_for_the_named_proposal_alone(world: World) -> None:
    proposal, other = (world.write(world.begin(), plan=PLAN) for _ in range(2))
    closes_at = proposal.call.closes_at
    assert closes_at is not None
    secretariat, now = world.actor("secretariat"), clock.now()
    with pytest.raises(ProductError, match="理由"):
        service.extend(proposal, closes_at + DAY, " ", secretariat, now)
    with pytest.raises(ProductError, match="後の日時"):
        service.extend(proposal, closes_at, "停電のため", secretariat, now)
    service.extend(proposal, closes_at + DAY, "停電のため", secretariat, now)
    assert mails("proposal-extended")
    service.submit(proposal, world.actor("officer"), closes_at + timedelta(hours=1))
    with pytest.raises(TooLate):
        service.submit(other, world.actor("officer"), closes_at + timedelta(hours=1))


def test_what_is_returned_may_be_mended_until_its_own_moment(world: World) -> None:
    proposal = world.submitted()
    closes_at = proposal.call.closes_at
    assert closes_at is not None
    later = closes_at + DAY
    with pytest.raises(ProductError, match="いつまで"):
        service.apply_decision(
            proposal, ProposalMove.RETURN, "量が足りません", world.actor("secretariat"), later
        )
    service.apply_decision(
        proposal, ProposalMove.RETURN, "量が足りません", world.actor("secretariat"), later,
        mend_until=later + DAY,
    )  # fmt: skip
    proposal.call.state = CallState.DECIDED
    proposal = world.write(proposal, amount=12)
    service.submit(proposal, world.actor("officer"), later + timedelta(hours=5))
    assert proposal.number == 1


def test_a_cancelled_call_takes_nothing(world: World) -> None:
    proposal = world.write(world.begin(), plan=PLAN)
    proposal.call.state = CallState.CANCELLED
    with pytest.raises(ProductError, match="受け付けていません"):
        service.submit(proposal, world.actor("officer"), clock.now())


def test_an_organisation_that_left_the_partnership_cannot_hand_in(world: World) -> None:
    proposal = world.write(world.begin(), plan=PLAN)
    db.session.get_one(Organization, world.organizations["青空町"]).status = "withdrawn"
    with pytest.raises(ProductError, match="会員ではなくなった"):
        service.submit(queries.get_proposal(proposal.id), world.actor("officer"), clock.now())


def test_what_is_handed_in_is_not_written_on(world: World) -> None:
    proposal = world.submitted()
    with pytest.raises(Conflict, match="書きかえられません"):
        world.write(proposal, plan="ちがう内容です。")


LEGAL = {
    (state, move)
    for move, rule in PROPOSAL_STATES.moves.items()
    for state in rule.sources
}  # fmt: skip


@pytest.mark.parametrize("move", list(ProposalMove))
@pytest.mark.parametrize("state", list(ProposalState))
def test_every_other_move_is_refused(state: ProposalState, move: ProposalMove) -> None:
    if (state, move) in LEGAL:
        assert PROPOSAL_STATES.check(state, move, "理由") is PROPOSAL_STATES.moves[move].target
    else:
        with pytest.raises(IllegalMove):
            PROPOSAL_STATES.check(state, move, "理由")


def test_huge_answers_are_refused_and_empty_ones_are_fine(world: World) -> None:
    proposal = world.begin()
    huge = ProposalText("竹", {"plan": "竹" * 500_000})
    with pytest.raises(ProductError, match="長すぎる"):
        service.save(proposal, huge, 1, world.actor("officer"), clock.now())
    outcome = service.save(proposal, ProposalText("", {}), 1, world.actor("officer"), clock.now())
    assert outcome.is_clean


def test_an_earlier_version_can_be_brought_back(world: World) -> None:
    proposal = world.write(world.begin(), plan="はじめの文です。")
    first = proposal.revision
    proposal = world.write(proposal, plan="あとの文です。")
    service.restore_revision(proposal, first, world.actor("officer"), clock.now())
    assert proposal.answers["plan"] == "はじめの文です。"
    assert proposal.revision == first + 2


def test_numbers_are_counted_for_each_call(world: World) -> None:
    world.submitted()
    other = make_call(clock.now())
    db.session.flush()
    assert db.session.get_one(Call, other.id).last_number == 0
    assert db.session.get_one(Call, world.call_id).last_number == 1
