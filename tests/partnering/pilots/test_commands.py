"""Planning, starting, reporting, correcting and ending a pilot."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from matchmaker.cases.drafts import queries as drafts
from matchmaker.cases.drafts import service as draft_service
from matchmaker.cases.drafts.domain import DraftMove, DraftState
from matchmaker.cases.drafts.models import CaseDraft
from matchmaker.cases.models import CaseStudy
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, IllegalMove, ProductError
from matchmaker.partnering.consortia import service as consortium_service
from matchmaker.partnering.consortia.domain import ConsortiumState, PartnerState
from matchmaker.partnering.consortia.events import PartnerMoved
from matchmaker.partnering.pilots import consequences, jobs, life, plans, queries, service, totals
from matchmaker.partnering.pilots.checking import FaultyInput
from matchmaker.partnering.pilots.domain import PilotMove, PilotState
from matchmaker.partnering.pilots.figures import budget_view, indicator_views
from matchmaker.partnering.pilots.life import OutcomeInput
from matchmaker.partnering.pilots.loading import OpenPilot, taking_part
from matchmaker.partnering.pilots.presentation import pilot_view
from tests.partnering.pilots.site import AFTER_ALL, AFTER_FIRST, FRAME, START, PilotSite

GOOD = {"collected": "60.5", "recycled": "50", "disposed": "10"}
OUTCOME = OutcomeInput(
    "finished", "cost", "運ぶ費用が見合いませんでした。", "近い所なら続けられます。"
)


def test_a_plan_tells_every_mistake_at_its_field() -> None:
    typed = replace(FRAME, title="", ends_on="2026年9月1日", municipality_code="", report_days="百")
    with pytest.raises(FaultyInput) as caught:
        plans.read_plan(typed, START.date())
    assert set(caught.value.messages) == {"title", "ends_on", "municipality", "report_days"}


def test_a_pilot_is_planned_with_its_sums(site: PilotSite) -> None:
    view = budget_view(site.pilot)
    assert [(each.payer, each.planned_yen) for each in view.payers] == [
        ("青空町", 1_200_000),
        ("緑山工業", 300_000),
    ]
    assert (view.total.planned_yen, view.total.actual_yen) == (1_500_000, 250_000)
    assert site.pilot.budget_lines[0].payer_organization_id == site.world.organization_id


def test_starting_makes_the_reports_and_lets_the_consortium_run(site: PilotSite) -> None:
    reports = site.begun()
    spans = [(each.period_from, each.period_to, each.due_on) for each in reports]
    assert spans == [
        (date(2026, 10, 1), date(2027, 3, 31), date(2027, 4, 14)),
        (date(2027, 4, 1), date(2027, 9, 30), date(2027, 10, 14)),
    ]
    assert site.pilot.state is PilotState.RUNNING
    assert site.consortium.state is ConsortiumState.ACTIVE


def test_a_second_press_of_start_is_refused(site: PilotSite) -> None:
    site.begun()
    with pytest.raises(IllegalMove):
        site.move(PilotMove.START)
    assert len(queries.reports_of(site.pilot_id)) == 2


def test_nothing_starts_before_the_partners_agree(site: PilotSite) -> None:
    site.consortium.state = ConsortiumState.FORMING
    db.session.flush()
    with pytest.raises(Conflict, match="準備中"):
        site.move(PilotMove.START)


@pytest.mark.parametrize("part", ["milestones", "indicators"])
def test_nothing_starts_without_milestones_and_indicators(site: PilotSite, part: str) -> None:
    save = getattr(service, f"save_{part}")
    save(site.pilot, [], site.editor, START, expected_revision=site.pilot.revision)
    with pytest.raises(Conflict, match="1つ以上"):
        site.move(PilotMove.START)


def test_two_who_save_at_once_do_not_overwrite(site: PilotSite) -> None:
    seen = site.pilot.revision
    service.save_milestones(site.pilot, [], site.editor, START, expected_revision=seen)
    with pytest.raises(Conflict, match="先に変えました"):
        service.save_budget(site.pilot, [], site.editor, START, expected_revision=seen)


def test_a_report_waits_for_the_end_of_its_period_in_japan(site: PilotSite) -> None:
    first = site.begun()[0]
    midnight = AFTER_FIRST.replace(month=3, day=31, hour=15)
    with pytest.raises(Conflict, match="期間が終わってから"):
        site.hand_in(first, GOOD, now=midnight - timedelta(microseconds=1))
    site.hand_in(first, GOOD, now=midnight)
    assert queries.reports_of(site.pilot_id)[0].handed_in_at == midnight


def test_reports_come_in_turn(site: PilotSite) -> None:
    second = site.begun()[1]
    with pytest.raises(Conflict, match="前の期間"):
        site.hand_in(second, GOOD, now=AFTER_ALL)


def test_a_report_is_handed_in_once_and_corrected_with_a_reason(site: PilotSite) -> None:
    first = site.begun()[0]
    seen = first.revision
    site.hand_in(first, GOOD, now=AFTER_FIRST)
    with pytest.raises(Conflict):  # the second press of the button
        site.hand_in(queries.reports_of(site.pilot_id)[0], GOOD, now=AFTER_FIRST, seen=seen)
    first = queries.reports_of(site.pilot_id)[0]
    with pytest.raises(FaultyInput) as caught:
        site.hand_in(first, GOOD, now=AFTER_FIRST)
    assert set(caught.value.messages) == {"reason"}
    db.session.rollback()
    first = queries.reports_of(site.pilot_id)[0]
    site.hand_in(first, {"collected": "61"}, now=AFTER_FIRST, reason="計量票と合わせた。")
    first = queries.reports_of(site.pilot_id)[0]
    assert [each.number for each in first.versions] == [1, 2]
    view = indicator_views(site.pilot)[0]
    assert view.total == Decimal(61)
    assert view.share == pytest.approx(61 / 120)


def test_more_treated_than_collected_is_told_at_the_field(site: PilotSite) -> None:
    first = site.begun()[0]
    with pytest.raises(FaultyInput) as caught:
        site.hand_in(
            first, {"collected": "10.0", "recycled": "9.0", "disposed": "3.0"}, now=AFTER_FIRST
        )
    collected = site.pilot.indicators[0].id
    assert list(caught.value.messages) == [f"value-{collected}"]
    assert "多くなっています" in caught.value.messages[f"value-{collected}"]


def test_a_correction_must_keep_the_balance_of_later_periods(site: PilotSite) -> None:
    first, second = site.begun()
    kept = {"collected": "60.0", "recycled": "10.0", "disposed": "0.0"}
    site.hand_in(first, kept, now=AFTER_FIRST)
    second = queries.reports_of(site.pilot_id)[1]
    treated = {"collected": "10.0", "recycled": "60.0", "disposed": "0.0"}
    site.hand_in(second, treated, now=AFTER_ALL)
    first = queries.reports_of(site.pilot_id)[0]
    with pytest.raises(FaultyInput, match="確かめて"):
        site.hand_in(
            first, {"collected": "20.0", "recycled": "10.0"}, now=AFTER_ALL, reason="直した。"
        )


def test_an_indicator_with_values_stays(site: PilotSite) -> None:
    site.hand_in(site.begun()[0], GOOD, now=AFTER_FIRST)
    with pytest.raises(FaultyInput):
        service.save_indicators(
            site.pilot, [], site.editor, AFTER_FIRST, expected_revision=site.pilot.revision
        )


def test_a_changed_end_moves_what_is_not_handed_in(site: PilotSite) -> None:
    site.hand_in(site.begun()[0], GOOD, now=AFTER_FIRST)
    pilot = site.pilot
    with pytest.raises(FaultyInput) as caught:
        service.change_plan(
            pilot, replace(FRAME, ends_on="2027-02-01"), site.editor, AFTER_FIRST,
            expected_revision=pilot.revision,
        )  # fmt: skip
    assert set(caught.value.messages) == {"ends_on"}
    longer = replace(FRAME, ends_on="2028-03-31")
    service.change_plan(pilot, longer, site.editor, AFTER_FIRST, expected_revision=pilot.revision)
    ends = [each.period_to for each in queries.reports_of(site.pilot_id)]
    assert ends == [date(2027, 3, 31), date(2027, 9, 30), date(2028, 3, 31)]


def _ended(site: PilotSite) -> CaseDraft:
    site.hand_in(site.begun()[0], GOOD, now=AFTER_FIRST)
    site.hand_in(queries.reports_of(site.pilot_id)[1], GOOD, now=AFTER_ALL)
    life.end_pilot(site.pilot, OUTCOME, site.editor, AFTER_ALL)
    db.session.commit()
    draft = site.pilot.case_draft
    assert draft is not None
    return drafts.get(draft.id)


def test_an_end_needs_an_outcome_and_all_reports(site: PilotSite) -> None:
    site.begun()
    with pytest.raises(FaultyInput) as caught:
        life.end_pilot(site.pilot, OutcomeInput("finished"), site.editor, AFTER_ALL)
    assert set(caught.value.messages) == {"end_reason", "words", "lessons"}
    with pytest.raises(ProductError, match="2件"):
        life.end_pilot(site.pilot, OUTCOME, site.editor, AFTER_ALL)


def test_an_ended_pilot_becomes_one_draft_of_a_case(site: PilotSite) -> None:
    draft = _ended(site)
    assert draft.need == "山ぎわの竹が増えて困っています。"
    assert draft.business == "緑山工業"
    assert "集めた量 121t" in draft.quantity
    assert draft.materials == ["bamboo_wood"]
    assert draft.source_url.endswith(f"/public-pilots/{site.pilot_id}")
    site.move(PilotMove.REOPEN, "報告に誤りがあった。", now=AFTER_ALL)
    life.end_pilot(site.pilot, OUTCOME, site.editor, AFTER_ALL)
    db.session.commit()
    assert len(db.session.scalars(select(CaseDraft)).all()) == 1


def test_a_draft_passes_the_secretariat_before_it_is_a_case(site: PilotSite) -> None:
    draft, secretariat = _ended(site), site.world.secretariat
    with pytest.raises(IllegalMove):
        draft_service.move_draft(draft, DraftMove.PUBLISH, "", secretariat, AFTER_ALL)
    draft_service.move_draft(draft, DraftMove.SUBMIT, "", site.editor, AFTER_ALL)
    draft_service.move_draft(draft, DraftMove.RETURN, "題名を短く。", secretariat, AFTER_ALL)
    draft_service.move_draft(draft, DraftMove.SUBMIT, "", site.editor, AFTER_ALL)
    draft_service.move_draft(draft, DraftMove.PUBLISH, "", secretariat, AFTER_ALL)
    db.session.commit()
    case = db.session.scalars(select(CaseStudy)).one()
    assert (case.municipality, case.year, draft.case_id) == ("いの町", 2026, case.id)
    draft_service.move_draft(draft, DraftMove.WITHDRAW, "誤りがあった。", secretariat, AFTER_ALL)
    db.session.commit()
    assert db.session.scalars(select(CaseStudy)).all() == []
    assert draft.state is DraftState.RETURNED


def test_reminders_go_out_once_before_and_once_when_late(site: PilotSite) -> None:
    site.begun()
    near = AFTER_FIRST + timedelta(days=6)
    late = AFTER_FIRST + timedelta(days=14)
    assert jobs.remind_of_reports(AFTER_FIRST) == 0
    assert [jobs.remind_of_reports(near) for _ in range(2)] == [1, 0]
    assert [jobs.remind_of_reports(late) for _ in range(2)] == [1, 0]
    addresses = sorted(mail.address for mail in site.mails("pilot-report-late"))
    assert addresses == ["editor@example.com", "secretariat@example.com"]
    assert len(site.mails("pilot-report-due")) == 1


def test_no_reminder_follows_a_report_that_came(site: PilotSite) -> None:
    site.hand_in(site.begun()[0], GOOD, now=AFTER_FIRST)
    assert jobs.remind_of_reports(AFTER_FIRST + timedelta(days=14)) == 0


def test_the_end_of_a_consortium_cancels_what_is_planned(site: PilotSite) -> None:
    consortium_service.end(site.consortium, "参加団体が減った。", site.editor, START)
    assert site.pilot.state is PilotState.CANCELLED
    assert "座組が終了" in site.pilot.state_reason


def test_the_end_of_a_consortium_winds_up_what_runs(site: PilotSite) -> None:
    site.begun()
    consortium_service.end(site.consortium, "参加団体が減った。", site.editor, AFTER_FIRST)
    assert site.pilot.state is PilotState.REPORTING
    assert len(queries.reports_of(site.pilot_id)) == 2


def test_a_partner_that_leaves_is_named_no_more_and_leaves_a_gap(site: PilotSite) -> None:
    site.begun()
    firm = site.world.other_id
    service.set_named_publicly(site.pilot, firm, True, site.world.stranger, START)
    service.set_named_publicly(site.pilot, firm, True, site.world.stranger, START)
    assert len(queries.consents_of(site.pilot_id)) == 1
    partner = next(each for each in site.consortium.partners if each.id == site.firm_row)
    partner.state = PartnerState.LEFT
    db.session.flush()
    consequences.follow_partner(
        PartnerMoved(
            actor=SYSTEM, now=AFTER_FIRST, subject_id=site.consortium_id,
            partner_id=site.firm_row, after=PartnerState.LEFT.value,
        )
    )  # fmt: skip
    assert queries.consents_of(site.pilot_id) == []
    assert "300,000円" in site.mails("pilot-partner-left")[0].body
    consortium = site.consortium
    place = OpenPilot(site.pilot, consortium, taking_part(consortium), site.editor, AFTER_FIRST)
    assert pilot_view(place).gone_payers == ["緑山工業"]


def test_sums_of_few_pilots_are_not_told(site: PilotSite) -> None:
    site.hand_in(site.begun()[0], GOOD, now=AFTER_FIRST)
    assert [(each.fiscal_year, each.value) for each in totals.public_totals()] == [
        (2026, None),
        (2026, None),
    ]
