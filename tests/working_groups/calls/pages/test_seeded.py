"""The calls that are loaded: two of the past, and the demo's."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from matchmaker.core.db import db
from matchmaker.questions.kinds import QuestionKind
from matchmaker.seeding.calls import load_demo_calls, load_past_calls
from matchmaker.seeding.loading import seed
from matchmaker.seeding.progress import Seeder
from matchmaker.working_groups.calls import queries
from matchmaker.working_groups.calls.domain import CallKind, Phase
from matchmaker.working_groups.calls.models import Call
from tests.conftest import make_settings
from tests.seeding.seeded import NOW


def call_of(kind: CallKind) -> Call:
    found = db.session.scalars(select(Call.id).where(Call.kind == kind)).one()
    return queries.get_call(found)


def test_a_call_whose_period_is_not_known_has_none(app: Flask) -> None:
    with app.app_context():
        call = call_of(CallKind.DOMAIN_WG)
        assert (call.opens_at, call.closes_at, call.phase(NOW)) == (None, None, Phase.DECIDED)
        assert "2024年12月から2025年2月28日（令和7年）まで" in call.body
        assert call.outcome.count("、") == 4
        assert call.source_note


def test_a_call_whose_days_are_known_has_them_whole(app: Flask) -> None:
    with app.app_context():
        call = call_of(CallKind.PLATFORM_USE_CASE)
        assert call.opens_at == datetime(2025, 1, 27, 15, tzinfo=UTC)
        assert call.closes_at == datetime(2025, 2, 14, 15, tzinfo=UTC)
        assert (call.has_times, call.outcome.splitlines()[0]) == (False, "応募：7件")


def test_the_demo_call_is_open_and_asks_in_every_way(app: Flask) -> None:
    with app.app_context():
        call = queries.get_call(Seeder(NOW).record_id("call:sub-wg-call"))
        assert (call.is_demo, call.phase(NOW)) == (True, Phase.OPEN)
        assert {question["kind"] for question in call.questions} == set(QuestionKind)
        assert any("when" in question for question in call.questions)
        assert sum(criterion.weight for criterion in call.criteria) == 100
        assert call.parent_group is not None
        statistics = queries.statistics_of(call)
        assert statistics.reviewers >= 1
        assert (statistics.published_questions, statistics.waiting_questions) == (1, 1)


def test_loading_again_changes_nothing(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        before = db.session.scalar(select(func.count()).select_from(Call))
        assert (load_past_calls(Seeder(NOW)), load_demo_calls(Seeder(NOW))) == (0, 0)
        seed(make_settings(tmp_path), NOW)
        assert db.session.scalar(select(func.count()).select_from(Call)) == before
