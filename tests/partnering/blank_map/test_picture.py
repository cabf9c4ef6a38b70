"""Which cells are blanks, for whom, in which order."""

from __future__ import annotations

from collections.abc import Sequence

from werkzeug.datastructures import MultiDict

from matchmaker.core.prefectures import PREFECTURES
from matchmaker.partnering.blank_map.domain import (
    REGIONS,
    BlankFilter,
    Coverage,
    Grouping,
    band_of,
    filter_from,
)
from matchmaker.partnering.blank_map.picture import Picture, compose
from matchmaker.partnering.blank_map.sources import Taker, UnmetNeed
from tests.partnering.blank_map.builders import need, taker

ALL = BlankFilter(shows_all=True)
NAMES = {"bamboo": "放置竹林・竹材"}


def drawn(
    needs: Sequence[UnmetNeed],
    takers: Sequence[Taker] = (),
    wanted: BlankFilter = ALL,
    *,
    shows_amounts: bool = True,
) -> Picture:
    """The map of these needs and offerings."""
    return compose(needs, takers, NAMES, wanted, shows_amounts=shows_amounts)


def coverage(needs: Sequence[UnmetNeed], takers: Sequence[Taker] = ()) -> Coverage:
    """State of the only cell, as members read it."""
    (cell,) = drawn(needs, takers).cells
    return cell.coverage


def test_every_prefecture_stands_in_one_of_eight_regions() -> None:
    """None is missing, none is twice."""
    assert [name for inside in REGIONS.values() for name in inside] == list(PREFECTURES)
    assert len(REGIONS) == 8


def test_states_of_a_cell() -> None:
    """Nothing, too large lots, too little, unknown, enough."""
    assert coverage([need()]) is Coverage.NONE
    assert coverage([need(5)], [taker(lot=50)]) is Coverage.LOT
    assert coverage([need(500)], [taker(100)]) is Coverage.SHORT
    assert coverage([need(500)], [taker(None)]) is Coverage.UNKNOWN
    assert coverage([need(500)], [taker(100), taker(None)]) is Coverage.UNKNOWN
    assert coverage([need(None)], [taker(100)]) is Coverage.UNKNOWN
    assert coverage([need(50)], [taker(100)]) is Coverage.ENOUGH


def test_small_needs_that_reach_a_lot_together() -> None:
    """Three towns, too little each, enough together."""
    (cell,) = drawn([need(20), need(20), need(20)], [taker(500, lot=50)]).cells
    assert cell.amounts is not None
    assert (cell.coverage, cell.amounts.below_lot) == (Coverage.LOT, 3)
    assert cell.amounts.reaches_lot_together
    (alone,) = drawn([need(20)], [taker(500, lot=50)]).cells
    assert alone.amounts is not None
    assert not alone.amounts.reaches_lot_together


def test_visitors_are_told_no_amount_and_nothing_that_follows_from_one() -> None:
    """The same posts with quite other amounts look the same to a visitor."""
    small = drawn([need(1), need(1)], [taker(1), taker(1), taker(1)], shows_amounts=False)
    large = drawn([need(9e6), need(2)], [taker(0), taker(None), taker(7)], shows_amounts=False)
    assert small.cells == large.cells
    assert small.cells[0].amounts is None


def test_a_visitor_is_told_of_few_takers() -> None:
    """By their number alone."""
    states = [
        drawn([need()], [taker()] * number, shows_amounts=False).cells[0].coverage
        for number in range(4)
    ]
    assert states == [Coverage.NONE, Coverage.FEW, Coverage.FEW, Coverage.ENOUGH]


def test_bands_need_five_needs_that_tell_an_amount() -> None:
    """Under five, and for needs without an amount, nothing is told."""
    four = drawn([need(30)] * 4 + [need(None)], shows_amounts=False).cells[0]
    five = drawn([need(30)] * 5, shows_amounts=False).cells[0]
    assert (four.band, five.band) == ("", "100〜1,000t/年")
    assert band_of(3, 9) == "10t/年未満"
    assert band_of(12_345, 9) == "10,000t/年以上"


def test_no_band_taken_from_another_leaves_the_amount_of_a_few() -> None:
    """A region less its prefecture, all needs less the older ones."""
    regions = BlankFilter(grouping=Grouping.REGION, shows_all=True)

    def band(*needs: UnmetNeed, wanted: BlankFilter = regions) -> str:
        (cell,) = drawn(needs, wanted=wanted, shows_amounts=False).cells
        return cell.band

    nagano = [need(1)] * 5
    aichi = [need(5_000, prefecture="愛知県")]
    assert band(*nagano) == "10t/年未満"
    assert band(*nagano, *aichi) == ""
    assert band(*nagano, *aichi * 5) == "10,000t/年以上"
    assert band(*nagano[:4], *aichi * 4) == "10,000t/年以上"
    assert band(*nagano, need(None, prefecture="愛知県")) == "10t/年未満"
    assert band(*nagano, wanted=BlankFilter(days=30, shows_all=True)) == ""


def test_a_filter_hides_and_frees_no_capacity() -> None:
    """Looking at one prefecture alone makes its capacity no larger."""
    needs = [need(100), need(100, prefecture="沖縄県")]
    shared = [taker(100, area=frozenset(PREFECTURES))]
    whole = next(c for c in drawn(needs, shared).cells if c.place == "長野県")
    (alone,) = drawn(needs, shared, BlankFilter(prefecture="長野県", shows_all=True)).cells
    assert alone.amounts == whole.amounts


def test_answered_cells_are_shown_only_when_asked_for() -> None:
    """The map is about gaps."""
    posts = ([need(50)], [taker(100)])
    assert drawn(*posts, BlankFilter()).cells == []
    assert len(drawn(*posts).cells) == 1


def test_the_worst_comes_first() -> None:
    """Nothing before too little; more tonnes before fewer."""
    needs = [need(500, prefecture="沖縄県"), need(30), need(70, prefecture="北海道")]
    cells = drawn(needs, [taker(10, area=frozenset({"沖縄県"}))]).cells
    assert [cell.place for cell in cells] == ["北海道", "長野県", "沖縄県"]


def test_regions_add_up_their_prefectures() -> None:
    """A need counts once on the map, whatever the size of the places."""
    needs = [need(30), need(40, prefecture="愛知県")]
    (cell,) = drawn(needs, wanted=BlankFilter(grouping=Grouping.REGION)).cells
    assert (cell.place, cell.needs) == ("中部", 2)
    assert cell.amounts is not None
    assert cell.amounts.wanted == 70
    assert drawn(needs).without == {"長野県": 1, "愛知県": 1}


def test_needs_without_place_or_material_are_told_of() -> None:
    """They stand in no cell."""
    picture = drawn([need(prefecture=""), need(materials=())])
    assert (picture.cells, picture.unplaced, picture.unnamed) == ([], 1, 1)


def test_the_address_keeps_the_conditions() -> None:
    """And anything unknown narrows nothing."""
    wanted = BlankFilter(("bamboo",), "中部", "長野県", 90, Grouping.REGION, True, True)
    assert filter_from(MultiDict(wanted.pairs())) == wanted
    odd = MultiDict([("material", "'; --"), ("region", "x"), ("days", "7"), ("by", "planet")])
    assert filter_from(odd) == BlankFilter()
