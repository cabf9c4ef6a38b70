"""Pages of organisations over HTTP."""

from __future__ import annotations

import io
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import event, select

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, GlobalRole
from matchmaker.core.db import db
from matchmaker.organizations import service
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.models import Organization
from matchmaker.organizations.sections import Section, register_section, sections_for
from tests.accounts.conftest import PASSWORD, add_person
from tests.accounts.pages import Visitor, heading, target, token_of

TOWN = OrganizationData(
    name="笹野原町",
    kana="ササノハラマチ",
    category="municipality",
    prefecture="福岡県",
    description="丘の町です。<script>alert(1)</script>",
)
PLANT = OrganizationData(
    name="株式会社奥備後リソース",
    kana="オクビンゴリソース",
    category="company",
    company_size="small_and_medium",
    industry="waste_recycling_consulting",
    prefecture="広島県",
    municipality_code="342092",
    corporate_number="7999023381906",
    website="https://okubingo.example",
)
OFFICER = "hanako@town.example"
FIELDS = {"name": "笹野原町", "category": "municipality", "prefecture": "福岡県"}


@pytest.fixture
def town_id(app: Flask) -> uuid.UUID:
    add_person(app, OFFICER, "田中花子", organization=TOWN)
    with app.app_context():
        return db.session.scalars(select(Organization.id)).one()


@pytest.fixture
def plant_id(app: Flask) -> uuid.UUID:
    with app.app_context():
        made = service.create_organization(PLANT, SYSTEM, clock.now()).id
        db.session.commit()
        return made


@pytest.fixture
def officer(app: Flask, town_id: uuid.UUID) -> Visitor:
    visitor = Visitor(app.test_client())
    visitor.sign_in(OFFICER, PASSWORD)
    return visitor


@pytest.fixture
def secretary(app: Flask) -> Visitor:
    add_person(app, "jimu@cps.example", "佐藤一", GlobalRole.SECRETARIAT)
    visitor = Visitor(app.test_client())
    visitor.sign_in("jimu@cps.example", PASSWORD)
    return visitor


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("?q=笹野", 1),
        ("?category=company&category=municipality", 2),
        ("?prefecture=広島県", 1),
        ("?industry=waste_recycling_consulting", 1),
        ("?category=nonsense", 2),
        ("?q=なにもない", 0),
    ],
)
def test_everybody_finds_organisations_in_the_directory(
    client: FlaskClient, town_id: uuid.UUID, plant_id: uuid.UUID, query: str, count: int
) -> None:
    page = client.get(f"/organizations{query}")
    assert page.status_code == 200
    assert heading(page) == "会員名簿"
    assert f'<strong class="numeric">{count}</strong>団体' in page.text


def test_one_organisation_shows_what_it_says_safely(
    client: FlaskClient, town_id: uuid.UUID, plant_id: uuid.UUID
) -> None:
    page = client.get(f"/organizations/{town_id}")
    assert heading(page) == "笹野原町"
    assert "<script>alert" not in page.text
    assert "団体の情報を直す" not in page.text
    plant = client.get(f"/organizations/{plant_id}").text
    for fact in ("広島県三次市", "7999023381906", "廃棄物処理・リサイクル", "中小企業"):
        assert fact in plant
    assert client.get(f"/organizations/{uuid.uuid4()}").status_code == 404


def test_later_features_add_their_parts(app: Flask, town_id: uuid.UUID) -> None:
    register_section(app, lambda organization, _actor: None)
    register_section(
        app, lambda organization, _actor: Section("accounts/_invitation.html", {"x": 1})
    )
    with app.test_request_context(f"/organizations/{town_id}"):
        organization = db.session.get_one(Organization, town_id)
        assert [s.template for s in sections_for(organization, SYSTEM)] == [
            "accounts/_invitation.html"
        ]


def test_a_representative_changes_the_own_organisation_only(
    app: Flask, officer: Visitor, town_id: uuid.UUID, plant_id: uuid.UUID
) -> None:
    path = f"/organizations/{town_id}/edit"
    answer = officer.send(path, **FIELDS, kana="ささのはらまち", municipality_code="福岡市")
    assert target(answer) == f"/organizations/{town_id}"
    with app.app_context():
        organization = db.session.get_one(Organization, town_id)
        assert organization.kana == "ササノハラマチ"
        assert organization.municipality_code == "401307"
        assert organization.latitude is not None
    assert officer.client.get(f"/organizations/{plant_id}/edit").status_code == 403
    assert officer.client.get("/organizations/new").status_code == 403
    assert officer.client.get(f"/organizations/{town_id}/decisions/trust").status_code == 403


def test_faults_are_told_and_nothing_typed_is_lost(officer: Visitor, town_id: uuid.UUID) -> None:
    answer = officer.send(
        f"/organizations/{town_id}/edit",
        **{**FIELDS, "name": ""},
        corporate_number="1234567890123",
        municipality_code="どこにもない村",
        description="途中まで書いた紹介文",
    )
    assert answer.status_code == 422
    for text in ("団体の名前を入力", "法人番号が正しくありません", "市区町村を一覧から選んで",
                 "途中まで書いた紹介文", "どこにもない村"):  # fmt: skip
        assert text in answer.text


def test_a_logo_is_taken_when_it_is_a_picture(
    app: Flask, officer: Visitor, town_id: uuid.UUID
) -> None:
    path = f"/organizations/{town_id}/logo"

    def upload(content: bytes, name: str) -> int:
        data = {
            "csrf_token": token_of(officer.client.get(path)),
            "file": (io.BytesIO(content), name),
        }
        return officer.client.post(path, data=data).status_code

    picture = io.BytesIO()
    Image.new("RGB", (40, 40), "green").save(picture, "PNG")
    assert upload(b"<svg onload=alert(1)>", "logo.png") == 422
    assert upload(picture.getvalue(), "logo.png") == 302
    shown = app.test_client().get(f"{path}/picture")
    assert (shown.status_code, shown.mimetype) == (200, "image/png")
    assert officer.send(path, remove="y").status_code == 302
    assert app.test_client().get(f"{path}/picture").status_code == 404


def test_the_secretariat_enters_and_decides_with_reasons(
    app: Flask, secretary: Visitor, town_id: uuid.UUID
) -> None:
    answer = secretary.send(
        "/organizations/new", name="新しい会社", category="company", prefecture="東京都"
    )
    assert answer.status_code == 302
    base = f"/organizations/{town_id}/decisions"
    assert secretary.send(f"{base}/trust", reason="").status_code == 422
    assert secretary.send(f"{base}/trust", reason="実績がある").status_code == 302
    assert secretary.send(f"{base}/withdraw", reason="退会届").status_code == 302
    assert secretary.send(f"{base}/withdraw", reason="退会届").status_code == 409
    assert app.test_client().get(f"/organizations/{town_id}").status_code in (302, 404)
    assert "退会しています" in secretary.open(f"/organizations/{town_id}").text
    assert secretary.client.get(f"{base}/explode").status_code == 404


def test_municipalities_are_proposed_best_first_and_bounded(client: FlaskClient) -> None:
    def labels(query: str) -> list[str]:
        answer = client.get(f"/municipalities.json?{query}")
        assert answer.json is not None
        return [item["label"] for item in answer.json["items"]]

    assert labels("q=さっぽろ")[0] == "北海道札幌市"
    assert labels("q=サッポロ")[0] == "北海道札幌市"
    assert labels("q=011002") == ["北海道札幌市"]
    assert len(labels("prefecture=北海道")) == 179
    assert len(labels("q=市")) == 200
    assert labels("") == []
    assert labels("q=%25") == []


def test_the_directory_costs_the_same_for_few_and_for_many(
    app: Flask, client: FlaskClient, plant_id: uuid.UUID
) -> None:
    few = statements(app, client)
    with app.app_context():
        for number in range(25):
            data = OrganizationData(
                name=f"会社{number}",
                category="company",
                prefecture="広島県",
                municipality_code="342092",
            )
            service.create_organization(data, SYSTEM, clock.now())
        db.session.commit()
    assert statements(app, client) == few
    assert few <= 6


def statements(app: Flask, client: FlaskClient) -> int:
    """How many reads the directory costs."""
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    client.get("/organizations")
    event.remove(engine, "before_cursor_execute", note)
    return sum(text.lstrip().startswith("SELECT") for text in seen)
