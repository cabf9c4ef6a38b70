"""The pages that look for groups: every field, what is shown and what is missing, one press."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.matching.jobs import process_index_queue
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.organizations.models import Municipality
from matchmaker.partnering.coalitions import queries, search_views
from matchmaker.partnering.coalitions.answers import best_groups, shortage_of
from matchmaker.partnering.coalitions.domain import MEMBERS_MOST
from matchmaker.posts import queries as posts
from matchmaker.posts.content import content_of
from matchmaker.posts.domain import Move
from matchmaker.posts.service import move, save
from tests.partnering.board.reading import error_links, ids_of
from tests.partnering.coalitions.reading import Reading
from tests.partnering.coalitions.world import PLANT, TOWNS, World

ALL = "組み合わせに入る自治体"
NOTE = "来年度の予算要求に間に合うように相談したいです。"


def path_of(world: World, post: str = "東町") -> str:
    """Where one looks from a need of a town, or from the offering."""
    kind = "offerings" if post == PLANT else "needs"
    return f"/{kind}/{world.posts[post]}/coalitions"


def look(client: FlaskClient, world: World, post: str = "東町", **args: str) -> TestResponse:
    """The page of a search."""
    return client.get(f"{path_of(world, post)}/new", query_string=args)


def usual(**changes: str) -> dict[str, str]:
    """A search without estimates."""
    return {"km": "100", "members": "8", **changes}


def change(world: World, post: str, **values: Any) -> None:
    """Change fields of a post and bring the index into step; commits."""
    post_type = OFFERING if post == PLANT else NEED
    found = posts.get(post_type, world.posts[post])
    save(post_type, found, {**content_of(post_type, found), **values}, SYSTEM, world.now)
    db.session.commit()
    process_index_queue(world.now)


def members(world: World) -> list[int]:
    """How many are asked in each coalition that concerns the first town."""
    page = queries.page_for([world.organizations["東町"]], 1)
    return [len(each.members) for each in page.items]


def test_the_form_has_every_field_and_its_usual_values(world: World) -> None:
    page = Reading(look(world.browser("east"), world))
    form = page.fields(f"{path_of(world)}/new")
    assert form == {"offering", "km", "members", "around", "estimates"}
    assert [page.value(name) for name in ("km", "members", "around")] == ["100", "8", ""]
    from_offering = Reading(look(world.browser("maker"), world, PLANT))
    assert from_offering.fields(f"{path_of(world, PLANT)}/new") == {"km", "members", "estimates"}


def test_table_and_map_of_a_group_say_the_same(world: World) -> None:
    page = Reading(look(world.browser("east"), world, **usual()))
    rows = page.rows(ALL)
    assert {(row[0], row[1]) for row in rows} == {
        (name, f"{tonnes} t/年") for name, (_, _, tonnes) in TOWNS.items()
    }
    assert sum(int(row[2].rstrip("％")) for row in rows) == 100
    assert [row[4] for row in rows] == ["掲載"] * 3
    dots = [(each["name"], each["text"]) for each in page.places() if each["kind"] == "member"]
    assert sorted(dots) == sorted((row[0], row[1]) for row in rows)
    assert [each["name"] for each in page.places() if each["kind"] == "plant"] == [PLANT]
    assert "ほかの候補" not in page.legends()[0]
    for words in ("いちばん少ない数", "運ぶ量と距離", "量がいちばんそろっている", "360 t/年"):
        assert words in page.words


def test_full_width_numbers_with_units_are_understood(world: World) -> None:
    client = world.browser("east")
    page = Reading(look(client, world, **usual(km="１００ｋｍ", members="３団体", around=" ４０ ")))
    assert len(page.rows(ALL)) == 3


@pytest.mark.parametrize(
    ("name", "typed", "bounds"),
    [
        ("km", "近く", "1から500"), ("km", "-5", "1から500"), ("km", "501", "1から500"),
        ("km", "", "1から500"), ("km", "10.5", "1から500"), ("members", "1", "2から20"),
        ("members", "100", "2から20"), ("around", "0", "1から500"),
        ("around", "となり", "1から500"),
    ],
)  # fmt: skip
def test_bad_numbers_are_told_at_their_field_and_kept(
    world: World, name: str, typed: str, bounds: str
) -> None:
    sent = {"km": "33", "members": "5", "around": "44", "estimates": "y", name: typed}
    answer = look(world.browser("east"), world, **sent)
    page = Reading(answer)
    assert answer.status_code == 422
    assert f"{bounds}までの数を入れてください。" in page.error_at(name)
    for each in ("km", "members", "around"):
        assert page.value(each) == sent[each].strip()
    assert page.sends() == []


def test_estimates_are_marked_with_their_source(world: World) -> None:
    page = Reading(look(world.browser("maker"), world, PLANT, **usual(members="2", estimates="y")))
    assert "人口 × 1人あたり 5 kg/年（出典：竹の調査（令和5年度））" in page.words
    closer = page.rows("加われば届く自治体")
    assert ["愛知県北村", "100 t/年"] in [row[:2] for row in closer]
    village = next(row for row in closer if row[0] == "愛知県北村")
    assert village[-1] == "推計（人口から）・会員ではない自治体"
    assert {each["name"] for each in page.places() if each["kind"] == "asked"} == {
        row[0] for row in closer
    }


def test_the_missing_town_is_named_and_asked_in_the_same_press(world: World) -> None:
    client = world.browser("east")
    search = usual(km="13")
    page = Reading(look(client, world, **search))
    closers = page.rows("加われば届く自治体")
    assert "あと 70 t/年 足りません" in page.words
    assert f"{closers[0][0]}（{closers[0][1]}" in page.words
    assert "に声をかければ成立します。" in page.words
    sent = {**search, "keys": page.sends()[0], "submission_key": page.value("submission_key")}
    answer = client.post(path_of(world), data=sent)
    assert answer.status_code == 302
    assert closers[0][0] in client.get(answer.location).text


def test_one_press_asks_all_and_a_second_press_nobody_more(world: World) -> None:
    client = world.browser("east")
    page = Reading(look(client, world, **usual()))
    form = {**usual(), "note": NOTE, "submission_key": page.value("submission_key")}
    form |= {name: page.value(name) for name in ("offering", "material")}
    first = client.post(path_of(world), data={**form, "keys": page.sends()[0]})
    second = client.post(path_of(world), data={**form, "keys": page.sends()[0]})
    assert first.status_code == second.status_code == 302
    assert first.location == second.location
    assert members(world) == [4]
    assert [kind for kind, _ in world.mails("coalition-asked")] == ["coalition-asked"] * 3
    shown = Reading(client.get(first.location)).words
    for words in (*TOWNS, PLANT, NOTE, "声かけ中", "まだ届かない"):
        assert words in shown


def test_a_group_that_changed_meanwhile_is_refused_and_the_note_stays(world: World) -> None:
    client = world.browser("east")
    page = Reading(look(client, world, **usual()))
    change(world, PLANT, free_capacity_tonnes_per_year=350)
    sent = {**usual(), "note": NOTE, "keys": page.sends()[0], "submission_key": "x"}
    answer = client.post(path_of(world), data=sent)
    assert answer.status_code == 422
    again = Reading(answer)
    assert "さがしたあとに変わりました" in again.words
    assert again.value("km") == "100"
    assert members(world) == []


@pytest.mark.parametrize("keys", ["", "need:x", "town:000000"])
def test_towns_that_are_not_there_cannot_be_asked(world: World, keys: str) -> None:
    sent = {**usual(), "note": NOTE, "keys": keys}
    answer = world.browser("east").post(path_of(world), data=sent)
    assert answer.status_code == 422
    assert Reading(answer).value("note") == NOTE
    assert members(world) == []


def test_bad_numbers_in_the_press_ask_nobody(world: World) -> None:
    sent = {**usual(km="x"), "note": NOTE, "keys": ",".join(world.keys(*TOWNS))}
    answer = world.browser("east").post(path_of(world), data=sent)
    assert answer.status_code == 422
    assert "1から500" in Reading(answer).error_at("km")
    assert members(world) == []


def test_a_note_that_is_too_long_is_told_at_its_field(world: World) -> None:
    long = "あ" * 1_001
    sent = {**usual(), "note": long, "keys": ",".join(world.keys(*TOWNS))}
    answer = world.browser("east").post(path_of(world), data=sent)
    page = Reading(answer)
    assert answer.status_code == 422
    assert "1,000" in page.error_at("note")
    assert page.value("note") == long
    assert members(world) == []


def test_a_plant_out_of_area_is_not_offered_but_named(world: World) -> None:
    change(world, PLANT, service_area=["長崎県"])
    page = Reading(look(world.browser("east"), world))
    assert "条件の合うシーズが見つかりません" in page.words
    assert f"{PLANT}「竹をまとめて引き取り、板にします」：対応できる地域の外" in page.words


def test_a_need_without_a_quantity_is_told_so(world: World) -> None:
    change(world, "東町", quantity_min=None, quantity_unit=None, quantity_period=None)
    page = Reading(look(world.browser("east"), world, **usual()))
    assert "この条件では組み合わせられません" in page.words
    assert "理由：量が書かれていない" in page.words
    assert page.sends() == []


def test_a_plant_with_less_room_than_its_lot_is_told_so(world: World) -> None:
    change(world, PLANT, free_capacity_tonnes_per_year=200)
    page = Reading(look(world.browser("maker"), world, PLANT, **usual()))
    assert "空いている能力が最低の量より少ない" in page.words
    assert "足りません" not in page.words


def test_what_was_not_proven_in_time_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_views, "best_groups", partial(best_groups, seconds=0))
    page = Reading(look(world.browser("east"), world, **usual()))
    assert "もっと良いものが残っているかもしれません（差は最大で" in page.words
    assert page.sends() != []


def test_nothing_found_in_time_is_not_told_as_nothing_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, search in (("best_groups", best_groups), ("shortage_of", shortage_of)):
        monkeypatch.setattr(search_views, name, partial(search, seconds=0))
    change(world, PLANT, minimum_lot_tonnes_per_year=232, free_capacity_tonnes_per_year=238)
    page = Reading(look(world.browser("maker"), world, PLANT, **usual()))
    assert "届く組み合わせがあるかどうか、わかりませんでした" in page.words
    assert "足りない量は、これより少ないかもしれません。" in page.words


def test_posts_that_do_not_fit_are_named_with_why(world: World) -> None:
    change(world, "西町", quantity_min=None, quantity_unit=None, quantity_period=None)
    page = Reading(look(world.browser("maker"), world, PLANT, **usual()))
    assert "西町：量が書かれていない" in page.words


@pytest.mark.parametrize(
    ("who", "status"), [("east", 200), ("secretariat", 200), ("west", 403), ("stranger", 403)]
)
def test_who_may_look_from_a_need(world: World, who: str, status: int) -> None:
    client = world.browser(who)
    assert look(client, world).status_code == status
    if status == 403:
        sent = {**usual(), "keys": ",".join(world.keys(*TOWNS))}
        assert client.post(path_of(world), data=sent).status_code == 403
        assert members(world) == []


def test_visitors_sign_in_first(world: World) -> None:
    answer = look(world.visitor(), world)
    assert answer.status_code == 302
    assert "/sign-in" in answer.location


def test_a_withdrawn_need_leads_no_search(world: World) -> None:
    found = posts.get(NEED, world.posts["東町"])
    move(NEED, found, Move.RETURN, SYSTEM, world.now, reason="量を確かめてください。")
    db.session.commit()
    assert look(world.browser("east"), world).status_code == 403


def test_a_plant_without_a_lot_is_told_where_there_is_no_field_for_it(world: World) -> None:
    """The page that begins with an offering has no field to choose another: no link leads there."""
    change(world, PLANT, minimum_lot_tonnes_per_year=None)
    answer = look(world.browser("maker"), world, PLANT, **usual())
    assert answer.status_code == 422
    assert "このシーズには「最低の量」が書かれていません。" in answer.text
    assert set(error_links(answer.text)) <= ids_of(answer.text)


def test_the_way_around_a_town_is_not_asked_of_a_plant(world: World) -> None:
    page = look(world.browser("maker"), world, PLANT, **usual(around="x"))
    assert page.status_code == 200
    assert Reading(page).sends() != []


def test_a_hundred_towns_cannot_be_asked_at_once(world: World) -> None:
    """All are there and near enough; who asked too many keeps the words."""
    codes = [f"{241_000 + number}" for number in range(99)]
    for place, code in enumerate(codes):
        db.session.add(
            Municipality(
                code=code, prefecture="三重県", name=f"{place}町", kana="まち", url="",
                latitude=35.0, longitude=137.0 + place / 1000, population=2_000,
            )
        )  # fmt: skip
    db.session.commit()
    keys = [*world.keys("東町"), *(f"town:{code}" for code in codes)]
    sent = {**usual(), "estimates": "y", "note": NOTE, "keys": ",".join(keys)}
    answer = world.browser("east").post(path_of(world), data=sent)
    assert answer.status_code == 422
    assert f"声をかけられるのは{MEMBERS_MOST}団体までです。" in Reading(answer).words
    assert Reading(answer).value("note") == NOTE
    assert members(world) == []
