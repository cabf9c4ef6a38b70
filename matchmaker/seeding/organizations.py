"""Organisations of the seed files: real municipalities that posted in public, invented ones."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.fields import Choice
from matchmaker.organizations.domain import (
    CATEGORIES,
    COMPANY_SIZES,
    INDUSTRIES,
    MUNICIPALITY,
    OrganizationData,
    code_of,
    is_prefecture_code,
)
from matchmaker.organizations.models import Municipality, Organization
from matchmaker.organizations.service import create_organization
from matchmaker.seeding.files import CASES, DEMO, Entry, read_entries
from matchmaker.seeding.progress import Seeder

MEMBERS_FILES = ("organizations-municipal.yaml", "organizations-business.yaml")
SPOKEN_OF = (
    "公開情報にあるニーズを紹介するために登録した自治体です。"
    "この自治体が、このサービスに掲載したものではありません。"
)
PREFECTURE_KANA = {"静岡県": "シズオカケン"}
"""Readings of the prefectures that posted a need themselves; municipalities have theirs listed."""


def load_posting_municipalities(seeder: Seeder) -> int:
    """The real municipalities whose publicly posted needs are shown; nobody signs in for them."""

    def load(entry: Entry) -> uuid.UUID:
        code = str(entry["local_government_code"])
        query = select(Organization.id).where(Organization.local_government_code == code)
        known = db.session.scalar(query)
        return known or create_organization(posting_data(entry), SYSTEM, seeder.now).id

    entries = {e["local_government_code"]: e for e in read_entries(CASES / "posted_needs.yaml")}
    return seeder.load_once("municipality", "local_government_code", [*entries.values()], load)


def posting_data(entry: Entry) -> OrganizationData:
    """Data of a real municipality (or prefecture), as far as the reference data has it."""
    code = str(entry["local_government_code"])
    listed = None if is_prefecture_code(code) else db.session.get(Municipality, code)
    return OrganizationData(
        name=entry["municipality"],
        kana=listed.kana if listed else PREFECTURE_KANA.get(entry["municipality"], ""),
        category=MUNICIPALITY,
        industry=MUNICIPALITY,
        local_government_code=code,
        prefecture=entry["prefecture"],
        website=listed.url if listed else "",
        description=SPOKEN_OF,
    )


def load_demo_organizations(seeder: Seeder) -> int:
    """The invented organisations."""

    def load(entry: Entry) -> uuid.UUID:
        return create_organization(demo_data(entry), SYSTEM, seeder.now).id

    entries = [entry for name in MEMBERS_FILES for entry in read_entries(DEMO / name)]
    return seeder.load_once("organization", "key", entries, load)


def demo_data(entry: Entry) -> OrganizationData:
    """Data of an invented organisation; an invented town borrows a real point on the map."""
    near = db.session.get(Municipality, str(entry.get("located_near") or ""))
    category = code_of(CATEGORIES, entry["category"])
    return OrganizationData(
        name=entry["name"],
        kana=entry["kana"],
        category=category,
        company_size=_code(COMPANY_SIZES, entry.get("company_size")),
        industry=_code(INDUSTRIES, entry.get("industry")) or _industry_of(category),
        corporate_number=str(entry.get("corporate_number") or ""),
        prefecture=entry["prefecture"],
        municipality_code=str(entry.get("municipality_code") or ""),
        latitude=near.latitude if near else None,
        longitude=near.longitude if near else None,
        website=entry.get("website") or "",
        description=entry.get("description") or "",
        is_demo=True,
    )


def _code(choices: tuple[Choice, ...], label: str | None) -> str:
    return code_of(choices, label) if label else ""


def _industry_of(category: str) -> str:
    return MUNICIPALITY if category == MUNICIPALITY else ""
