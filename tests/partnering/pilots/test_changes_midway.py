"""Reports due at the start and at midnight; partners and consortia that go while a pilot runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, IllegalMove
from matchmaker.partnering.consortia import partners
from matchmaker.partnering.consortia import service as consortium_service
from matchmaker.partnering.consortia.domain import ConsortiumState, PartnerState
from matchmaker.partnering.pilots import jobs, life, policy, queries, service
from matchmaker.partnering.pilots.domain import (
    PILOT_STATES,
    Outcome,
    PilotMove,
    PilotState,
    ReportState,
)
from matchmaker.partnering.pilots.figures import report_views
from matchmaker.partnering.pilots.life import OutcomeInput
from matchmaker.partnering.pilots.loading import OpenPilot, taking_part
from matchmaker.partnering.pilots.presentation import period_text, pilot_view
from tests.partnering.pilots.site import AFTER_ALL, AFTER_FIRST, FRAME, START, PilotSite

GOOD = {"collected": "60.5", "recycled": "50", "disposed": "10"}
OUTCOME = OutcomeInput("continued", "", "質がよかったので続けます。", "混ぜる割合が大切です。")
MIDNIGHT = datetime(2027, 3, 31, 15, 0, tzinfo=UTC)
"""1 April 2027 0:00 in Japan."""
INSTANT = timedelta(microseconds=1)
WHY = "手が足りなくなりました。"


def test_a_start_after_the_first_period_owes_its_report_at_once(site: PilotSite) -> None:
    site.move(PilotMove.START, now=AFTER_FIRST)
    states = [each.state for each in report_views(site.pilot, AFTER_FIRST)]
    assert states == [ReportState.DUE, ReportState.AHEAD]


def test_a_report_that_is_late_from_the_start_is_reminded_of_once(site: PilotSite) -> None:
    late = AFTER_FIRST + timedelta(days=30)
    site.move(PilotMove.START, now=late)
    assert [jobs.remind_of_reports(late) for _ in range(2)] == [1, 0]
    assert site.mails("pilot-report-due") == []
    assert len(site.mails("pilot-report-late")) == 2


def test_the_last_moment_of_31_march_belongs_to_the_period(site: PilotSite) -> None:
    site.begun()
    moments = (MIDNIGHT - INSTANT, MIDNIGHT)
    states = [report_views(site.pilot, each)[0].state for each in moments]
    assert states == [ReportState.AHEAD, ReportState.DUE]


def test_a_pilot_that_begins_on_31_march_reports_that_day_alone(site: PilotSite) -> None:
    pilot = site.pilot
    plan = replace(FRAME, starts_on="2027-03-31")
    service.change_plan(pilot, plan, site.editor, START, expected_revision=pilot.revision)
    spans = [(each.period_from, each.period_to) for each in site.begun()]
    assert spans == [
        (date(2027, 3, 31), date(2027, 3, 31)),
        (date(2027, 4, 1), date(2027, 9, 30)),
    ]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 8, 1), date(2026, 8, 31), "2026年8月"),
        (date(2028, 2, 1), date(2028, 2, 29), "2028年2月"),
        (date(2026, 7, 1), date(2026, 9, 30), "2026年7月〜9月"),
        (date(2026, 10, 1), date(2027, 3, 31), "2026年10月〜2027年3月"),
        (date(2026, 8, 5), date(2026, 8, 31), "2026/8/5〜8/31"),
        (date(2026, 12, 5), date(2027, 3, 31), "2026/12/5〜2027/3/31"),
    ],
)
def test_periods_are_called_as_people_call_them(first: date, last: date, words: str) -> None:
    assert period_text(first, last) == words


def test_a_due_day_that_moves_is_reminded_of_anew(site: PilotSite) -> None:
    site.begun()
    near = AFTER_FIRST + timedelta(days=6)
    assert jobs.remind_of_reports(near) == 1
    pilot = site.pilot
    plan = replace(FRAME, report_days="30")
    service.change_plan(pilot, plan, site.editor, near, expected_revision=pilot.revision)
    db.session.commit()
    assert jobs.remind_of_reports(near) == 0
    assert jobs.remind_of_reports(near + timedelta(days=17)) == 1


def test_a_partner_that_leaves_midway_leaves_its_part_of_the_budget(site: PilotSite) -> None:
    site.begun()
    service.set_named_publicly(site.pilot, site.world.other_id, True, site.world.stranger, START)
    firm = next(each for each in site.consortium.partners if each.id == site.firm_row)
    partners.leave(site.consortium, firm, WHY, site.world.stranger, AFTER_FIRST)
    db.session.commit()
    assert queries.consents_of(site.pilot_id) == []
    assert "300,000円" in site.mails("pilot-partner-left")[0].body
    page = site.world.client("editor").get(site.base).text
    assert "緑山工業は、もう座組に参加していません。" in page
    assert site.pilot.state is PilotState.RUNNING
    site.hand_in(queries.reports_of(site.pilot_id)[0], GOOD, now=AFTER_FIRST)


def test_a_town_that_leaves_the_partnership_writes_no_more(site: PilotSite) -> None:
    site.begun()
    partners.drop_out(site.world.organization_id, SYSTEM, AFTER_FIRST)
    db.session.commit()
    town = next(p for p in site.consortium.partners if p.id != site.firm_row)
    assert town.state is PartnerState.LEFT
    present = taking_part(site.consortium)
    assert not policy.can_write_pilot(site.editor, site.pilot, present)
    assert policy.can_write_pilot(site.world.secretariat, site.pilot, present)


def test_an_ended_consortium_lets_its_pilot_be_reported_and_ended(site: PilotSite) -> None:
    site.begun()
    consortium_service.end(site.consortium, "参加団体が減った。", site.editor, AFTER_FIRST)
    db.session.commit()
    assert PILOT_STATES.labels[site.pilot.state] == "取りまとめ中"
    for place, moment in enumerate((AFTER_FIRST, AFTER_ALL)):
        site.hand_in(queries.reports_of(site.pilot_id)[place], GOOD, now=moment)
    life.end_pilot(site.pilot, OUTCOME, site.editor, AFTER_ALL)
    assert site.pilot.state is PilotState.ENDED


def test_after_the_end_of_its_consortium_a_pilot_does_not_go_on(site: PilotSite) -> None:
    site.begun()
    consortium_service.end(site.consortium, "参加団体が減った。", site.editor, AFTER_FIRST)
    db.session.commit()
    with pytest.raises(Conflict, match="座組が終了している"):
        site.move(PilotMove.RESUME, WHY, now=AFTER_FIRST)
    db.session.rollback()
    page = site.world.client("editor").get(site.base).text
    assert "座組は終了しています" in page
    assert "実施中に戻す" not in page
    present = taking_part(site.consortium)
    assert not policy.can_plan_pilot(site.editor, site.consortium, present)


def test_a_pilot_cancelled_with_its_consortium_is_not_restored_alone(site: PilotSite) -> None:
    consortium_service.end(site.consortium, "参加団体が減った。", site.editor, START)
    db.session.commit()
    assert site.pilot.state is PilotState.CANCELLED
    with pytest.raises(Conflict, match="座組が終了している"):
        site.move(PilotMove.RESTORE, WHY)


def test_late_reports_of_an_unfinished_pilot_stand_on_its_page(site: PilotSite) -> None:
    site.begun()
    place = OpenPilot(
        site.pilot, site.consortium, taking_part(site.consortium), site.editor, AFTER_ALL
    )
    assert pilot_view(place).late_count == 3  # one report, two milestones


ILLEGAL = [
    (state, move)
    for state in PilotState
    for move in PilotMove
    if state not in PILOT_STATES.moves[move].sources
]


@pytest.mark.parametrize(("state", "move"), ILLEGAL)
def test_an_illegal_step_changes_nothing(
    site: PilotSite, state: PilotState, move: PilotMove
) -> None:
    pilot = site.pilot
    pilot.state = state
    pilot.outcome = Outcome.CONTINUED if state is PilotState.ENDED else None
    db.session.commit()
    before = (pilot.revision, pilot.state_reason, pilot.ended_at)
    with pytest.raises(IllegalMove):
        if move is PilotMove.END:
            life.end_pilot(site.pilot, OUTCOME, site.editor, AFTER_ALL)
        else:
            life.move_pilot(site.pilot, site.consortium, move, WHY, site.editor, AFTER_ALL)
    db.session.rollback()
    pilot = site.pilot
    assert pilot.state is state
    assert (pilot.revision, pilot.state_reason, pilot.ended_at) == before
    assert site.mails("pilot-moved") == []
    assert site.consortium.state is ConsortiumState.AGREED
