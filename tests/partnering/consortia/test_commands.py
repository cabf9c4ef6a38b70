"""Founding, partners who come and go, versions that are merged, mails."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db, new_id
from matchmaker.core.errors import Conflict, IllegalMove, NotFound, ProductError
from matchmaker.notifications.models import OutboxMessage
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.queries import organization_of
from matchmaker.organizations.service import create_organization, withdraw
from matchmaker.partnering.consortia import partners, queries, service
from matchmaker.partnering.consortia.domain import (
    MOST_PARTNERS,
    ConsortiumMove,
    ConsortiumState,
    PartnerRole,
    PartnerState,
    missing_roles,
)
from matchmaker.partnering.consortia.models import ConsortiumPartner
from matchmaker.partnering.consortia.origins import beginning_of
from matchmaker.partnering.introductions.board import queries as board
from matchmaker.partnering.introductions.board.domain import BoardStage
from matchmaker.partnering.introductions.matches import queries as matches
from tests.partnering.consortia.founding import FIRM, HAULER, TOWN, WRITTEN, Founded

R = PartnerRole


def test_a_consortium_begins_with_both_sides_of_its_match(founded: Founded) -> None:
    town, firm = founded.partner(TOWN), founded.partner(FIRM)
    assert (town.state, town.is_lead, town.roles) == (
        PartnerState.ACCEPTED, True, ["municipality"],
    )  # fmt: skip
    assert (firm.state, firm.is_lead) == (PartnerState.INVITED, False)
    content = queries.content_of(founded.consortium)
    assert content.materials == ("bamboo",)
    assert content.circulation_methods == ("local_resource_recycling",)
    assert queries.version_of(founded.consortium_id, 1).content == content.stored()


def test_a_match_that_a_consortium_goes_on_from_is_no_longer_stalled(founded: Founded) -> None:
    match = matches.get(founded.match_id)
    told = [message.text for message in matches.messages_of(match.id, 1).items]
    assert f"座組「{founded.consortium.name}」をつくりました。" in told
    much_later = founded.world.now + timedelta(days=200)
    joined = board.board_page(board.BoardFilter(stage=BoardStage.JOINED), 1, much_later)
    assert [row.introduction.id for row in joined.items] == [match.introduction_id]
    assert board.board_page(board.BoardFilter(only_stalled=True), 1, much_later).total == 0
    counts, stalled = board.stage_counts(much_later)
    assert (counts[BoardStage.JOINED], counts[BoardStage.TALKING], stalled) == (1, 0, 0)


def test_only_a_side_of_the_match_founds(founded: Founded) -> None:
    service.end(founded.consortium, "やり直し", founded.world.actor("officer"), founded.world.now)
    beginning = beginning_of(founded.match_id, None)
    hauler = founded.world.organizations[HAULER]
    with pytest.raises(ProductError) as refused:
        service.found(beginning, hauler, "", founded.world.actor("hauler"), founded.world.now)
    assert refused.value.field == "organization_id"


def test_a_second_one_grows_only_after_the_first_ended(founded: Founded) -> None:
    world, beginning = founded.world, beginning_of(founded.match_id, None)
    first = service.found(beginning, world.organizations[FIRM], "", world.actor("maker"), world.now)
    assert first.id == founded.consortium_id
    service.end(founded.consortium, "やり直し", world.actor("officer"), world.now)
    second = service.found(
        beginning, world.organizations[FIRM], "", world.actor("maker"), world.now
    )
    assert second.id != founded.consortium_id
    with pytest.raises(Conflict, match="新しい座組"):
        service.correct(
            founded.consortium, ConsortiumMove.REOPEN, "誤り", world.actor("secretariat"), world.now
        )


def test_nothing_begins_from_nowhere() -> None:
    with pytest.raises(NotFound):
        beginning_of(None, None)


def test_the_database_allows_one_lead(founded: Founded) -> None:
    founded.accept(FIRM)
    founded.partner(FIRM).is_lead = True
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_one_that_declined_is_asked_again_and_answers_once(founded: Founded) -> None:
    actor, now = founded.world.actor("maker"), founded.world.now
    row = founded.partner(FIRM)
    partners.answer(founded.consortium, row, False, "多忙のため", actor, now)
    with pytest.raises(IllegalMove):
        partners.answer(founded.consortium, founded.partner(FIRM), True, "", actor, now)
    again = founded.invite(FIRM, R.RECYCLER, R.USER)
    assert (again.id, again.invitations, again.reason) == (row.id, 2, "")
    founded.accept(FIRM)
    assert founded.partner(FIRM).roles == ["recycler", "user"]


def test_the_lead_does_not_leave_before_handing_over(founded: Founded) -> None:
    with pytest.raises(Conflict, match="引き継いで"):
        founded.leave(TOWN)


def test_leaving_keeps_the_versions_and_frees_the_role(founded: Founded) -> None:
    founded.make_agreed()
    founded.leave(FIRM)
    assert founded.stands() is ConsortiumState.FORMING
    assert founded.partner(FIRM).reason == "担当がいなくなったため"
    assert founded.consortium.revision == 2
    assert queries.version_of(founded.consortium_id, 2).content == founded.consortium.content


def test_without_its_municipality_it_goes_back_with_the_reason(founded: Founded) -> None:
    founded.make_agreed()
    row, world = founded.partner(TOWN), founded.world
    partners.change_roles(founded.consortium, row, [R.ADVISER], world.actor("officer"), world.now)
    assert founded.stands() is ConsortiumState.FORMING
    assert "自治体" in founded.consortium.state_reason
    row = founded.partner(TOWN)
    partners.change_roles(
        founded.consortium, row, [R.MUNICIPALITY], world.actor("officer"), world.now
    )
    assert founded.stands() is ConsortiumState.AGREED


def test_a_member_that_leaves_the_partnership_drops_out(founded: Founded) -> None:
    founded.make_agreed()
    firm = organization_of(founded.world.organizations[FIRM])
    withdraw(firm, "退会", SYSTEM, founded.world.now)
    db.session.commit()
    row = founded.partner(FIRM)
    assert row.state is PartnerState.LEFT
    assert "退会" in row.reason
    assert founded.stands() is ConsortiumState.FORMING
    with pytest.raises(ProductError, match="会員ではありません"):
        founded.invite(FIRM)


def test_there_is_room_for_thirty(founded: Founded) -> None:
    now = founded.world.now
    for number in range(MOST_PARTNERS - 2):
        db.session.add(
            ConsortiumPartner(
                id=new_id(),
                consortium_id=founded.consortium_id,
                external_name=f"会{number}",
                roles=["user"],
                state=PartnerState.EXTERNAL,
                invited_at=now,
            )
        )
    db.session.commit()
    with pytest.raises(ProductError, match="30団体まで"):
        founded.invite(HAULER)
    actor = founded.world.actor("officer")
    with pytest.raises(ProductError, match="30団体まで"):
        partners.add_external(founded.consortium, "もうひとつ", "", [R.USER], actor, now)


def test_what_two_write_in_different_fields_is_kept_of_both(founded: Founded) -> None:
    founded.accept(FIRM)
    founded.write(**WRITTEN)
    founded.write("maker", base=2, risks="許可が要ります。")
    outcome = founded.write("officer", base=2, tonnes_max=Decimal(250))
    assert outcome.is_clean
    assert "risks" in outcome.taken
    content = queries.content_of(founded.consortium)
    assert (content.risks, content.tonnes_max) == ("許可が要ります。", Decimal(250))
    assert founded.consortium.revision == 4


def test_two_texts_of_one_field_are_given_back_and_nothing_is_stored(founded: Founded) -> None:
    founded.accept(FIRM)
    founded.write(**WRITTEN)
    founded.write("maker", base=2, aim="炭にします。")
    outcome = founded.write("officer", base=2, aim="チップにします。")
    assert set(outcome.conflicts) == {"aim"}
    assert queries.content_of(founded.consortium).aim == "炭にします。"


def test_a_merge_that_turns_a_range_over_is_refused(founded: Founded) -> None:
    founded.accept(FIRM)
    founded.write(**WRITTEN)
    founded.write("maker", base=2, tonnes_max=Decimal(150))
    with pytest.raises(ProductError, match="下限より大きい"):
        founded.write("officer", base=2, tonnes_min=Decimal(200))


def test_responsibilities_of_strangers_are_not_stored(founded: Founded) -> None:
    own = str(founded.partner(TOWN).id)
    founded.write(responsibilities={own: "場所を示します。", str(new_id()): "なにか"})
    assert queries.content_of(founded.consortium).duties == {own: "場所を示します。"}


def test_a_version_that_never_was_is_told(founded: Founded) -> None:
    content = replace(queries.content_of(founded.consortium), aim="竹")
    actor, now = founded.world.actor("officer"), founded.world.now
    with pytest.raises(Conflict, match="もとの版"):
        service.save(founded.consortium, content, 77, actor, now)


def test_saving_nothing_new_makes_no_version(founded: Founded) -> None:
    founded.write(**WRITTEN)
    founded.write()
    assert founded.consortium.revision == 2


def test_a_new_version_wants_agreement_anew(founded: Founded) -> None:
    founded.make_agreed()
    founded.write(risks="風も心配です。")
    assert founded.stands() is ConsortiumState.FORMING
    founded.agree(TOWN, FIRM)
    assert founded.stands() is ConsortiumState.AGREED


def test_a_partner_that_joins_late_has_to_agree_too(founded: Founded) -> None:
    founded.make_agreed()
    founded.invite(HAULER)
    assert founded.stands() is ConsortiumState.AGREED
    founded.accept(HAULER)
    assert founded.stands() is ConsortiumState.FORMING
    founded.agree(HAULER)
    assert founded.stands() is ConsortiumState.AGREED


def test_nothing_is_written_into_one_that_ended(founded: Founded) -> None:
    service.end(founded.consortium, "終わり", founded.world.actor("officer"), founded.world.now)
    with pytest.raises(Conflict, match="書きかえられません"):
        founded.write(aim="竹")
    with pytest.raises(Conflict, match="変えられません"):
        founded.invite(HAULER)
    with pytest.raises(Conflict, match="変えられません"):
        founded.accept(FIRM)


def addresses(founded: Founded, key: str) -> list[str]:
    """Who got mail whose key begins so."""
    return sorted(address.split("@")[0] for _, address in founded.world.mails(key))


def test_each_mail_goes_once_to_those_it_concerns(founded: Founded) -> None:
    assert addresses(founded, "consortium-invited") == ["maker"]
    founded.make_agreed()
    assert addresses(founded, "consortium-accepted") == ["chief", "officer"]
    assert addresses(founded, "consortium-version") == ["chief", "maker"]
    assert addresses(founded, "consortium-agreed") == ["chief", "officer"]
    founded.leave(FIRM)
    assert addresses(founded, "consortium-left") == ["chief", "officer"]
    assert addresses(founded, "consortium-forming") == ["chief", "officer"]


def test_one_without_partners_gets_no_mail_any_more(founded: Founded) -> None:
    maker, hauler = founded.world.users["maker"], founded.world.users["hauler"]
    assert queries.still_receives(maker, founded.consortium_id)
    assert not queries.still_receives(hauler, founded.consortium_id)


def test_an_organisation_that_never_was_a_member_is_not_found(founded: Founded) -> None:
    actor, now = founded.world.actor("officer"), founded.world.now
    with pytest.raises(NotFound):
        partners.invite(founded.consortium, new_id(), [R.USER], "", actor, now)


def test_candidates_lead_with_research_of_the_same_prefecture(founded: Founded) -> None:
    from_afar, near = _university("遠い大学", "東京都"), _university("近い大学", "高知県")
    db.session.commit()
    page = founded.browser("officer").get(f"{founded.path}/candidates?role=researcher").text
    assert page.index(near) < page.index(from_afar)
    assert "同じ都道府県（高知県）" in page


def _university(name: str, prefecture: str) -> str:
    data = OrganizationData(name=name, category="university_or_research", prefecture=prefecture)
    create_organization(data, SYSTEM, clock.now())
    return name


def test_new_days_must_be_possible_and_stored_ones_may_stay(founded: Founded) -> None:
    today = clock.today(founded.world.now)
    ends = today + timedelta(days=30)
    founded.write(**{**WRITTEN, "starts_on": today - timedelta(days=90), "ends_on": ends})
    with pytest.raises(ProductError, match="もう過ぎています") as refused:
        founded.write(ends_on=today - timedelta(days=1))
    assert refused.value.field == "ends_on"
    with pytest.raises(ProductError, match="年を確かめてください") as refused:
        founded.write(starts_on=today.replace(year=today.year - 11, day=1))
    assert refused.value.field == "starts_on"
    assert founded.write(ends_on=today).is_clean
    content, long_after = queries.content_of(founded.consortium), founded.world.now
    long_after += timedelta(days=40)
    changed = replace(content, risks="雪も心配です。")
    number, actor = founded.consortium.revision, founded.world.actor("officer")
    assert service.save(founded.consortium, changed, number, actor, long_after).is_clean


def test_a_hundred_partners_are_refused_after_the_thirtieth(founded: Founded) -> None:
    actor, refused = founded.world.actor("officer"), 0
    for number in range(100):
        try:
            partners.add_external(
                founded.consortium, f"会{number}", "", [R.USER], actor, founded.world.now
            )
        except ProductError as error:
            assert "ひとつの座組に入れるのは30団体まで" in error.message
            refused += 1
    assert refused == 100 - (MOST_PARTNERS - 2)
    assert len(queries.partners_of(founded.consortium_id)) == MOST_PARTNERS


def test_a_partner_that_leaves_midway_reopens_its_role_and_the_others_are_told(
    founded: Founded,
) -> None:
    founded.make_agreed()
    founded.invite(HAULER)
    founded.accept(HAULER)
    founded.agree(HAULER)
    assert R.COLLECTOR not in missing_roles(founded.consortium.partners)
    founded.leave(HAULER, "車がなくなったため")
    assert R.COLLECTOR in missing_roles(founded.consortium.partners)
    told = [
        message
        for message in db.session.scalars(select(OutboxMessage))
        if message.dedupe_key.startswith("consortium-left:")
    ]
    users = founded.world.users
    assert {message.recipient_user_id for message in told} == {
        users["officer"], users["chief"], users["maker"],
    }  # fmt: skip
    assert all("車がなくなったため" in message.body for message in told)
