"""What follows from pilots and from their consortia (named in ``matchmaker/subscriptions.py``).

Mail carries the facts in its text, since a desk on a closed network cannot open the link.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from matchmaker.accounts.models import User
from matchmaker.accounts.queries import writing_people_of
from matchmaker.core.actor import SYSTEM
from matchmaker.core.domain_events import DomainEvent
from matchmaker.core.formatting import format_date
from matchmaker.core.settings import current_settings
from matchmaker.notifications.service import mail_people, mail_secretariat
from matchmaker.partnering.consortia import queries as consortia
from matchmaker.partnering.consortia.domain import GONE_STATES, ConsortiumState, PartnerState
from matchmaker.partnering.consortia.events import ConsortiumMoved, PartnerMoved
from matchmaker.partnering.consortia.models import Consortium
from matchmaker.partnering.consortia.service import start_running
from matchmaker.partnering.pilots import queries
from matchmaker.partnering.pilots.case_drafting import begin_case
from matchmaker.partnering.pilots.domain import PILOT_STATES, PilotMove, PilotState
from matchmaker.partnering.pilots.events import PilotMoved, PilotReportDue
from matchmaker.partnering.pilots.life import move_pilot
from matchmaker.partnering.pilots.models import Pilot
from matchmaker.partnering.pilots.policy import writing_partners
from matchmaker.partnering.pilots.service import remove_consents

SUBJECT = "pilots:pilot"
CONSORTIUM_ENDED = "座組が終了したため。"


def follow_move(event: PilotMoved) -> None:
    """A begun pilot lets its consortium run; an ended one becomes the draft of a case."""
    pilot = queries.get(event.subject_id)
    if pilot.state is PilotState.RUNNING:
        start_running(consortia.get(pilot.consortium_id), event.actor, event.now)
    if pilot.state is PilotState.ENDED:
        public_url = current_settings().resolved_public_url()
        begin_case(pilot, event.actor, event.now, public_url)


def mail_about_move(event: PilotMoved) -> None:
    """Tell all partners that it began, ended, was cancelled or corrected."""
    pilot = queries.get(event.subject_id)
    context = _context(pilot) | {
        "before": PILOT_STATES.labels[PilotState(event.before)],
        "after": PILOT_STATES.labels[PilotState(event.after)],
        "reason": event.reason,
        "has_case": pilot.state is PilotState.ENDED,
    }
    people = _people(sorted(queries.accepted_organizations(pilot.consortium_id)), event)
    _mail(people, "pilot-moved", context, f"pilot-moved:{pilot.id}:{pilot.revision}", event)


def mail_about_due_report(event: PilotReportDue) -> None:
    """Remind those who write for the pilot; when it is late the secretariat hears of it too."""
    pilot = queries.get(event.subject_id)
    report = queries.report_with(event.report_id)
    context = _context(pilot) | {
        "period_from": format_date(report.period_from),
        "period_to": format_date(report.period_to),
        "due_on": format_date(report.due_on),
        "is_late": event.is_late,
    }
    key = f"pilot-report-{'late' if event.is_late else 'due'}:{report.id}:{report.due_on}"
    writers = writing_partners(queries.partners_of(pilot.consortium_id))
    _mail(_people(writers, event), "pilot-report-due", context, key, event)
    if event.is_late:
        mail_secretariat("pilot-report-due", context, key, event.subject_id, event.now)


def follow_consortium(event: ConsortiumMoved) -> None:
    """The end of a consortium: what is only planned is cancelled, what runs is wound up."""
    if event.after != ConsortiumState.ENDED:
        return
    consortium = consortia.get(event.subject_id)
    steps = {PilotState.PLANNED: PilotMove.CANCEL, PilotState.RUNNING: PilotMove.WIND_UP}
    for pilot in queries.pilots_of_consortium(consortium.id):
        if pilot.state in steps:
            move_pilot(pilot, consortium, steps[pilot.state], CONSORTIUM_ENDED, SYSTEM, event.now)


def follow_partner(event: PartnerMoved) -> None:
    """A partner that left is named no more, and those who write hear what it leaves open."""
    if event.after not in {state.value for state in GONE_STATES}:
        return
    consortium = consortia.get(event.subject_id)
    partner = consortia.partner_of(consortium, event.partner_id)
    if partner.organization_id is None:
        return
    pilots = queries.open_pilots(consortium.id)
    remove_consents([each.id for each in pilots], partner.organization_id)
    if event.after == PartnerState.DECLINED:
        return
    for pilot in pilots:
        _mail_about_gap(pilot, consortium, partner.organization_id, partner.name, event)


def _mail_about_gap(
    pilot: Pilot, consortium: Consortium, gone: uuid.UUID, name: str, event: PartnerMoved
) -> None:
    context = _context(pilot) | {
        "partner": name,
        "budget_yen": queries.planned_yen_of(pilot.id, gone),
    }
    writers = writing_partners(queries.partners_of(consortium.id))
    key = f"pilot-partner-left:{pilot.id}:{event.partner_id}:{event.count}"
    _mail(_people(writers, event), "pilot-partner-left", context, key, event)


def _people(organization_ids: Sequence[uuid.UUID], event: DomainEvent) -> list[User]:
    """Who writes for these organisations, each once, without who did it."""
    found = {user.id: user for each in organization_ids for user in writing_people_of(each)}
    return [user for user in found.values() if user.id != event.actor.user_id]


def _context(pilot: Pilot) -> dict[str, Any]:
    return {
        "pilot_id": pilot.id,
        "pilot_title": pilot.title,
        "starts_on": format_date(pilot.starts_on),
        "ends_on": format_date(pilot.ends_on),
        "place": f"{pilot.municipality.prefecture}{pilot.municipality.name}",
        "field_name": pilot.field_name,
    }


def _mail(
    people: Sequence[User], template: str, context: dict[str, Any], key: str, event: DomainEvent
) -> None:
    mail_people(people, template, context, key, event.subject_id, event.now, subject_kind=SUBJECT)
