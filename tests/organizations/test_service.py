"""Entering and changing organisations in a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.core.actor import SYSTEM, VISITOR
from matchmaker.core.audit import AuditEntry
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict
from matchmaker.organizations import queries, service
from matchmaker.organizations.domain import InvalidOrganization, OrganizationData
from tests.organizations.conftest import MUNICIPALITIES

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
SAPPORO = OrganizationData(
    name="札幌市",
    kana="さっぽろし",
    category="municipality",
    prefecture="北海道",
    local_government_code="011002",
)


def test_loading_the_municipalities_again_changes_nothing(app: Flask) -> None:
    with app.app_context():
        assert queries.number_of_municipalities() == 1741
        assert service.load_municipalities(MUNICIPALITIES) == 0


def test_a_municipality_gets_its_place_from_the_list(app: Flask) -> None:
    with app.app_context():
        organization = service.create_organization(SAPPORO, SYSTEM, NOW)
        assert organization.place is not None
        assert organization.place.latitude == pytest.approx(43.06, abs=0.01)
        entry = db.session.scalars(select(AuditEntry)).one()
        assert (entry.tag, entry.details) == (
            "organizations:organization:created",
            {"name": "札幌市"},
        )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"local_government_code": "999997"}, "local_government_code"),
        ({"municipality_code": "131016"}, "municipality_code"),
        ({"prefecture": "青森県"}, "municipality_code"),
        ({"name": " "}, "name"),
    ],
)
def test_what_does_not_fit_the_list_is_refused(
    app: Flask, change: dict[str, str], field: str
) -> None:
    with app.app_context(), pytest.raises(InvalidOrganization) as caught:
        service.create_organization(replace(SAPPORO, **change), SYSTEM, NOW)  # type: ignore[arg-type]
    assert field in caught.value.problems


def test_a_prefecture_itself_may_join_with_its_code(app: Flask) -> None:
    with app.app_context():
        data = replace(SAPPORO, name="北海道庁", local_government_code="010006")
        assert service.create_organization(data, SYSTEM, NOW).local_government_code == "010006"


def test_a_number_belongs_to_one_organisation(app: Flask) -> None:
    with app.app_context():
        first = service.create_organization(SAPPORO, SYSTEM, NOW)
        with pytest.raises(InvalidOrganization, match="すでに登録"):
            service.create_organization(SAPPORO, SYSTEM, NOW)
        service.change_organization(
            first, replace(SAPPORO, website="https://a.example"), SYSTEM, NOW
        )


def test_a_change_names_its_fields_and_no_change_records_nothing(app: Flask) -> None:
    with app.app_context():
        organization = service.create_organization(SAPPORO, SYSTEM, NOW)
        service.change_organization(organization, service.data_of(organization), SYSTEM, NOW)
        changed = replace(service.data_of(organization), description="雪の町です。")
        service.change_organization(organization, changed, SYSTEM, NOW)
        details = db.session.scalars(
            select(AuditEntry.details).order_by(AuditEntry.id.desc())
        ).all()
        assert details[0] == {"fields": ["description"]}
        assert len(details) == 2


def test_only_the_secretariats_word_makes_an_organisation_trusted(app: Flask) -> None:
    with app.app_context():
        data = replace(SAPPORO, is_trusted=True)
        assert not service.create_organization(data, VISITOR, NOW).is_trusted


def test_who_left_is_in_no_list_until_readmitted(app: Flask) -> None:
    with app.app_context():
        organization = service.create_organization(SAPPORO, SYSTEM, NOW)
        service.withdraw(organization, "退会届", SYSTEM, NOW)
        nobody = queries.organizations_page(queries.OrganizationFilter(), 1)
        assert nobody.total == 0
        with pytest.raises(Conflict):
            service.withdraw(organization, "退会届", SYSTEM, NOW)
        service.readmit(organization, "復帰", SYSTEM, NOW)
        assert queries.organizations_page(queries.OrganizationFilter(), 1).total == 1


@pytest.mark.parametrize(
    ("text", "prefecture", "code"),
    [
        ("札幌市", "", "011002"),
        ("北海道札幌市", "", "011002"),
        ("０１１００２", "", "011002"),
        ("府中市", "", None),
        ("府中市", "広島県", "342084"),
        ("なし", "", None),
        ("", "", None),
    ],
)
def test_a_typed_municipality_is_understood_or_not(
    app: Flask, text: str, prefecture: str, code: str | None
) -> None:
    with app.app_context():
        found = queries.municipality_called(text, prefecture)
        assert (found.code if found else None) == code


def test_search_looks_at_readings_in_any_script(app: Flask) -> None:
    with app.app_context():
        service.create_organization(SAPPORO, SYSTEM, NOW)
        for text in ("札幌", "さっぽろ", "サッポロ", "ｻｯﾎﾟﾛ", "札幌 サッポロ"):
            wanted = queries.OrganizationFilter(text=text)
            assert queries.organizations_page(wanted, 1).total == 1, text
        for text in ("100%", "_", "仙台"):
            wanted = queries.OrganizationFilter(text=text)
            assert queries.organizations_page(wanted, 1).total == 0, text
