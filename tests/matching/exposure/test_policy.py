"""The policy moves what pages show at once, is changed with a reason, and is reported."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from embeddings.prospects import Prospect
from embeddings.ranking import Ranked, Reasons
from embeddings.store import RankingIndex
from embeddings.structure import Constraint, Finding, Verdict
from matchmaker.core import clock
from matchmaker.core.audit import AuditEntry
from matchmaker.core.db import db, new_id
from matchmaker.core.errors import ProductError
from matchmaker.matching import service
from matchmaker.matching.arranging import in_order
from matchmaker.matching.engine import current_engine
from matchmaker.matching.exposure import jobs, queries
from matchmaker.matching.exposure.domain import KEEP_SHARE, PolicyValues
from matchmaker.matching.exposure.models import ExposurePrice, ExposureRun
from matchmaker.matching.exposure.policy import can_read_note
from matchmaker.matching.exposure.service import change_policy, compute_prices
from matchmaker.matching.indexing import request_index
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.posts import queries as posts
from matchmaker.posts.domain import PostKind
from tests.matching.conftest import index_all
from tests.posts.file_world import World, make_world, published, send

FORM = {
    "is_on": "y", "bound_factor": "2.5", "overbooking": "4", "floor": "1", "new_days": "90",
    "reason": "集まりすぎているため",
}  # fmt: skip
POLICIES = "/exposure-report/policies"


@pytest.fixture
def world(app: Flask) -> World:
    """Two organisations and the secretariat."""
    return make_world(app)


def add_run(world: World, price: float) -> None:
    """A run that puts a price on the first organisation; commits."""
    run = ExposureRun(
        id=new_id(), at=clock.now(), policy_number=0, needs=1, organizations=1,
        unconstrained=1.0, expected=1.0,
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()
    db.session.add(
        ExposurePrice(
            run_id=run.id, organization_id=world.organization_id, price=price, upper=3, lower=0,
            chances=5, places_without=5, places_with=3, is_small=False, is_new=True,
        )
    )  # fmt: skip
    db.session.commit()


def test_prices_count_until_the_policy_is_switched_off(world: World) -> None:
    ids = {world.organization_id, world.other_id}
    with world.app.app_context():
        assert queries.prices_now(ids) == {}
        add_run(world, 0.2)
        assert queries.prices_now(ids) == {world.organization_id: 0.2}
        add_run(world, 0.1)
        assert queries.prices_now(ids) == {world.organization_id: 0.1}
        values = PolicyValues(is_on=False)
        change_policy(values, "止めて比べるため", world.secretariat, clock.now())
        assert queries.prices_now(ids) == {}
        change_policy(PolicyValues(), "戻すため", world.secretariat, clock.now())
        assert queries.prices_now(ids) == {world.organization_id: 0.1}


def place(number: int, probability: float, *findings: Finding) -> Ranked:
    reasons = Reasons((), (), (), None, findings, None)
    prospect = Prospect(probability, probability, probability)
    return Ranked(str(number), probability, {}, reasons, prospect)


def test_a_price_moves_a_place_but_never_behind_what_breaks_a_condition() -> None:
    famous, small = uuid.uuid4(), uuid.uuid4()
    broken = Finding(Constraint.SERVICE_AREA, Verdict.VIOLATED, "高知県", ("北海道",))
    found = [place(1, 0.8), place(2, 0.75), place(3, 0.9, broken)]
    owners = {"1": famous, "2": small, "3": uuid.uuid4()}
    side = RankingIndex[object]()  # type: ignore[type-var]
    plain = in_order(found, side, owners, {})  # type: ignore[arg-type]
    assert [shown.ranked.id for shown in plain] == ["1", "2", "3"]
    moved = in_order(found, side, owners, {famous: 0.3})  # type: ignore[arg-type]
    assert [shown.ranked.id for shown in moved] == ["2", "1", "3"]
    assert [shown.shift for shown in moved] == [0, -1, 0]
    helped = in_order(found, side, owners, {small: -0.1})  # type: ignore[arg-type]
    assert [shown.shift for shown in helped] == [1, 0, 0]


def test_what_only_breaks_a_condition_stands_before_what_is_about_another_matter() -> None:
    broken = Finding(Constraint.SERVICE_AREA, Verdict.VIOLATED, "高知県", ("北海道",))
    same_matter = Prospect(0.01, 0.8, 0.01)
    found = [
        replace(place(1, 0.06), prospect=Prospect(0.06, 0.1, 0.3)),
        replace(place(2, 0.01, broken), prospect=same_matter),
        place(3, 0.3),
    ]
    owners = {each.id: uuid.uuid4() for each in found}
    side = RankingIndex[object]()  # type: ignore[type-var]
    shown = in_order(found, side, owners, {})  # type: ignore[arg-type]
    assert [each.ranked.id for each in shown] == ["3", "2", "1"]


def test_why_a_card_moved_is_for_the_secretariat_and_the_organisation_itself(world: World) -> None:
    assert can_read_note(world.secretariat, world.organization_id)
    assert can_read_note(world.editor, world.organization_id)
    assert not can_read_note(world.stranger, world.organization_id)


def test_an_organisation_reads_on_its_own_page_that_it_is_moved(world: World) -> None:
    with world.app.app_context():
        post_id = published(world, OFFERING)
        add_run(world, 0.2)
        offering = posts.get(OFFERING, post_id)
        assert service.note_of(PostKind.OFFERING, offering, world.editor) == service.MOVED_DOWN
        assert service.note_of(PostKind.OFFERING, offering, world.stranger) == ""
        assert service.note_of(PostKind.NEED, offering, world.editor) == ""


def test_prices_are_computed_from_open_needs_and_keep_what_was_expected(world: World) -> None:
    with world.app.app_context():
        for n in range(4):
            published(world, NEED, title=f"竹林の竹{n}", materials=["bamboo_wood"])
        published(world, OFFERING, input_materials=["bamboo_wood"])
        index_all()
        run = compute_prices(current_engine(), clock.now())
        assert run.needs == 4
        assert run.expected >= KEEP_SHARE * run.unconstrained
        assert run.message
        rows = queries.all_rows(run)
        assert all(row.places_with <= row.upper for row in rows if not run.looseness)


def test_the_job_runs_when_it_is_due(world: World) -> None:
    now = clock.now()
    with world.app.app_context():
        need_id = published(world, NEED)
        index_all()
        assert jobs.refresh_prices(now) == 1
        assert jobs.refresh_prices(now + timedelta(hours=1)) == 0
        assert jobs.refresh_prices(now + timedelta(hours=25)) == 1
        request_index(PostKind.NEED, need_id, now)
        db.session.commit()
        assert jobs.refresh_prices(now + timedelta(hours=50)) == 0, "a post is still to be read"
        index_all()
        assert jobs.refresh_prices(now + timedelta(hours=50)) == 1


def test_the_policy_is_changed_with_a_reason_and_kept_in_the_log(world: World) -> None:
    client = world.client("secretariat")
    assert send(client, POLICIES, from_page="/exposure-report", **FORM).status_code == 302
    with world.app.app_context():
        policy = queries.policy_now()
        assert policy is not None
        assert (policy.number, policy.bound_factor, policy.floor) == (1, 2.5, 1)
        tags = db.session.scalars(select(AuditEntry.tag)).all()
    assert "matching:exposure-policy:changed" in tags
    page = client.get("/exposure-report").text
    assert "集まりすぎているため" in page


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("bound_factor", "0.5", "1から20まで"),
        ("bound_factor", "たくさん", "数"),
        ("floor", "-3", "0から20まで"),
        ("new_days", "99999", "0から730まで"),
        ("reason", "", "変える理由を入れてください"),
    ],
)
def test_faulty_values_are_told_at_their_field_and_nothing_is_lost(
    world: World, name: str, value: str, message: str
) -> None:
    client = world.client("secretariat")
    answer = send(client, POLICIES, from_page="/exposure-report", **{**FORM, name: value})
    assert answer.status_code == 422
    assert message in answer.text
    assert 'value="4"' in answer.text
    with world.app.app_context():
        assert queries.policy_now() is None


def test_values_outside_their_range_are_refused(world: World) -> None:
    with world.app.app_context(), pytest.raises(ProductError):
        change_policy(PolicyValues(floor=99), "理由", world.secretariat, clock.now())


def test_the_report_names_who_lost_and_can_be_taken_along(world: World) -> None:
    with world.app.app_context():
        add_run(world, 0.2)
    client = world.client("secretariat")
    page = client.get("/exposure-report").text
    assert "青空町" in page
    assert "上限3回" in page
    answer = client.get("/exposure-report/export")
    assert answer.status_code == 200
    assert answer.data[:2] == b"PK"
    assert world.client("editor").get("/exposure-report").status_code == 403


def test_where_nothing_is_divided_no_figures_of_a_division_are_told(world: World) -> None:
    with world.app.app_context():
        run = ExposureRun(
            id=new_id(), at=clock.now(), policy_number=0, needs=66, organizations=0,
            unconstrained=0.0, expected=0.0,
        )  # fmt: skip
        db.session.add(run)
        db.session.commit()
    page = world.client("secretariat").get("/exposure-report").text
    assert "調べた66件のニーズのどれでも" in page
    assert "紹介できる団体" not in page
    assert "0.0件" not in page
