"""The page of a lineage and the figures, as different readers see them."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

from openpyxl import load_workbook

from matchmaker.core.actor import VISITOR
from matchmaker.core.db import db
from matchmaker.partnering.introductions.domain import IntroductionMove, ReasonCode
from matchmaker.partnering.lineage.domain import RecordKey, RecordKind
from matchmaker.partnering.lineage.family import family_of
from matchmaker.partnering.lineage.figure_facts import all_needs, all_stops
from matchmaker.partnering.lineage.figure_views import public_tables
from matchmaker.partnering.lineage.figures import Grouping, Stage, Stop, figures_of, half_year
from matchmaker.partnering.lineage.graph import cut
from tests.partnering.lineage.conftest import Site

M = IntroductionMove
NEED = RecordKind.NEED


def test_both_sides_see_the_whole_family(site: Site) -> None:
    introduction = site.send()
    site.move(introduction, M.ACCEPT)
    family = family_of(site.town, RecordKey(NEED, site.need_id))
    assert family is not None
    kinds = [each.key.kind for each in family.in_order()]
    assert kinds == [NEED, RecordKind.OFFERING, RecordKind.INTRODUCTION, RecordKind.MATCH]
    assert not family.hidden_below


def test_others_learn_neither_kind_nor_number_nor_the_other_side(site: Site) -> None:
    """One hidden introduction or several, answered or not, look the same."""
    key = RecordKey(NEED, site.need_id)
    introduction, seen = site.send(), []
    for step in (M.DECLINE, M.REOPEN, M.ACCEPT):
        site.move(introduction, step)
        family = family_of(VISITOR, key)
        assert family is not None
        seen.append((set(family.subjects), family.hidden_below, family.links))
    assert seen == [({key}, {key}, set())] * 3


def test_the_page_names_who_did_it_to_the_secretariat_alone(site: Site) -> None:
    introduction = site.send()
    site.move(introduction, M.ACCEPT)
    db.session.commit()
    address = f"/lineage/introduction/{introduction.id}"
    assert "企業の人" in site.world.client("secretariat").get(address).text
    own = site.world.client("editor").get(address)
    assert own.status_code == 200
    assert "企業の人" not in own.text
    assert "「返事待ち」から「成立」へ" in own.text
    assert site.world.app.test_client().get(address).status_code == 302


def test_the_page_of_a_need_links_its_lineage_and_hides_from_visitors(site: Site) -> None:
    site.send()
    db.session.commit()
    visitor = site.world.app.test_client()
    assert f"/lineage/need/{site.need_id}" in visitor.get(f"/needs/{site.need_id}").text
    page = visitor.get(f"/lineage/need/{site.need_id}").text
    assert "非公開の記録" in page
    assert "竹を炭にします" not in page
    assert visitor.get(f"/lineage/nothing/{site.need_id}").status_code == 404


def test_a_long_title_is_cut_to_two_lines() -> None:
    assert cut("短い") == ("短い",)
    assert cut("あ" * 60) == ("あ" * 12, "あ" * 11 + "…")
    assert cut("ぶどう棚の雨よけビニール、少しずつ") == ("ぶどう棚の雨よけビニール、", "少しずつ")


def test_figures_count_stages_days_and_reasons(site: Site) -> None:
    introduction = site.send()
    site.move(introduction, M.DECLINE, reason_code=ReasonCode.QUANTITY)
    figures = figures_of(all_needs(), Grouping.PREFECTURE, all_stops())
    numbers = {each.stage: (each.records, each.needs, each.furthest) for each in figures.stages}
    assert numbers[Stage.NEED] == (1, 1, 0)
    assert numbers[Stage.INTRODUCTION] == (1, 1, 1)
    assert figures.stops == [(Stop(Stage.INTRODUCTION, "量不足"), 1)]
    assert [part.label for part in figures.parts] == ["高知県"]


def test_half_years_turn_at_midnight_in_japan() -> None:
    turn = datetime(2027, 3, 31, 15, tzinfo=UTC)
    assert half_year(turn - timedelta(microseconds=1)) == "2026年度下期"
    assert half_year(turn) == "2027年度上期"


def test_the_public_page_hides_small_numbers(site: Site) -> None:
    site.send()
    db.session.commit()
    for table in public_tables(all_needs()):
        for column in table.columns:
            assert all(value in (None, 0) for value in column.values)
    page = site.world.app.test_client().get("/introduction-figures/public")
    assert page.status_code == 200
    assert "どの数も0件か「非公開」のもの：高知県" in page.text


def test_the_figures_come_as_a_page_and_as_files(site: Site) -> None:
    site.send()
    db.session.commit()
    desk = site.world.client("secretariat")
    page = desk.get("/introduction-figures?by=prefecture&prefecture=高知県").text
    assert "高知県" in page
    assert (
        "当てはまるニーズがありません" in desk.get("/introduction-figures?prefecture=東京都").text
    )
    for table, head in (("stages", "段階"), ("parts", "都道府県"), ("stops", "段階")):
        answer = desk.get(f"/introduction-figures/export/{table}?by=prefecture")
        sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
        assert sheet["A1"].value == head
    assert site.world.client("editor").get("/introduction-figures").status_code == 403


def test_small_numbers_come_in_no_file_for_everybody(site: Site) -> None:
    """There is one public page without conditions; files are the secretariat's."""
    site.send()
    db.session.commit()
    clients = {"visitor": site.world.app.test_client(), "member": site.world.client("editor")}
    for table in ("stages", "parts", "stops"):
        address = f"/introduction-figures/export/{table}"
        answers = {who: client.get(address).status_code for who, client in clients.items()}
        assert answers == {"visitor": 302, "member": 403}
    whole, narrowed = (
        clients["visitor"].get(f"/introduction-figures/public{query}").text.partition('id="all"')[2]
        for query in ("", "?prefecture=高知県")
    )
    assert whole.partition("</main>")[0] == narrowed.partition("</main>")[0] != ""
