"""Pages of support programmes: the public list, its upkeep, what fits a consortium."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from config import ROOT
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.audit import AuditEntry
from matchmaker.core.db import db
from matchmaker.organizations.models import Organization
from matchmaker.partnering.consortia.programmes import queries, service
from matchmaker.partnering.consortia.programmes.models import SupportProgramme
from matchmaker.secretariat.service import add_material
from matchmaker.seeding.progress import Seeder
from matchmaker.seeding.support_programmes import load_support_programmes
from tests.partnering.consortium_site import Site
from tests.posts.file_world import send

MATERIALS = (
    "vehicle_mobility", "battery", "small_appliances", "container_plastic", "pet_bottle",
    "product_plastic", "agricultural_plastic", "fishing_gear_marine_plastic", "textile",
    "down_bedding",
)  # fmt: skip
TYPED = {
    "name": "竹を生かす支援", "summary": "竹の利用を支えます。", "source": "公表資料",
    "as_of-year": "2026", "as_of-month": "4", "as_of-day": "1", "materials": "bamboo_wood",
    "rate_small": "1/2", "is_listed": "y",
}  # fmt: skip
PROMISES = ("採択され", "もらえます", "受けられます", "必ず通り")


def programme(**values: object) -> SupportProgramme:
    """A programme of the list; commits."""
    base = {"name": "竹を生かす支援", "summary": "竹の利用を支えます。", "source": "公表資料",
            "as_of": "2026-04-01"}  # fmt: skip
    found = service.add({**base, **values}, SYSTEM, clock.now())
    db.session.commit()
    return found


def test_the_reference_data_is_loaded_once_and_passes_the_form(app: Flask) -> None:
    with app.app_context():
        for code in MATERIALS:
            add_material(code, code, SYSTEM, clock.now())
        seeder = Seeder(clock.now())
        assert load_support_programmes(seeder) == 1
        assert load_support_programmes(seeder) == 0
        (row,) = queries.listed()
        assert row.values["rate_large"] == "1/3"
        page = app.test_client().get("/support-programmes")
        assert "産官学連携による自律型資源循環システム強靱化促進事業" in page.text
        page = app.test_client().get(f"/support-programmes/{row.id}")
        for words in ("次のどれか1つを満たすこと", "10％以上", "2年以内", "100億円", "1/2"):
            assert words in page.text


def test_the_secretariat_keeps_the_list(site: Site) -> None:
    client = site.world.client("secretariat")
    answer = send(client, "/support-programmes/new", **TYPED)
    assert answer.status_code == 302, answer.text
    row = db.session.scalars(select(SupportProgramme)).one()
    edit = f"/support-programmes/{row.id}/edit"
    changed = {key: text for key, text in TYPED.items() if key != "is_listed"}
    assert send(client, edit, **changed, revision="1").status_code == 302
    visitor = site.world.app.test_client()
    assert "竹を生かす支援" not in visitor.get("/support-programmes").text
    assert "一覧に載せていません" in client.get("/support-programmes").text
    answer = send(client, edit, **{**TYPED, "name": "別の名前"}, revision="1")
    assert answer.status_code == 409
    assert "別の名前" in answer.text
    tags = set(db.session.scalars(select(AuditEntry.tag)))
    assert "support_programmes:programme:saved" in tags


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("rate_small", "150%", "分数"),
        ("first_year", "2024", "両方"),
        ("name", "", "名前を入れてください"),
        ("materials", "unobtainium", "選べません"),
        ("budget_yen", "-1", "0以上"),
        ("source_url", "ftp://example.com/", "https"),
    ],
)
def test_faulty_fields_are_told_and_kept(site: Site, field: str, value: str, message: str) -> None:
    client = site.world.client("secretariat")
    answer = send(client, "/support-programmes/new", **{**TYPED, field: value})
    assert answer.status_code == 422
    assert message in answer.text
    assert "竹の利用を支えます。" in answer.text


def test_conditions_stand_beside_the_consortium_with_their_reason(site: Site) -> None:
    programme(
        materials=["paper"], members_only=True, first_year=2024, last_year=2026,
        goal_recycled_content="10", rate_small="1/2", rate_large="1/3",
    )  # fmt: skip
    client = site.world.client("editor")
    page = client.get(f"{site.base}/support-programmes").text
    for words in (
        "合わない条件があります",
        "座組の品目は竹・木質です",
        "隣町の農家の会",
        "合っている条件1",
        "企業の規模が登録されていません",
        "まだ入れられていません",
    ):
        assert words in page
    assert not [words for words in PROMISES if words in page]


def test_figures_are_used_for_conditions_and_estimates(site: Site) -> None:
    programme(goal_recycled_content="10", rate_small="1/2", rate_large="1/3")
    firm = db.session.get_one(Organization, site.world.other_id)
    firm.company_size = "small_and_medium"
    db.session.commit()
    client = site.world.client("stranger")
    here = f"{site.base}/support-programmes"
    fields = {"recycled_content": "25", f"cost_{site.firm_row.hex}": "300万", "revision": "0"}
    answer = send(client, f"{here}/figures", from_page=here, **fields)
    assert answer.status_code == 302, answer.text
    page = client.get(here).text
    for words in ("条件は、どれも合っています", "25％（見込み）", "1,500,000円"):
        assert words in page
    assert not [words for words in PROMISES if words in page]
    late = send(client, f"{here}/figures", from_page=here, **fields)
    assert late.status_code == 409
    assert "先に変えました" in late.text
    wrong = send(client, f"{here}/figures", from_page=here, **{**fields, "recycled_content": "120"})
    assert wrong.status_code == 422
    assert "100以下" in wrong.text


def test_no_page_promises_that_money_is_granted() -> None:
    for folder in ("support_programmes", "consortium_programmes"):
        for template in (ROOT / "templates" / folder).glob("*.html"):
            text = re.sub(r"\{#.*?#\}", "", Path(template).read_text(encoding="utf-8"), flags=re.S)
            assert not [words for words in PROMISES if words in text], template
