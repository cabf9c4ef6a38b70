"""Authors: invited, joining, leaving, handing over; proposals brought together."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, IllegalMove, NotFound, ProductError
from matchmaker.notifications.models import OutboxMessage
from matchmaker.organizations.models import Organization
from matchmaker.working_groups.proposals import authorship, coordination, policy, queries, service
from matchmaker.working_groups.proposals.domain import (
    CoordinationState,
    OriginKind,
    ProposalMove,
    ProposalState,
)
from matchmaker.working_groups.proposals.models import Proposal
from tests.working_groups.proposals.world import PLAN, World, browser


def again(proposal: Proposal) -> Proposal:
    return queries.get_proposal(proposal.id)


def lead_of(proposal: Proposal) -> str:
    return next(each.user.name for each in proposal.authors if each.role == "lead")


def test_an_invited_person_reads_only_after_accepting(world: World) -> None:
    proposal, maker = world.begin(), world.actor("maker")
    authorship.invite(
        proposal, world.organizations["緑山工業"], "MAKER@example.com", world.actor("officer"),
        clock.now(),
    )  # fmt: skip
    proposal = again(proposal)
    standing = policy.standing_in(maker, proposal.authors)
    assert standing.is_invited
    assert policy.can_see(maker, proposal, standing)
    assert not policy.can_read(maker, proposal, standing)
    authorship.answer(proposal, True, maker, clock.now())
    standing = policy.standing_in(maker, again(proposal).authors)
    assert policy.can_write(maker, proposal, standing)
    with pytest.raises(Conflict):
        authorship.answer(proposal, False, maker, clock.now())


def test_an_empty_address_asks_everybody_who_writes_there(world: World) -> None:
    proposal = world.begin("maker")
    asked = authorship.invite(
        proposal, world.organizations["青空町"], "", world.actor("maker"), clock.now()
    )
    assert len(asked) == 2  # the reader of the town does not write
    with pytest.raises(ProductError, match="すでに声をかけています"):
        authorship.invite(
            again(proposal), world.organizations["青空町"], "", world.actor("maker"), clock.now()
        )


@pytest.mark.parametrize(
    "email", ["nobody@example.com", "hauler@example.com", "reader@example.com"]
)
def test_who_does_not_write_for_the_organisation_is_not_found(world: World, email: str) -> None:
    with pytest.raises(ProductError, match="見つかりません"):
        authorship.invite(
            world.begin("maker"), world.organizations["青空町"], email, world.actor("maker"),
            clock.now(),
        )  # fmt: skip


def test_who_declined_may_be_asked_again(world: World) -> None:
    proposal, now = world.begin(), clock.now()
    for _ in range(2):
        authorship.invite(
            proposal, world.organizations["緑山工業"], "maker@example.com",
            world.actor("officer"), now,
        )  # fmt: skip
        proposal = again(proposal)
        authorship.answer(proposal, False, world.actor("maker"), now)
        proposal = again(proposal)
    assert len(proposal.authors) == 2


def test_who_left_the_organisation_is_an_outsider(world: World) -> None:
    proposal, maker = world.join(world.begin()), world.actor("maker")
    maker.roles.clear()
    assert policy.standing_in(maker, proposal.authors) == policy.OUTSIDE


def test_the_lead_changes_only_when_the_other_accepts(world: World) -> None:
    proposal, now = world.join(world.begin()), clock.now()
    maker = world.actor("maker")
    with pytest.raises(Conflict):
        authorship.answer_lead(proposal, True, maker, now)
    with pytest.raises(ProductError, match="理由"):
        authorship.offer_lead(proposal, maker.user_id or uuid.uuid4(), "", maker, now)
    for accepted, leader in ((False, "officer"), (True, "maker")):
        authorship.offer_lead(
            proposal, world.users["maker"], "人事異動のため", world.actor("officer"), now
        )
        authorship.answer_lead(proposal, accepted, maker, now)
        proposal = again(proposal)
        assert lead_of(proposal) == leader
    assert proposal.lead_organization.name == "緑山工業"
    assert sum(each.role == "lead" for each in proposal.authors) == 1


def test_a_lead_cannot_leave_before_handing_over(world: World) -> None:
    proposal, now = world.join(world.begin()), clock.now()
    with pytest.raises(Conflict, match="引き継いで"):
        authorship.leave(proposal, world.users["officer"], "", world.actor("officer"), now)
    authorship.leave(proposal, world.users["maker"], "都合により", world.actor("maker"), now)
    standing = policy.standing_in(world.actor("maker"), again(proposal).authors)
    assert standing == policy.OUTSIDE
    with pytest.raises(NotFound):
        authorship.leave(proposal, world.users["hauler"], "", world.actor("officer"), now)


def test_when_the_leading_organisation_left_the_secretariat_hands_over(world: World) -> None:
    proposal = world.join(world.write(world.begin(), plan=PLAN))
    db.session.get_one(Organization, world.organizations["青空町"]).status = "withdrawn"
    secretariat, now = world.actor("secretariat"), clock.now()
    assert policy.can_manage_people(secretariat, proposal, policy.OUTSIDE)
    authorship.offer_lead(proposal, world.users["maker"], "退会のため", secretariat, now)
    authorship.answer_lead(proposal, True, world.actor("maker"), now)
    service.submit(again(proposal), world.actor("maker"), now)
    assert proposal.number == 1


def test_a_transferred_lead_is_replaced_by_the_representative(world: World) -> None:
    proposal, now = world.begin(), clock.now()
    chief = world.actor("chief")
    assert policy.can_manage_people(chief, proposal, policy.OUTSIDE)
    authorship.invite(proposal, world.organizations["青空町"], "chief@example.com", chief, now)
    proposal = again(proposal)
    authorship.answer(proposal, True, chief, now)
    authorship.offer_lead(proposal, world.users["chief"], "人事異動のため", chief, now)
    authorship.answer_lead(proposal, True, chief, now)
    assert lead_of(again(proposal)) == "chief"


def test_a_lead_that_gives_up_withdraws_with_a_reason(world: World) -> None:
    proposal = world.begin()
    with pytest.raises(ProductError, match="理由"):
        service.withdraw(proposal, "", world.actor("officer"), clock.now())
    service.withdraw(proposal, "予算がつかない", world.actor("officer"), clock.now())
    assert proposal.state is ProposalState.WITHDRAWN
    with pytest.raises(IllegalMove):
        service.withdraw(proposal, "もう一度", world.actor("officer"), clock.now())


def pair(world: World) -> tuple[Proposal, Proposal]:
    first = world.submitted("officer", "竹を炭に", "竹林の竹を切り、炭にして畑に使います。")
    second = world.submitted("hauler", "竹の運搬", "竹林の竹を集め、炭焼きの窯まで運びます。")
    return first, second


def test_willing_leads_are_joined_with_every_author_and_both_texts(world: World) -> None:
    first, second = pair(world)
    first = world.join(first)
    now, secretariat = clock.now(), world.actor("secretariat")
    made = coordination.bring_together(
        first.call, [first, second], "いっしょにどうですか。", secretariat, now
    )
    with pytest.raises(Conflict, match="調整中"):
        coordination.bring_together(first.call, [first, second], "もう一度。", secretariat, now)
    found = queries.get_coordination(made.id)
    with pytest.raises(Conflict, match="全員"):
        coordination.merge(found, first.id, "", secretariat, now)
    coordination.answer(found, first.id, True, "ぜひ", world.actor("officer"), now)
    coordination.answer(found, second.id, True, "", world.actor("hauler"), now)
    merged = again(coordination.merge(found, first.id, "竹の循環", secretariat, now))
    assert merged.origin_kind is OriginKind.MERGE
    assert {each.user.name for each in merged.authors} == {"officer", "maker", "hauler"}
    assert lead_of(merged) == "officer"
    for text in ("炭にして畑に使います。", "炭焼きの窯まで運びます。", "青空町", "白浜運輸"):
        assert text in merged.answers["plan"]
    assert {first.state, second.state} == {ProposalState.MERGED}
    assert found.state is CoordinationState.MERGED
    service.submit(merged, world.actor("officer"), now)
    assert merged.number == 3


def test_a_merge_can_be_taken_back(world: World) -> None:
    first, second = pair(world)
    now, secretariat = clock.now(), world.actor("secretariat")
    made = coordination.bring_together(
        first.call, [first, second], "どうですか。", secretariat, now
    )
    found = queries.get_coordination(made.id)
    for each in found.parts:
        coordination.answer(found, each.proposal_id, True, "", world.actor("officer"), now)
    merged = again(coordination.merge(found, second.id, "", secretariat, now))
    sources = queries.merged_sources(merged.id)
    with pytest.raises(ProductError, match="理由"):
        coordination.undo_merge(merged, sources, "", secretariat, now)
    coordination.undo_merge(merged, sources, "取り違え", secretariat, now)
    assert {first.state, second.state} == {ProposalState.DRAFT}
    assert merged.state is ProposalState.WITHDRAWN
    assert first.answers["plan"] == "竹林の竹を切り、炭にして畑に使います。"
    service.submit(first, world.actor("officer"), now)
    assert first.number == 1


def test_a_coordination_may_end_without_a_merge(world: World) -> None:
    first, second = pair(world)
    now, secretariat = clock.now(), world.actor("secretariat")
    made = coordination.bring_together(
        first.call, [first, second], "どうですか。", secretariat, now
    )
    found = queries.get_coordination(made.id)
    coordination.end(found, "それぞれで進めるため", secretariat, now)
    with pytest.raises(Conflict):
        coordination.answer(found, first.id, True, "", world.actor("officer"), now)
    assert first.state is ProposalState.SUBMITTED


def test_the_same_words_bring_two_proposals_together_over_http(app: Flask, built: World) -> None:
    with app.app_context():
        first, second = pair(built)
        built.submitted("maker", "廃プラスチックの分別", "プラスチックごみを洗って分けます。")
        db.session.commit()
        ids = [str(first.id), str(second.id)]
    secretariat = browser(app, "secretariat")
    here = f"/calls/{built.call_id}/proposals/similarities"
    page = secretariat.get(here)
    assert "竹林の竹を切り、炭にして畑に使います。" in page.text
    assert secretariat.post(f"/calls/{built.call_id}/coordinations").status_code == 422
    answer = secretariat.post(
        f"/calls/{built.call_id}/coordinations",
        data={"proposal_ids": ids, "message": "内容が近いので、いっしょにどうでしょうか。"},
    )
    assert answer.status_code == 302
    place = answer.location
    assert browser(app, "maker").get(place).status_code == 404
    for name, proposal_id in zip(("officer", "hauler"), ids, strict=True):
        client = browser(app, name)
        assert client.get(place).status_code == 200
        sent = {"answer": "willing", "comment": "よろしく"}
        assert client.post(f"{place}/answers/{proposal_id}", data=sent).status_code == 302
    assert "まとめる" in secretariat.get(place).text
    answer = secretariat.post(f"{place}/merges", data={"lead_proposal_id": ids[0]})
    assert answer.status_code == 302
    merged = secretariat.get(answer.location)
    assert merged.status_code == 200
    for name in ("officer", "hauler"):
        assert "炭焼きの窯まで運びます。" in browser(app, name).get(answer.location).text
    with app.app_context():
        mails = db.session.scalars(
            select(OutboxMessage).where(OutboxMessage.dedupe_key.contains("coordination"))
        ).all()
        assert len(mails) >= 5


def test_the_people_of_a_proposal_over_http(app: Flask, built: World) -> None:
    with app.app_context():
        proposal_id = built.begin().id
        db.session.commit()
    here = f"/proposals/{proposal_id}"
    officer, maker = browser(app, "officer"), browser(app, "maker")
    page = officer.get(f"{here}/authors").text
    assert 'data-combobox-url="/organizations.json"' in page
    assert "白浜運輸" not in page
    assert officer.post(f"{here}/authors", data={"email": "x"}).status_code == 422
    sent = {"organization": "緑山工業", "email": "maker@example.com"}
    assert officer.post(f"{here}/authors", data=sent).status_code == 302
    assert "案内が届いています" in maker.get(here).text
    assert "案内が届いています" in maker.get("/proposals").text
    maker.post(f"{here}/invitation-answers", data={"answer": "accept"})
    assert maker.get(f"{here}/edit").status_code == 200
    offer = {"user_id": str(built.users["maker"]), "reason": "異動のため"}
    assert officer.post(f"{here}/lead-offers", data=offer).status_code == 302
    assert "代表を引き継ぐ案内" in maker.get(here).text
    maker.post(f"{here}/lead-answers", data={"answer": "accept"})
    assert maker.get(f"{here}/submission").status_code == 200
    assert officer.get(f"{here}/submission").status_code == 404
    answer = maker.post(f"{here}/authors/{built.users['officer']}/removals")
    assert answer.status_code == 302
    assert officer.get(f"{here}/edit").status_code == 404


def test_the_member_to_invite_is_found_by_its_name(app: Flask, built: World) -> None:
    """Without scripts part of the name is asked back, and nothing typed is lost."""
    with app.app_context():
        proposal_id = built.begin().id
        db.session.commit()
    officer, path = browser(app, "officer"), f"/proposals/{proposal_id}/authors"
    (proposed,) = officer.get("/organizations.json?q=白浜").get_json()["items"]
    chosen = str(built.organizations["白浜運輸"])
    assert (proposed["value"], proposed["label"]) == (chosen, "白浜運輸")
    typed = {"organization": "白浜", "email": "hauler@example.com"}
    asked = officer.post(path, data=typed)
    assert asked.status_code == 422
    for words in ("1つ選んで", f'value="{chosen}"', 'value="白浜"', "hauler@example.com"):
        assert words in asked.text
    nobody = officer.post(path, data={**typed, "organization": "どこにもない"})
    assert nobody.status_code == 422
    assert "「どこにもない」に合う会員が見つかりません。" in nobody.text
    assert officer.post(path, data={**typed, "organization_id": chosen}).status_code == 302


def test_the_moves_of_a_decision_need_words(world: World) -> None:
    proposal = world.submitted()
    secretariat, now = world.actor("secretariat"), clock.now()
    with pytest.raises(ProductError, match="理由"):
        service.apply_decision(proposal, ProposalMove.ADOPT, "", secretariat, now)
    service.apply_decision(proposal, ProposalMove.ADOPT, "実現できる", secretariat, now)
    service.apply_decision(proposal, ProposalMove.DECLINE, "訂正のため", secretariat, now)
    assert proposal.state is ProposalState.DECLINED
