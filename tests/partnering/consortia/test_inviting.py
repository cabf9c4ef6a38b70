"""Choosing a member among hundreds: proposals, typed names, namesakes, readings."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.finding import MOST_FOUND, members_like
from matchmaker.organizations.queries import organization_of
from matchmaker.organizations.service import create_organization, withdraw
from matchmaker.partnering.consortia.domain import PartnerState
from tests.partnering.consortia.founding import FIRM, HAULER, TOWN, Founded

ROLE = {"roles": ["collector"]}


def make_member(name: str, kana: str, prefecture: str = "広島県", **more: Any) -> uuid.UUID:
    """A further active member; commits."""
    values = {"category": "company", **more}
    data = OrganizationData(name=name, kana=kana, prefecture=prefecture, **values)
    made = create_organization(data, SYSTEM, clock.now())
    db.session.commit()
    return made.id


def proposals(founded: Founded, who: str, words: str) -> list[dict[str, str]]:
    answer = founded.browser(who).get(f"{founded.path}/invitable-members.json?q={words}")
    assert answer.status_code == 200
    found: list[dict[str, str]] = answer.get_json()["items"]
    return found


def invite(client: FlaskClient, founded: Founded, **sent: Any) -> TestResponse:
    return client.post(f"{founded.path}/partners", data={**ROLE, **sent})


def test_the_field_asks_the_server_and_lists_nobody(founded: Founded) -> None:
    page = founded.browser("officer").get(f"{founded.path}/partners").text
    assert f'data-combobox-url="{founded.path}/invitable-members.json"' in page
    assert f">{HAULER}</option>" not in page


def test_proposals_leave_out_who_is_asked_already(founded: Founded) -> None:
    found = proposals(founded, "officer", "白浜")
    assert [each["label"] for each in found] == [HAULER]
    assert found[0]["value"] == str(founded.world.organizations[HAULER])
    assert proposals(founded, "officer", FIRM) == []
    assert proposals(founded, "officer", "%E3%80%80") == []


def test_readings_find_a_member_and_exact_names_come_first(founded: Founded) -> None:
    make_member("みなと運輸サービス", "ミナトウンユサービス")
    exact = make_member("みなと運輸", "ミナトウンユ")
    make_member("くろみなと運輸", "クロミナトウンユ")
    found = [each.name for each in members_like("みなと運輸")]
    assert found == ["みなと運輸", "みなと運輸サービス", "くろみなと運輸"]
    assert {each.name for each in members_like("ﾐﾅﾄ")} == set(found)
    withdraw(organization_of(exact), "退会", SYSTEM, clock.now())
    assert "みなと運輸" not in [each.name for each in members_like("みなと運輸")]


def test_no_more_are_proposed_than_the_field_shows(founded: Founded) -> None:
    for number in range(MOST_FOUND + 3):
        make_member(f"竹田{number:02}商店", f"タケダ{number:02}ショウテン")
    assert len(proposals(founded, "officer", "竹田")) == MOST_FOUND


def test_only_those_who_invite_may_ask_for_proposals(founded: Founded) -> None:
    address = f"{founded.path}/invitable-members.json?q=白浜"
    assert founded.browser("maker").get(address).status_code == 403
    assert founded.browser("hauler").get(address).status_code == 404


def test_a_name_typed_without_scripts_is_enough(founded: Founded) -> None:
    assert (
        invite(founded.browser("officer"), founded, organization=f" {HAULER} ").status_code == 302
    )
    assert founded.partner(HAULER).state is PartnerState.INVITED


def test_part_of_a_name_is_asked_back_and_nothing_typed_is_lost(founded: Founded) -> None:
    client = founded.browser("officer")
    asked = invite(client, founded, organization="白浜", message="運搬をお願いします")
    assert asked.status_code == 422
    assert "合う団体です。1つ選んで" in asked.text
    assert "運搬をお願いします" in asked.text
    chosen = str(founded.world.organizations[HAULER])
    assert f'value="{chosen}"' in asked.text
    answer = invite(client, founded, organization="白浜", organization_id=chosen)
    assert answer.status_code == 302
    assert founded.partner(HAULER).state is PartnerState.INVITED


def test_namesakes_are_told_apart_by_their_prefecture(founded: Founded) -> None:
    make_member("中央市", "チュウオウシ", "山梨県", category="municipality")
    other = make_member("中央市", "チュウオウシ", "広島県", category="municipality")
    client = founded.browser("officer")
    asked = invite(client, founded, organization="中央市")
    assert asked.status_code == 422
    assert "中央市（山梨県・自治体）" in asked.text
    link = client.get(f"{founded.path}/partners?organization={other}&role=municipality")
    assert f'value="{other}" checked' in link.text
    sent = {"organization": "中央市", "organization_id": str(other)}
    assert invite(client, founded, **sent).status_code == 302
    assert founded.partner("中央市").organization_id == other


def test_words_typed_after_picking_win(founded: Founded) -> None:
    other = make_member("みなと運輸", "ミナトウンユ")
    chosen = str(founded.world.organizations[HAULER])
    sent = {"organization": "みなと運輸", "organization_id": chosen}
    assert invite(founded.browser("officer"), founded, **sent).status_code == 302
    assert founded.partner("みなと運輸").organization_id == other


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "団体の名前を入れてください。"),
        ("どこにもない団体", "「どこにもない団体」に合う会員が見つかりません。"),
        (str(uuid.UUID(int=7)), "に合う会員が見つかりません。"),
        (TOWN, "この団体には、すでに声をかけています。"),
        ("長" * 121, "120文字以内"),
    ],
)
def test_what_names_no_member_to_invite_is_told(founded: Founded, typed: str, message: str) -> None:
    answer = invite(founded.browser("officer"), founded, organization=typed)
    assert answer.status_code == 422
    assert message in answer.text


def test_a_candidate_is_taken_over_with_its_role(founded: Founded) -> None:
    hauler = founded.world.organizations[HAULER]
    client = founded.browser("officer")
    page = client.get(f"{founded.path}/partners?organization={hauler}&role=collector").text
    assert f'value="{HAULER}"' in page
    assert 'value="collector" checked' in page
