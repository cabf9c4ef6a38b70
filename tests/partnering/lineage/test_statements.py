"""Pages of the lineage and of the figures take the same number of statements, however long."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from matchmaker.benchmarks.introductions import fill_introductions
from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.partnering.lineage.figure_facts import all_needs
from matchmaker.partnering.lineage.figures import Grouping, Stage, parts_of
from tests.partnering.lineage.conftest import Site, publish
from tests.seeding.seeded import counted_statements

FEW, MANY = 10, 40


def counted(site: Site, client: FlaskClient, path: str) -> int:
    """Statements of one page that was opened before."""
    client.get(path)
    with counted_statements(site.world.app) as statements:
        assert client.get(path).status_code == 200
    return len(statements)


def counts(site: Site, who: str, path: str) -> list[int]:
    """Statements with ten introductions of one need, and with a hundred of ten needs."""
    offerings = [publish(site.world, OFFERING, site.world.other_id) for _ in range(FEW)]
    more = [publish(site.world, NEED, site.world.organization_id) for _ in range(FEW - 1)]
    db.session.commit()
    client = site.world.client(who) if who else site.world.app.test_client()
    found = []
    for needs in ([site.need_id], more):
        fill_introductions(needs, offerings, len(needs) * FEW, clock.now() + timedelta(hours=1))
        db.session.commit()
        found.append(counted(site, client, path.format(need=site.need_id)))
    return found


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("secretariat", "/introduction-figures?by=material"),
        ("secretariat", "/introduction-figures/export/parts"),
        ("", "/introduction-figures/public"),
        ("editor", "/introductions"),
    ],
)
def test_statements_do_not_grow_with_records(site: Site, who: str, path: str) -> None:
    few, many = counts(site, who, path)
    assert many == few


@pytest.mark.parametrize("who", ["secretariat", "editor", ""])
def test_a_long_lineage_takes_a_statement_a_kind(site: Site, who: str) -> None:
    """A few introductions of the same need or many; visitors see none of them."""
    client = site.world.client(who) if who else site.world.app.test_client()
    path, found = f"/lineage/need/{site.need_id}", []
    offerings = [publish(site.world, OFFERING, site.world.other_id) for _ in range(MANY)]
    db.session.commit()
    for part in (offerings[:FEW], offerings[FEW:]):
        fill_introductions([site.need_id], part, len(part), clock.now() + timedelta(hours=1))
        db.session.commit()
        found.append(counted(site, client, path))
    assert found[0] == found[1]


def test_a_breakdown_tells_the_median_days_of_each_part(site: Site) -> None:
    """In the table and in the file."""
    site.send(now=clock.now() + timedelta(days=3))
    db.session.commit()
    (part,) = parts_of(all_needs(), Grouping.PREFECTURE, with_days=True)
    assert part.days[Stage.INTRODUCTION] == pytest.approx(3, abs=0.01)
    assert part.days[Stage.PILOT] is None
    desk = site.world.client("secretariat")
    page = desk.get("/introduction-figures?by=prefecture").text
    assert "都道府県ごとの、前の段階からの日数（中央値）" in page
    assert page.count("3.0日") == 3, "the chart, the table of stages, the table of prefectures"
    file = desk.get("/introduction-figures/export/parts?by=prefecture").data
    head, row = list(load_workbook(io.BytesIO(file)).worksheets[0].iter_rows(values_only=True))
    assert dict(zip(head, row, strict=True))["紹介までの日数の中央値（日）"] == 3.0
