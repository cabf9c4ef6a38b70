"""Reference data and cases: municipalities, materials, documented cases."""

from __future__ import annotations

import uuid

from matchmaker.cases.domain import CaseData, Confidence, NeedBasis
from matchmaker.cases.service import save_case
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.organizations.service import load_municipalities as load_municipality_file
from matchmaker.posts.models import Material
from matchmaker.secretariat.domain import material_id
from matchmaker.secretariat.service import add_material
from matchmaker.seeding.files import CASES, REFERENCE, Entry, read_entries
from matchmaker.seeding.progress import Seeder


def load_municipalities(_seeder: Seeder) -> int:
    """The 1,741 municipalities, in one transaction; those that changed in the file change here."""
    touched = load_municipality_file(REFERENCE / "municipalities.csv")
    db.session.commit()
    return touched


def load_materials(seeder: Seeder) -> int:
    """The vocabulary of materials; entries the secretariat renamed keep their new name."""

    def load(entry: Entry) -> uuid.UUID:
        if db.session.get(Material, entry["id"]) is None:
            add_material(entry["id"], entry["name"], SYSTEM, seeder.now)
        return material_id(entry["id"])

    entries = read_entries(REFERENCE / "materials.yaml")
    return seeder.load_once("material", "id", entries, load)


def load_cases(seeder: Seeder) -> int:
    """The library of documented cases; what changed in the file changes here."""
    entries = read_entries(CASES / "cases.yaml")
    for entry in entries:
        save_case(case_from(entry), SYSTEM, seeder.now)
    db.session.commit()
    return len(entries)


def case_from(entry: Entry) -> CaseData:
    """A documented case as its file describes it."""
    return CaseData(
        key=entry["id"],
        title=entry["title"],
        municipality=entry["municipality"],
        prefecture=entry["prefecture"],
        municipality_code=str(entry["local_government_code"]),
        need=entry["need"],
        business=entry["business"],
        offering=entry["offering"],
        source_url=entry["source_url"],
        confidence=Confidence(entry["confidence"]),
        need_basis=NeedBasis(entry["need_basis"]),
        theme=entry.get("theme") or "",
        material_note=entry.get("materials_text") or "",
        quantity=entry.get("quantity") or "",
        year=entry.get("year"),
        note=entry.get("note") or "",
        materials=tuple(entry.get("materials") or ()),
        methods=tuple(entry.get("methods") or ()),
    )
