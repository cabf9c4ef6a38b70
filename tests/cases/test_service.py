"""Saving cases: new, changed, unchanged."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from flask import Flask

from matchmaker.cases.domain import CaseData, Confidence, NeedBasis
from matchmaker.cases.queries import case_with_key
from matchmaker.cases.service import save_case
from matchmaker.core.actor import SYSTEM
from matchmaker.core.audit import entries_of
from matchmaker.core.db import db

NOW = datetime(2026, 4, 1, tzinfo=UTC)
DATA = CaseData(
    key="X1", title="竹を炭に", municipality="青空町", prefecture="高知県",
    municipality_code="392014", need="竹林が荒れている。", business="緑山工業",
    offering="竹を炭にする。", source_url="https://example.com/x", confidence=Confidence.HIGH,
    need_basis=NeedBasis.STATED, materials=("bamboo",), methods=("local_resource_recycling",),
)  # fmt: skip


def test_saving_the_same_again_records_nothing(app: Flask) -> None:
    with app.app_context():
        case = save_case(DATA, SYSTEM, NOW)
        db.session.commit()
        again = save_case(DATA, SYSTEM, NOW)
        db.session.commit()
        assert again.id == case.id
        assert len(entries_of(case.id)) == 1


def test_a_change_is_recorded_with_its_fields(app: Flask) -> None:
    with app.app_context():
        save_case(DATA, SYSTEM, NOW)
        db.session.commit()
        changed = replace(DATA, title="竹を土に", materials=("pruned_wood_biomass", "bamboo"))
        case = save_case(changed, SYSTEM, NOW)
        db.session.commit()
        details = {tuple(sorted(e.details["fields"])) for e in entries_of(case.id)}
        assert ("materials", "search_text", "title") in details
        stored = case_with_key("X1")
        assert stored
        assert stored.materials == ["pruned_wood_biomass", "bamboo"]
