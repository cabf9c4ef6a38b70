"""The pages over HTTP, with what each person may see of them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from matchmaker.core.db import db
from matchmaker.partnering.consortia import partners, queries, service
from matchmaker.partnering.consortia.domain import ConsortiumState, PartnerRole, PartnerState
from tests.partnering.consortia.founding import (
    FIRM,
    HAULER,
    TOWN,
    WRITTEN,
    Founded,
    make_match,
)
from tests.partnering.introductions.world import build_world, day_fields

CONTENT: dict[str, Any] = {
    "name": "竹の座組",
    "purposes": ["resource_limits"],
    "aim": "放置された竹を使い切ります。",
    "circulation_methods": ["local_resource_recycling"],
    "tonnes_min": "１００",
    "tonnes_max": "300 トン",
    "schedule": "春に試し、秋に始めます。",
    "revision": "1",
}


def test_a_match_becomes_a_consortium_once(founded: Founded) -> None:
    client = founded.browser("maker")
    match = client.get(f"/matches/{founded.match_id}").text
    assert "座組のページを開く" in match
    assert "座組をつくる" not in match
    asked = client.get(f"/consortia/new?match={founded.match_id}")
    assert asked.location == founded.path
    sent = {"match": str(founded.match_id), "name": "もうひとつ"}
    assert client.post("/consortia", data=sent).location == founded.path


def test_the_page_that_asks_for_the_founder(app: Any) -> None:
    with app.app_context():
        world = build_world(app)
        match_id = make_match(world)
        client = world.browser("officer")
        page = client.get(f"/consortia/new?match={match_id}")
        assert page.status_code == 200
        assert TOWN in page.text
        assert FIRM in page.text
        sent = {"match": str(match_id), "name": "竹の座組"}
        first, second = (client.post("/consortia", data=sent) for _ in range(2))
        assert first.location == second.location
        assert "竹の座組" in client.get(first.location).text


@pytest.mark.parametrize("name", ["officer", "maker", "reader", "secretariat"])
def test_partners_and_the_secretariat_read_all_pages(founded: Founded, name: str) -> None:
    founded.invite(HAULER)
    client = founded.browser(name)
    for path in ("", "/versions", "/candidates", "/partners"):
        assert client.get(founded.path + path).status_code == 200, path
    assert "竹の座組" in client.get("/consortia").text


def test_others_do_not_know_of_it(founded: Founded) -> None:
    client = founded.browser("hauler")
    for path in ("", "/versions", "/candidates", "/partners", "/content", "/ending"):
        assert client.get(founded.path + path).status_code == 404, path
    assert "竹の座組" not in client.get("/consortia").text


def test_who_is_invited_answers_on_the_page(founded: Founded) -> None:
    client = founded.browser("maker")
    page = client.get(founded.path)
    assert "参加の案内が届いています" in page.text
    row = founded.partner(FIRM)
    assert client.get(f"{founded.path}/content").status_code == 403
    answer = client.post(f"{founded.path}/partners/{row.id}/acceptances")
    assert answer.status_code == 302
    assert client.get(f"{founded.path}/content").status_code == 200


def test_declining_wants_a_reason_and_keeps_what_was_typed(founded: Founded) -> None:
    client = founded.browser("maker")
    here = f"{founded.path}/partners/{founded.partner(FIRM).id}/leaving"
    refused = client.post(here, data={"reason": " "})
    assert refused.status_code == 422
    assert "理由を入れてください" in refused.text
    assert client.post(here, data={"reason": "人手が足りません"}).location == "/consortia"
    assert founded.partner(FIRM).state is PartnerState.DECLINED


def save(client: FlaskClient, founded: Founded, **changes: Any) -> Any:
    return client.post(f"{founded.path}/content", data={**CONTENT, **changes})


def test_the_content_is_written_with_amounts_as_people_type_them(founded: Founded) -> None:
    client = founded.browser("officer")
    duty = f"duty-{founded.partner(TOWN).id}"
    answer = save(client, founded, **{duty: "竹林を示します。"}, **_days())
    assert answer.status_code == 302
    page = client.get(founded.path)
    assert "100～300 t/年" in page.text
    assert "竹林を示します。" in page.text


def _days() -> dict[str, str]:
    return day_fields("starts_on", WRITTEN["starts_on"])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tonnes_min": "-5"}, "0以上の数"),
        ({"tonnes_min": "99999999"}, "1,000,000以下の数"),
        ({"tonnes_min": "300kg"}, "トン数を、数字だけで"),
        ({"tonnes_min": "300立方メートル"}, "トン数を、数字だけで"),
        ({"tonnes_min": "たくさん"}, "トン数を、数字だけで"),
        ({"tonnes_min": "1-2"}, "数字で入れてください"),
        ({"tonnes_min": "500", "tonnes_max": "300"}, "下限より大きい数"),
        ({"tonnes_min": ""}, "下限も入れてください"),
        ({"name": " "}, "座組の名前を入れてください"),
        ({"starts_on-year": "2027", "starts_on-month": "13", "starts_on-day": "1"}, "日付"),
    ],
)
def test_bad_values_are_told_and_nothing_typed_is_lost(
    founded: Founded, changes: dict[str, str], message: str
) -> None:
    answer = save(founded.browser("officer"), founded, **changes)
    assert answer.status_code == 422
    assert message in answer.text
    assert CONTENT["schedule"] in answer.text
    assert founded.consortium.revision == 1


def test_two_writers_of_one_field_see_both_texts(founded: Founded) -> None:
    founded.accept(FIRM)
    founded.write(**WRITTEN)
    client = founded.browser("maker")
    answer = save(client, founded, revision="1", name="竹の炭の座組", aim="炭にします。")
    assert answer.status_code == 409
    assert "炭にします。" in answer.text
    assert WRITTEN["aim"] in answer.text
    number = re.search(r'name="revision"[^>]*value="(\d+)"', answer.text)
    assert number is not None
    settled = save(client, founded, revision=number[1], name="竹の炭の座組", aim="炭にします。")
    assert settled.status_code == 302
    assert founded.consortium.name == "竹の炭の座組"


def test_versions_are_compared_and_brought_back(founded: Founded) -> None:
    founded.write(**WRITTEN)
    client = founded.browser("officer")
    page = client.get(f"{founded.path}/versions?before=1&after=2")
    assert "1年の量（上限）" in page.text
    assert "資源制約への対応" in page.text
    assert client.post(f"{founded.path}/versions/1/restorations").status_code == 302
    assert founded.consortium.revision == 3
    assert queries.content_of(founded.consortium).purposes == ()
    assert client.get(f"{founded.path}/versions?before=1&after=99").status_code == 404


def test_all_agree_on_the_page_and_it_is_agreed(founded: Founded) -> None:
    founded.accept(FIRM)
    founded.write(**WRITTEN)
    for name in ("officer", "maker"):
        client = founded.browser(name)
        assert "この内容に同意する" in client.get(founded.path).text
        client.post(f"{founded.path}/agreements", data={"number": "2"})
    page = founded.browser("officer").get(founded.path)
    assert "合意済み" in page.text
    assert "公募に応募する" in page.text


def test_agreeing_to_an_old_version_is_told(founded: Founded) -> None:
    founded.write(**WRITTEN)
    client = founded.browser("officer")
    page = client.post(f"{founded.path}/agreements", data={"number": "1"}, follow_redirects=True)
    assert "内容が新しくなりました" in page.text
    assert founded.partner(TOWN).agreed_number is None


def test_a_member_is_invited_with_roles(founded: Founded) -> None:
    client = founded.browser("officer")
    hauler = str(founded.world.organizations[HAULER])
    nothing = client.post(f"{founded.path}/partners", data={"message": "お願いします"})
    assert nothing.status_code == 422
    assert "お願いします" in nothing.text
    no_role = client.post(f"{founded.path}/partners", data={"organization_id": hauler})
    assert "役割をひとつ以上" in no_role.text
    sent = {"organization_id": hauler, "roles": ["collector", "user", "nonsense"]}
    assert client.post(f"{founded.path}/partners", data=sent).status_code == 302
    assert founded.partner(HAULER).roles == ["collector", "user"]
    twice = client.post(f"{founded.path}/partners", data=sent)
    assert "すでに声をかけています" in twice.text


def test_an_external_partner_is_marked_everywhere(founded: Founded) -> None:
    client = founded.browser("officer")
    sent = {"name": "隣町の農家の会", "note": "口頭で確認した", "roles": ["user"]}
    assert client.post(f"{founded.path}/external-partners", data=sent).status_code == 302
    for path in ("", "/partners"):
        page = client.get(founded.path + path).text
        assert "隣町の農家の会" in page
        assert "外部（会員ではない）" in page
    assert client.post(f"{founded.path}/external-partners", data=sent).status_code == 422


def test_the_lead_is_handed_over_on_the_pages(founded: Founded) -> None:
    founded.accept(FIRM)
    row = founded.partner(FIRM)
    here = f"{founded.path}/partners/{row.id}/lead-answers"
    officer = founded.browser("officer")
    sent = {"partner_id": str(row.id), "reason": "担当が変わるため"}
    assert officer.post(f"{founded.path}/lead-offers", data=sent).status_code == 302
    assert officer.post(here, data={"answer": "accept"}).status_code == 403
    maker = founded.browser("maker")
    assert "代表を引き継ぐ案内が届いています" in maker.get(founded.path).text
    assert maker.post(here, data={"answer": "accept"}).status_code == 302
    assert founded.partner(FIRM).is_lead
    assert not founded.partner(TOWN).is_lead


def test_the_secretariat_corrects_with_a_reason(founded: Founded) -> None:
    founded.make_agreed()
    client = founded.browser("secretariat")
    here = f"{founded.path}/correction"
    assert client.post(here, data={"move": "reform"}).status_code == 422
    assert client.post(here, data={"move": "start", "reason": "試し"}).status_code == 403
    assert client.post(here, data={"move": "reform", "reason": "誤り"}).status_code == 302
    assert founded.consortium.state is ConsortiumState.FORMING
    assert all(each.agreed_number is None for each in founded.consortium.partners)
    assert founded.browser("officer").get(here).status_code == 403


def test_ending_keeps_the_pages_readable(founded: Founded) -> None:
    client = founded.browser("officer")
    assert client.post(f"{founded.path}/ending", data={}).status_code == 422
    sent = {"reason": "予算がつかなかったため"}
    assert client.post(f"{founded.path}/ending", data=sent).status_code == 302
    assert "予算がつかなかった" in client.get(founded.path).text
    assert client.get(f"{founded.path}/content").status_code == 403
    assert client.get(f"{founded.path}/partners").status_code == 200
    again = client.get(f"/consortia/new?match={founded.match_id}")
    assert again.status_code == 200


def test_the_lists_filter_by_state_and_name(founded: Founded) -> None:
    client = founded.browser("secretariat")
    assert "竹の座組" in client.get("/consortia?state=forming&q=竹").text
    assert "竹の座組" not in client.get("/consortia?state=active").text
    assert "竹の座組" not in client.get("/consortia?scope=own").text
    assert "竹の座組" in client.get("/consortia?state=nonsense&page=x").text


def test_candidates_name_members_with_reasons(founded: Founded) -> None:
    page = founded.browser("officer").get(f"{founded.path}/candidates").text
    assert "足りない役割の候補" in page
    only = founded.browser("officer").get(f"{founded.path}/candidates?role=researcher").text
    assert "合いそうな会員が見つかりませんでした" in only


def test_a_lost_lead_can_be_taken_by_a_partner(founded: Founded) -> None:
    founded.make_agreed()
    town = founded.world.organizations[TOWN]
    partners.drop_out(town, founded.world.actor("secretariat"), founded.world.now)
    db.session.commit()
    client = founded.browser("maker")
    assert "代表がいません" in client.get(founded.path).text
    here = f"{founded.path}/partners/{founded.partner(FIRM).id}/lead-takings"
    assert client.post(here).status_code == 302
    assert founded.partner(FIRM).is_lead
    assert client.post(here).status_code == 409


def test_roles_are_changed_by_the_lead_alone(founded: Founded) -> None:
    here = f"{founded.path}/partners/{founded.partner(FIRM).id}/roles"
    assert founded.browser("maker").get(here).status_code == 403
    client = founded.browser("officer")
    assert client.get(here).status_code == 200
    assert client.post(here, data={}).status_code == 422
    assert client.post(here, data={"roles": ["user"]}).status_code == 302
    assert founded.partner(FIRM).roles == [PartnerRole.USER.value]


def test_what_waits_is_counted_for_those_who_write(founded: Founded) -> None:
    world = founded.world
    assert queries.count_waiting(world.actor("maker")) == 1
    assert queries.count_waiting(world.actor("hauler")) == 0
    assert queries.count_waiting(world.actor("reader")) == 0
    founded.make_agreed()
    assert queries.count_waiting(world.actor("maker")) == 0
    service.end(founded.consortium, "終わり", world.actor("officer"), world.now)
    assert not queries.waiting_for(world.actor("officer"))
