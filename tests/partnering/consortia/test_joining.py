"""A consortium answers a call; what becomes of the proposal moves the consortium."""

from __future__ import annotations

import pytest

from matchmaker.core.db import db, new_id
from matchmaker.core.errors import IllegalMove, NotFound, ProductError
from matchmaker.partnering.consortia import joining, queries, service
from matchmaker.partnering.consortia.domain import ConsortiumMove, ConsortiumState
from matchmaker.partnering.consortia.sections import of_group, of_proposal
from matchmaker.working_groups.groups.domain import GroupKind, GroupState, Visibility
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.groups.policy import OUTSIDE
from matchmaker.working_groups.proposals import queries as proposals
from matchmaker.working_groups.proposals import service as proposal_service
from matchmaker.working_groups.proposals.domain import ProposalMove
from matchmaker.working_groups.proposals.models import Proposal
from tests.partnering.consortia.founding import FIRM, TOWN, Founded
from tests.working_groups.proposals.world import make_call

C = ConsortiumState


def begin(founded: Founded) -> Proposal:
    """The agreed consortium answers an open call."""
    founded.make_agreed()
    call = make_call(founded.world.now)
    db.session.commit()
    made = joining.begin_proposal(
        founded.consortium, call, founded.world.actor("officer"), founded.world.now
    )
    db.session.commit()
    return proposals.get_proposal(made.id)


def decide(founded: Founded, proposal: Proposal, *moves: ProposalMove) -> None:
    """Hand it in and decide."""
    actor, now = founded.world.actor("officer"), founded.world.now
    if proposal.state == "draft":
        proposal_service.submit(proposals.get_proposal(proposal.id), actor, now)
    for move in moves:
        found = proposals.get_proposal(proposal.id)
        proposal_service.apply_decision(
            found, move, "審査の結果", founded.world.actor("secretariat"), now
        )
    db.session.commit()


def test_content_and_partners_are_carried_over(founded: Founded) -> None:
    proposal = begin(founded)
    assert "地域資源活用リサイクル" in proposal.answers["plan"]
    assert "100～300 t/年" in proposal.answers["effect"]
    assert {each.organization.name for each in proposal.authors} == {TOWN, FIRM}
    assert proposal.need_id == founded.consortium.need_id
    assert founded.stands() is C.ANSWERING
    link = queries.link_of(founded.consortium_id, proposal.id)
    assert link is not None
    assert link.number == 2


def test_pressing_twice_gives_the_same_proposal(founded: Founded) -> None:
    proposal = begin(founded)
    again = joining.begin_proposal(
        founded.consortium, proposal.call, founded.world.actor("officer"), founded.world.now
    )
    assert again.id == proposal.id


def test_only_an_agreed_consortium_answers(founded: Founded) -> None:
    call = make_call(founded.world.now)
    with pytest.raises(IllegalMove):
        joining.begin_proposal(
            founded.consortium, call, founded.world.actor("officer"), founded.world.now
        )


def test_adoption_and_its_correction_move_the_consortium(founded: Founded) -> None:
    proposal = begin(founded)
    decide(founded, proposal, ProposalMove.ADOPT)
    assert founded.stands() is C.ADOPTED
    decide(founded, proposals.get_proposal(proposal.id), ProposalMove.DECLINE)
    assert founded.stands() is C.AGREED
    assert "不採択" in founded.consortium.state_reason
    decide(founded, proposals.get_proposal(proposal.id), ProposalMove.ADOPT_WITH_CONDITIONS)
    assert founded.stands() is C.ADOPTED


def test_a_withdrawn_proposal_brings_it_back(founded: Founded) -> None:
    proposal = begin(founded)
    proposal_service.withdraw(
        proposal, "準備が足りない", founded.world.actor("officer"), founded.world.now
    )
    assert founded.stands() is C.AGREED


def test_after_a_partner_left_it_goes_on_where_its_proposal_stands(founded: Founded) -> None:
    proposal = begin(founded)
    decide(founded, proposal, ProposalMove.ADOPT)
    world = founded.world
    secretariat = world.actor("secretariat")
    service.correct(founded.consortium, ConsortiumMove.REFORM, "やり直し", secretariat, world.now)
    assert founded.stands() is C.FORMING
    founded.agree(TOWN, FIRM)
    assert founded.stands() is C.ADOPTED


def test_the_link_is_taken_back_with_a_reason(founded: Founded) -> None:
    proposal, world = begin(founded), founded.world
    actor = world.actor("officer")
    with pytest.raises(ProductError, match="理由"):
        joining.unlink(founded.consortium, proposal.id, " ", actor, world.now)
    joining.unlink(founded.consortium, proposal.id, "別の座組で応募する", actor, world.now)
    assert founded.stands() is C.AGREED
    with pytest.raises(NotFound):
        joining.unlink(founded.consortium, proposal.id, "もう一度", actor, world.now)


def test_a_running_pilot_starts_once(founded: Founded) -> None:
    founded.make_agreed()
    world = founded.world
    for _ in range(2):
        service.start_running(founded.consortium, world.actor("officer"), world.now)
    assert founded.stands() is C.ACTIVE


def test_proposal_and_group_show_the_consortium_behind_them(founded: Founded) -> None:
    proposal, world = begin(founded), founded.world
    told = of_proposal(proposal, world.actor("maker"))
    assert told is not None
    assert told["consortia"][0]["consortium"].id == founded.consortium_id
    assert of_proposal(proposal, world.actor("hauler")) is None
    group = WorkingGroup(
        id=new_id(), kind=GroupKind.SUB_WG, name="竹のWG", visibility=Visibility.PUBLIC,
        state=GroupState.ACTIVE, origin_proposal_id=proposal.id, created_at=world.now,
        updated_at=world.now,
    )  # fmt: skip
    assert of_group(group, world.actor("hauler"), OUTSIDE) is None
    section = of_group(group, world.actor("secretariat"), OUTSIDE)
    assert section is not None
    assert section.context["consortia"][0]["partners"][0][0] == TOWN


def test_the_page_leads_to_the_writing_of_the_proposal(founded: Founded) -> None:
    founded.make_agreed()
    call = make_call(founded.world.now)
    db.session.commit()
    client = founded.browser("officer")
    assert "サブWGの公募" in client.get(f"{founded.path}/proposals/new").text
    assert client.post(f"{founded.path}/proposals", data={}).status_code == 422
    made = client.post(f"{founded.path}/proposals", data={"call_id": str(call.id)})
    assert made.status_code == 302
    assert client.get(made.location).status_code == 200
    shown = client.get(made.location.removesuffix("/edit"))
    assert "この提案の座組" in shown.text
    page = client.get(founded.path)
    assert "公募に応募中" in page.text
    proposal_id = made.location.split("/")[2]
    here = f"{founded.path}/proposals/{proposal_id}/removal"
    assert client.get(here).status_code == 200
    assert client.post(here, data={"reason": "まちがい"}).status_code == 302
    assert founded.stands() is C.AGREED
