"""The partnership's working groups are loaded once, with their tree and past meetings."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.seeding.progress import Seeder
from matchmaker.seeding.working_groups import (
    ASSEMBLY,
    load_past_meetings,
    load_working_groups,
    reference_groups,
    reference_meetings,
)
from matchmaker.working_groups.groups.domain import GroupKind, GroupState
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.meetings.models import Meeting


def test_the_tree_of_the_partnership_is_loaded_once(app: Flask) -> None:
    with app.app_context():
        seeder = Seeder(clock.now())
        assert (load_working_groups(seeder), load_past_meetings(seeder)) == (0, 0)
        query = select(WorkingGroup).where(WorkingGroup.is_demo.is_(False))
        groups = {group.name: group for group in db.session.scalars(query)}
        assert set(groups) == {entry["name"] for entry in reference_groups()}
        assembly = groups[ASSEMBLY]
        kinds = [group.kind for group in groups.values()]
        assert (kinds.count(GroupKind.WG), kinds.count(GroupKind.DOMAIN_WG)) == (3, 5)
        assert {g.state for g in groups.values()} == {GroupState.ACTIVE}
        assert all(g.source_note for g in groups.values())
        steel, vision = groups["鉄鋼WG"], groups["ビジョン・ロードマップ検討WG"]
        assert (steel.parent_id, vision.parent_id) == (vision.id, assembly.id)


def test_of_past_meetings_only_the_day_is_claimed(app: Flask) -> None:
    with app.app_context():
        query = select(Meeting).where(Meeting.source_note != "")
        meetings = db.session.scalars(query).all()
        assert len(meetings) == len(list(reference_meetings()))
        assert not any(meeting.times_known for meeting in meetings)


def test_a_group_that_is_there_already_is_taken_as_it_is(app: Flask) -> None:
    with app.app_context():
        query = select(WorkingGroup).where(WorkingGroup.name == "建設WG")
        group = db.session.scalars(query).one()
        group.purpose = "事務局が書いた目的"
        db.session.commit()
        load_working_groups(Seeder(clock.now()))
        assert db.session.scalars(query).one().purpose == "事務局が書いた目的"
