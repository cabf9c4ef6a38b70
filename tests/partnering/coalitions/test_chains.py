"""Chains of collector, recycler and user: who is joined, how much fits, picture and table."""

from __future__ import annotations

import pytest

from embeddings.geography import Geography
from matchmaker.matching.engine import current_engine
from matchmaker.partnering.coalitions.flows import Business, Chain, chains_of, with_tonnes
from matchmaker.partnering.coalitions.sankey import picture_of
from tests.partnering.coalitions.reading import Reading
from tests.partnering.coalitions.world import World


def business(key: str, **values: object) -> Business:
    """One link; nothing of it is known but what is given."""
    usual: dict[str, object] = {
        "name": key, "title": key, "prefecture": "愛知県", "takes": (), "makes": (), "area": (),
        "collects": False, "processes": True, "capacity": None, "owner": key,
    }  # fmt: skip
    return Business(key, **{**usual, **values})  # type: ignore[arg-type]


def three(**recycler: object) -> list[Business]:
    """A collector, a recycler and a user of what it makes."""
    return [
        business("collector", takes=("瓶",), collects=True, processes=False, capacity=90.0),
        business("recycler", takes=("瓶",), makes=("粉",), capacity=60.0, **recycler),
        business("user", takes=("粉",), capacity=80.0),
    ]


@pytest.fixture
def geography(world: World) -> Geography:
    assert world
    return current_engine().rules().geography


def keys(chains: list[Chain]) -> list[tuple[str, ...]]:
    """Who is joined with whom."""
    return [tuple(each.key for each in chain.businesses) for chain in chains]


def test_outputs_join_inputs_and_the_least_capacity_bounds(geography: Geography) -> None:
    (chain,) = with_tonnes(chains_of(three(), geography))
    assert keys([chain]) == [("collector", "recycler", "user")]
    assert (chain.material, chain.product, chain.tonnes) == ("瓶", "粉", 60)


def test_a_recycler_takes_only_from_its_area(geography: Geography) -> None:
    assert chains_of(three(area=("長崎県",)), geography) == []
    assert len(chains_of(three(area=("愛知県", "岐阜県")), geography)) == 1


def test_where_a_giver_collects_says_nothing_about_where_it_brings(geography: Geography) -> None:
    links = three()
    links[1] = business("recycler", takes=("瓶",), makes=("粉",), capacity=60.0, area=("愛知県",))
    links[2] = business("user", takes=("粉",), capacity=80.0, prefecture="東京都")
    assert keys(chains_of(links, geography)) == [("collector", "recycler", "user")]


def test_nobody_passes_on_to_itself(geography: Geography) -> None:
    assert chains_of(three(owner="user"), geography) == []
    assert chains_of(three(owner="collector"), geography) == []


def test_no_capacity_is_used_twice(geography: Geography) -> None:
    links = [*three(), business("other", takes=("粉",), capacity=50.0)]
    found = with_tonnes(chains_of(links, geography))
    assert sum(chain.tonnes or 0 for chain in found) == pytest.approx(60)


def test_material_and_prefecture_narrow(geography: Geography) -> None:
    assert len(chains_of(three(), geography, material="瓶", prefecture="愛知県")) == 1
    assert chains_of(three(), geography, material="粉") == []
    assert chains_of(three(), geography, prefecture="沖縄県") == []


def test_the_picture_says_what_the_chains_say(geography: Geography) -> None:
    chains = with_tonnes(chains_of(three(), geography))
    picture = picture_of(chains)
    assert picture is not None
    assert [(bar.name, bar.tonnes) for bar in picture.bars] == [
        ("collector", 60), ("recycler", 60), ("user", 60),
    ]  # fmt: skip
    assert [ribbon.text for ribbon in picture.ribbons] == [
        "collector → recycler：瓶 60 t/年", "recycler → user：粉 60 t/年",
    ]  # fmt: skip
    assert picture_of([]) is None


def test_members_read_the_page_and_nobody_else(world: World) -> None:
    page = Reading(world.browser("east").get("/chains?material=なにか&prefecture=どこか"))
    assert "つながりが見つかりません" in page.words
    assert [page.value(name) for name in ("material", "prefecture")] == ["", ""]
    asked = world.visitor().get("/chains")
    assert asked.status_code == 302
    assert "/sign-in" in asked.location
