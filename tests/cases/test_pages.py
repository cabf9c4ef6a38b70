"""The library of cases as people see it, on all documented cases."""

from __future__ import annotations

import re
import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.cases import queries
from matchmaker.cases.domain import CaseFilter, CaseSort
from matchmaker.cases.models import CaseStudy
from matchmaker.core.actor import VISITOR
from matchmaker.core.db import db
from matchmaker.needs.models import Need, NeedTag
from matchmaker.posts.domain import PostState
from tests.seeding.seeded import counted_statements

LIST_BUDGET, DETAIL_BUDGET = 14, 9


def total(page: str) -> int:
    """The number of cases that a list page tells."""
    found = re.search(r'<strong class="numeric">([\d,]+)</strong>件', page)
    assert found
    return int(found[1].replace(",", ""))


def get(app: Flask, path: str, **query: str) -> str:
    answer = app.test_client().get(path, query_string=query)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def a_case(app: Flask, key: str = "RC001") -> CaseStudy:
    with app.app_context():
        case = queries.case_with_key(key)
        assert case
        return case


def test_a_visitor_sees_all_cases(app: Flask) -> None:
    assert total(get(app, "/cases")) == 81


@pytest.mark.parametrize(
    ("query", "at_least", "word"),
    [
        ({"q": "紙おむつ"}, 4, "おむつ"),
        ({"q": "オムツ"}, 1, "おむつ"),
        ({"q": "大崎町"}, 1, "大崎町"),
        ({"material": "diaper"}, 4, "おむつ"),
        ({"prefecture": "鹿児島県"}, 3, "志布志市"),
        ({"year": "2016"}, 2, "2016年"),
        ({"confidence": "medium"}, 5, "おおむね確か"),
        ({"method": "neighbouring_recycling"}, 1, "近隣地域連携リサイクル"),
    ],
)
def test_the_list_is_narrowed(app: Flask, query: dict[str, str], at_least: int, word: str) -> None:
    page = get(app, "/cases", **query)
    assert at_least <= total(page) < 81
    assert word in page


def test_several_words_narrow_and_several_choices_widen(app: Flask) -> None:
    with app.app_context():
        one = queries.cases_page(CaseFilter(text="紙おむつ"), 1).total
        both = queries.cases_page(CaseFilter(text="紙おむつ 焼却"), 1).total
        north = queries.cases_page(CaseFilter(prefectures=("北海道",)), 1).total
        two = queries.cases_page(CaseFilter(prefectures=("北海道", "東京都")), 1).total
    assert 0 < both < one
    assert 0 < north < two


def test_nothing_found_says_what_to_do(app: Flask) -> None:
    page = get(app, "/cases", q="存在しない言葉ぽよ")
    assert total(page) == 0
    assert "条件をすべて外す" in page


def test_orders(app: Flask) -> None:
    with app.app_context():
        years = [c.year for c in queries.cases_page(CaseFilter(sort=CaseSort.OLDEST), 1).items]
        places = queries.cases_page(CaseFilter(sort=CaseSort.PLACE), 1).items
    assert years == sorted(year for year in years if year)
    assert places[0].prefecture == "北海道"


def test_the_map_has_its_table_and_keeps_the_filter(app: Flask) -> None:
    page = get(app, "/cases", view="map", material="diaper")
    assert "data-japan-map" in page
    assert "material=diaper&amp;prefecture=%E9%B9%BF%E5%85%90%E5%B3%B6%E7%9C%8C" in page


def test_odd_addresses_do_no_harm(app: Flask) -> None:
    for query in ({"page": "99999"}, {"page": "-1"}, {"q": "%_'\"<script>"}, {"q": "100%"}):
        get(app, "/cases", **query)


def test_a_case_tells_its_source_and_how_sure_it_is(app: Flask) -> None:
    case = a_case(app)
    page = get(app, f"/cases/{case.id}")
    assert case.source_url in page
    assert "出典にはっきり書かれています" in page
    assert "2016年協定" in page
    assert "似ている事例" in page
    assert "同じ品目で、いま相手を探している自治体" in page


def test_a_case_that_is_not_there(app: Flask) -> None:
    assert app.test_client().get(f"/cases/{uuid.uuid4()}").status_code == 404


def test_similar_cases_share_materials_first(app: Flask) -> None:
    with app.app_context():
        case = queries.case_with_key("RC001")
        assert case
        similar = queries.similar_cases(case)
        assert len(similar) == 4
        assert case.id not in {other.id for other in similar}
        shared = [bool(set(case.materials) & set(other.materials)) for other in similar]
        assert shared == [True, True, True, False]


def test_open_needs_are_those_the_reader_may_see(app: Flask) -> None:
    with app.app_context():
        needs = queries.open_needs_of(["diaper"], VISITOR)
        assert needs
        assert all(need.visibility == "public" for need in needs)
        assert queries.open_needs_of([], VISITOR) == []


def test_pages_keep_their_query_budget(app: Flask) -> None:
    case = a_case(app)
    client = app.test_client()
    with counted_statements(app) as statements:
        client.get("/cases")
    assert len(statements) <= LIST_BUDGET
    with counted_statements(app) as statements:
        client.get(f"/cases/{case.id}")
    assert len(statements) <= DETAIL_BUDGET


def test_every_case_has_a_source_and_words_to_find_it(app: Flask) -> None:
    with app.app_context():
        query = select(CaseStudy.key).where(
            (CaseStudy.source_url == "") | (CaseStudy.search_text == "")
        )
        assert db.session.scalars(query).all() == []


def test_a_need_names_cases_like_it(app: Flask) -> None:
    with app.app_context():
        diaper = db.session.scalars(
            select(NeedTag.post_id).join(Need).where(
                NeedTag.code == "diaper", Need.state == PostState.PUBLISHED
            )
        ).first()  # fmt: skip
        fitting = {str(c.id) for c in queries.cases_like(["diaper"], [], 50)}
    page = get(app, f"/needs/{diaper}")
    section = page.split('id="similar-cases"')[1]
    shown = re.findall(r"/cases/([0-9a-f-]{36})", section)
    assert shown
    assert shown[0] in fitting, "the same material counts most"
