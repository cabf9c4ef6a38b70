"""The filter of the library: read from an address, written into one."""

from __future__ import annotations

from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from matchmaker.cases.domain import CaseFilter, CaseSort, filter_from
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.posts.vocabulary import CIRCULATION_METHODS


def read(query: str) -> CaseFilter:
    return filter_from(MultiDict(parse_qsl(query)))


def test_what_is_unknown_is_left_out() -> None:
    wanted = read("method=magic&prefecture=月&year=99999&confidence=sure&sort=best&material=A;B")
    assert wanted == CaseFilter()
    assert wanted.conditions == 0


def test_typed_words_are_made_regular_and_bounded() -> None:
    assert read("q=　ＰＥＴ　ボトル ").text == "PET ボトル"
    assert len(read("q=" + "竹" * 5000).text) == 100


def test_years_beyond_reason_are_left_out() -> None:
    assert read("year=2023&year=0001&year=20233&year=２０２３").years == (2023,)


FILTERS = st.builds(
    CaseFilter,
    text=st.sampled_from(["", "紙おむつ", "竹 炭"]),
    materials=st.sampled_from([(), ("bamboo",), ("bamboo", "diaper")]),
    methods=st.sampled_from([(), (CIRCULATION_METHODS[0].code,)]),
    prefectures=st.lists(st.sampled_from(PREFECTURES), max_size=3, unique=True).map(tuple),
    years=st.lists(st.integers(1950, 2100), max_size=3, unique=True).map(tuple),
    confidences=st.sampled_from([(), ("high",), ("high", "medium")]),
    sort=st.sampled_from(list(CaseSort)),
    view=st.sampled_from(["list", "map"]),
)


@given(FILTERS)
def test_a_filter_survives_its_address(wanted: CaseFilter) -> None:
    assert read(wanted.query_string()) == wanted
