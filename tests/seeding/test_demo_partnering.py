"""What people of the demo do from interest to a pilot."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from matchmaker.core.db import db
from matchmaker.notifications.models import OutboxMessage
from matchmaker.partnering.coalitions.domain import CoalitionState
from matchmaker.partnering.coalitions.models import Coalition
from matchmaker.partnering.consortia.domain import ConsortiumState
from matchmaker.partnering.consortia.models import Consortium
from matchmaker.partnering.consortia.queries import content_of
from matchmaker.partnering.introductions.domain import IntroductionState
from matchmaker.partnering.introductions.matches.domain import AppointmentState
from matchmaker.partnering.introductions.matches.models import Appointment, Match
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.partnering.pilots.domain import PilotState
from matchmaker.partnering.pilots.models import Pilot, PilotReport
from matchmaker.seeding.loading import seed
from tests.conftest import make_settings
from tests.seeding.seeded import NOW, Visit


def test_there_is_an_introduction_in_every_state(app: Flask) -> None:
    """Open, asked back, accepted (twice), declined, withdrawn, unanswered."""
    with app.app_context():
        found = Counter(db.session.scalars(select(Introduction.state)).all())
        assert set(found) == set(IntroductionState)
        assert db.session.scalar(select(func.count(Match.id))) == found[IntroductionState.ACCEPTED]
        states = db.session.scalars(select(Appointment.state)).all()
        assert states == [AppointmentState.AGREED]


def test_three_towns_reach_a_lot_and_three_consortia_stand(app: Flask) -> None:
    """One runs its pilot, one waits for answers, one for agreement; all are marked as demo."""
    with app.app_context():
        (coalition,) = db.session.scalars(select(Coalition)).all()
        assert coalition.state is CoalitionState.REACHED
        consortia = db.session.scalars(select(Consortium)).all()
        assert {each.state for each in consortia} == {
            ConsortiumState.ACTIVE,
            ConsortiumState.FORMING,
        }
        assert all(each.is_demo for each in consortia)
        assert sum(not content_of(each).missing() for each in consortia) == 2


def test_the_pilot_has_handed_in_its_first_report(app: Flask) -> None:
    """The others are still to come."""
    with app.app_context():
        (pilot,) = db.session.scalars(select(Pilot)).all()
        assert pilot.state is PilotState.RUNNING
        handed_in = [
            report.handed_in_at is not None
            for report in db.session.scalars(select(PilotReport).order_by(PilotReport.period_from))
        ]
        assert handed_in[0]
        assert not any(handed_in[1:])


def test_the_demo_writes_to_nobody_and_a_second_loading_adds_nothing(
    app: Flask, tmp_path: Path
) -> None:
    """It is told once, without mail."""
    with app.app_context():
        settings = make_settings(tmp_path)
        outcomes = {each.label: each.number for each in seed(settings, NOW)}
        names = ("introductions", "talks", "coalitions", "consortia", "pilots")
        assert [outcomes[f"demo {name}"] for name in names] == [0] * len(names)
        assert db.session.scalar(select(func.count(OutboxMessage.id))) == 0


def test_the_officer_finds_what_waits(signed_in: Visit) -> None:
    """An interest to answer, on her own page and on the list."""
    client = signed_in("officer")
    assert "話してみたいかを答える：" in client.get("/dashboard").get_data(as_text=True)
    assert "竹やぶを伐って" in client.get("/introductions").get_data(as_text=True)
