"""The pages of a coalition: who reads what, answers, reasons, letters, giving it up."""

from __future__ import annotations

import pytest

from matchmaker.core.db import db
from matchmaker.partnering.coalitions import queries, service, views
from matchmaker.partnering.coalitions.domain import CoalitionState, MemberMove, MemberState
from matchmaker.partnering.coalitions.models import Coalition, CoalitionMember
from tests.partnering.coalitions.reading import Reading
from tests.partnering.coalitions.world import CODE_OUTSIDE, PEOPLE, PLANT, TOWNS, World

TABLE = "声をかけた相手と返事"
WHY = "焼却炉の更新が先に決まりました。"
INSIDERS = ("east", "west", "south", "maker", "secretariat")


def member_of(coalition: Coalition, name: str) -> CoalitionMember:
    """Who takes part under a name."""
    return next(each for each in queries.members_of(coalition.id) if each.name == name)


def answer_path(coalition: Coalition, name: str) -> str:
    """Where one answers for an organisation."""
    return f"/coalitions/{coalition.id}/members/{member_of(coalition, name).id}"


def state_of(coalition: Coalition, name: str) -> MemberState:
    """What an organisation has said, as the database holds it."""
    db.session.expire_all()
    return member_of(coalition, name).state


def with_village(world: World) -> Coalition:
    """All three towns, the business, and the village outside the partnership."""
    coalition = world.form(max_km=150)
    wish, east = views.wish_for(coalition), world.actor("east")
    service.ask_more(coalition.id, [f"town:{CODE_OUTSIDE}"], wish, east, world.now)
    db.session.commit()
    return queries.get(coalition.id)


@pytest.mark.parametrize("who", INSIDERS)
def test_those_concerned_read_it_and_find_it_in_their_list(world: World, who: str) -> None:
    coalition = world.form()
    client = world.browser(who)
    page = Reading(client.get(f"/coalitions/{coalition.id}"))
    rows = {row[0].split(" ")[0].removesuffix("掲載").removesuffix("事業者"): row
            for row in page.rows(TABLE)}  # fmt: skip
    assert set(rows) == {*TOWNS, PLANT}
    assert {name: rows[name][2] for name in TOWNS} == {
        name: f"{tonnes} t/年" for name, (_, _, tonnes) in TOWNS.items()
    }
    assert {each["name"] for each in page.places()} == {*TOWNS, PLANT}
    listed = client.get("/coalitions")
    assert f"/coalitions/{coalition.id}" in listed.text


def test_nobody_else_knows_of_it(world: World) -> None:
    coalition = world.form()
    stranger = world.browser("stranger")
    path = f"/coalitions/{coalition.id}"
    own = answer_path(coalition, "西町")
    for each in (path, f"{path}/close", own):
        assert stranger.get(each).status_code == 404
    for each in (own, f"{own}/question", f"{path}/members", f"{path}/close"):
        assert stranger.post(each, data={"move": "join"}).status_code == 404
    assert f"{coalition.id}" not in stranger.get("/coalitions").text
    assert "/sign-in" in world.visitor().get(path).location
    assert state_of(coalition, "西町") is MemberState.INVITED


def test_the_map_tells_answers_as_the_table_does(world: World) -> None:
    coalition = world.form()
    world.browser("west").post(answer_path(coalition, "西町"), data={"move": "decline"})
    page = Reading(world.browser("east").get(f"/coalitions/{coalition.id}"))
    kinds = {each["name"]: each["kind"] for each in page.places()}
    assert kinds == {PLANT: "plant", "東町": "member", "西町": "other", "南町": "asked"}
    (legend,) = page.legends()
    for words in ("事業者", "参加", "返事待ち", "不参加"):
        assert words in legend


def test_a_yes_in_one_press_and_pressed_twice(world: World) -> None:
    coalition = world.form()
    client = world.browser("west")
    page = Reading(client.get(f"/coalitions/{coalition.id}"))
    assert "西町への声かけに返事をしてください" in page.words
    assert page.sends("move") == ["join"]
    path = answer_path(coalition, "西町")
    for _ in range(2):
        assert client.post(path, data={"move": "join"}).status_code == 302
    assert state_of(coalition, "西町") is MemberState.IN
    answered = [kind for kind, _ in world.mails("coalition-answered")]
    assert answered == ["coalition-answered"]


@pytest.mark.parametrize("move", ["", "jump", "ask_again"])
def test_an_answer_that_is_none_is_told_at_its_field(world: World, move: str) -> None:
    coalition = world.form()
    sent = {"move": move, "reason": WHY}
    answer = world.browser("west").post(answer_path(coalition, "西町"), data=sent)
    page = Reading(answer)
    assert answer.status_code == 422
    assert "1つ選んでください。" in page.words
    assert page.value("reason") == WHY
    assert state_of(coalition, "西町") is MemberState.INVITED


def test_leaving_needs_a_reason(world: World) -> None:
    coalition = world.form()
    client, path = world.browser("west"), answer_path(coalition, "西町")
    client.post(path, data={"move": "join"})
    refused = client.post(path, data={"move": "leave", "reason": "  "})
    assert refused.status_code == 422
    assert "理由を入れてください。" in Reading(refused).error_at("reason")
    assert 'value="leave" checked' in " ".join(refused.text.split()).replace(' id="move-0"', "")
    assert client.post(path, data={"move": "leave", "reason": WHY}).status_code == 302
    assert state_of(coalition, "西町") is MemberState.OUT


def test_a_reason_that_is_too_long_is_kept(world: World) -> None:
    coalition = world.form()
    sent = {"move": "decline", "reason": "長" * 1_001}
    answer = world.browser("west").post(answer_path(coalition, "西町"), data=sent)
    assert answer.status_code == 422
    assert Reading(answer).value("reason") == sent["reason"]
    assert state_of(coalition, "西町") is MemberState.INVITED


@pytest.mark.parametrize(
    ("who", "reads"),
    [("east", True), ("west", True), ("secretariat", True), ("south", False), ("maker", False)],
)
def test_a_refusal_is_explained_to_those_who_were_promised(
    world: World, who: str, reads: bool
) -> None:
    coalition = world.form()
    sent = {"move": "decline", "reason": WHY}
    world.browser("west").post(answer_path(coalition, "西町"), data=sent)
    page = world.browser(who).get(f"/coalitions/{coalition.id}").text
    assert "不参加" in page
    assert (WHY in page) is reads


@pytest.mark.parametrize("who", ["east", "south", "maker"])
def test_nobody_answers_for_another_town(world: World, who: str) -> None:
    coalition = world.form()
    client, path = world.browser(who), answer_path(coalition, "西町")
    assert client.get(path).status_code == 403
    assert client.post(path, data={"move": "join"}).status_code == 403
    assert state_of(coalition, "西町") is MemberState.INVITED


def test_the_secretariat_records_an_answer_for_a_town(world: World) -> None:
    coalition = with_village(world)
    client = world.browser("secretariat")
    path = answer_path(coalition, "愛知県北村")
    assert client.post(path, data={"move": "join", "reason": "電話で"}).status_code == 302
    assert state_of(coalition, "愛知県北村") is MemberState.IN
    shown = Reading(client.get(f"/coalitions/{coalition.id}")).words
    assert "推計（人口から）・会員ではない" in shown


def test_after_a_refusal_the_page_names_who_would_close_the_gap(world: World) -> None:
    coalition = world.form()
    world.browser("south").post(answer_path(coalition, "南町"), data={"move": "decline"})
    east = world.browser("east")
    page = Reading(east.get(f"/coalitions/{coalition.id}"))
    assert [row[0] for row in page.rows("加われば届く自治体")] == ["愛知県北村"]
    (keys,) = page.sends()
    sent = east.post(f"/coalitions/{coalition.id}/members", data={"keys": keys})
    again = east.post(f"/coalitions/{coalition.id}/members", data={"keys": keys})
    assert (sent.status_code, again.status_code) == (302, 302)
    assert state_of(coalition, "愛知県北村") is MemberState.INVITED
    assert len(queries.members_of(coalition.id)) == 5
    assert "かわりに声をかける自治体" not in east.get(f"/coalitions/{coalition.id}").text


def test_asking_again_and_only_by_who_formed_it(world: World) -> None:
    coalition = world.form()
    path = answer_path(coalition, "南町")
    world.browser("south").post(path, data={"move": "decline"})
    assert world.browser("west").post(f"{path}/question").status_code == 403
    east = world.browser("east")
    assert "もう一度声をかける" in east.get(f"/coalitions/{coalition.id}").text
    for _ in range(2):
        assert east.post(f"{path}/question").status_code == 302
    assert state_of(coalition, "南町") is MemberState.INVITED
    asked = [kind for kind, _ in world.mails(f"coalition-asked:{member_of(coalition, '南町').id}")]
    assert len(asked) == 2


@pytest.mark.parametrize("keys", ["", "town:999999", "x"])
def test_more_towns_that_are_not_there(world: World, keys: str) -> None:
    coalition = world.form()
    path = f"/coalitions/{coalition.id}/members"
    answer = world.browser("east").post(path, data={"keys": keys})
    assert answer.status_code == 422
    assert "もう一度さがしてから" in Reading(answer).words
    assert len(queries.members_of(coalition.id)) == 4


def test_giving_up_needs_a_reason_and_ends_all_answers(world: World) -> None:
    coalition = world.form()
    path = f"/coalitions/{coalition.id}"
    assert world.browser("west").get(f"{path}/close").status_code == 403
    east = world.browser("east")
    assert Reading(east.get(f"{path}/close")).value("reason") == ""
    refused = east.post(f"{path}/close", data={"reason": " "})
    assert refused.status_code == 422
    assert "理由を入れてください。" in Reading(refused).error_at("reason")
    assert east.post(f"{path}/close", data={"reason": WHY}).status_code == 302
    db.session.expire_all()
    assert queries.get(coalition.id).state is CoalitionState.CLOSED
    closed = Reading(world.browser("west").get(path)).words
    assert "この連合は、とりやめになりました" in closed
    assert WHY in closed
    assert "返事をしてください" not in closed
    late = world.browser("west").post(answer_path(coalition, "西町"), data={"move": "join"})
    assert late.status_code in {403, 409}


def test_a_letter_goes_to_a_town_outside_the_partnership(world: World) -> None:
    coalition = with_village(world)
    secretariat, path = world.browser("secretariat"), answer_path(coalition, "愛知県北村")
    assert "愛知県北村への手紙" in Reading(secretariat.get("/coalitions")).words
    waits = 'href="/coalitions"><strong>会員ではない自治体に手紙を送る'
    assert waits in secretariat.get("/dashboard").text
    letter = Reading(secretariat.get(f"{path}/letter")).words
    for words in (
        "愛知県北村 廃棄物・資源循環ご担当者 様", "300 t/年から受け入れています",
        "愛知県北村の量は100 t/年として", "1人あたり年5 kg（出典：竹の調査（令和5年度））",
        "東町：120 t/年", "いっしょに相談しませんか。", "契約ではありません",
    ):  # fmt: skip
        assert words in letter
    for _ in range(2):
        assert secretariat.post(f"{path}/letter").status_code == 302
    assert "送ったと記録されています" in Reading(secretariat.get(f"{path}/letter")).words
    assert "への手紙" not in Reading(secretariat.get("/coalitions")).words
    for who in ("east", "maker"):
        assert world.browser(who).get(f"{path}/letter").status_code == 403
        assert world.browser(who).post(f"{path}/letter").status_code == 403


def test_no_letter_to_a_town_that_gets_its_mail_here(world: World) -> None:
    path = answer_path(world.form(), "西町")
    client = world.browser("secretariat")
    assert client.get(f"{path}/letter").status_code == 404
    assert client.post(f"{path}/letter").status_code == 404


def test_all_yes_reaches_the_lot_and_leads_on(world: World) -> None:
    coalition = world.form()
    for who in ("west", "south", "maker"):
        sent = {"move": MemberMove.JOIN.value}
        world.browser(who).post(answer_path(coalition, PEOPLE[who]), data=sent)
    page = world.browser("east").get(f"/coalitions/{coalition.id}")
    assert "連合が成立しました" in page.text
    assert f"/consortia/new?coalition={coalition.id}" in page.text
