"""What comes of invented events that are over: meetings, survey, costs, report."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from matchmaker.core.actor import VISITOR
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.regional_events.planning.programme.queries import programme_of
from matchmaker.regional_events.reports.costs import CostRow, save_costs
from matchmaker.regional_events.reports.domain import ReportMove
from matchmaker.regional_events.reports.service import ReportData, move_report, save_report
from matchmaker.regional_events.reports.survey import survey_event
from matchmaker.regional_events.tables import queries as table_queries
from matchmaker.regional_events.tables.domain import OutcomeVerdict
from matchmaker.regional_events.tables.outcomes import OutcomeData, record_outcome
from matchmaker.regional_events.tables.timetables import VersionView
from matchmaker.seeding.event_occasion import Occasion
from matchmaker.seeding.files import Entry
from matchmaker.seeding.people import actor_of
from matchmaker.surveys.models import Survey
from matchmaker.surveys.service import answer_survey


def look_back(occasion: Occasion) -> None:
    """Whatever the file tells of the time after the event."""
    entry = occasion.entry
    if "outcomes" in entry:
        _tell_outcomes(occasion, entry["outcomes"])
    if "survey" in entry:
        _survey(occasion, entry["survey"])
    if "costs" in entry:
        _keep_costs(occasion, entry["costs"])
    if "report" in entry:
        _report(occasion, entry["report"])


def _tell_outcomes(occasion: Occasion, entry: Entry) -> None:
    """Both sides of meetings say what came of them, in turn as the file lists it."""
    plan = table_queries.get_plan(occasion.event.id)
    version = table_queries.version_in_force(plan.id)
    if version is None:
        return
    at, told = occasion.at(entry["at"]), entry["told"]
    for place, (guest_id, slot, partner_id) in enumerate(_sides(VersionView(version))[: len(told)]):
        verdict, note = OutcomeVerdict(told[place]["verdict"]), told[place].get("note", "")
        guest = next(g for g in table_queries.guests_of(plan.id) if g.id == guest_id)
        data = OutcomeData(slot, partner_id, verdict, note)
        record_outcome(plan, guest, data, occasion.organizer, at + timedelta(minutes=place))


def _sides(view: VersionView) -> list[tuple[uuid.UUID, int, uuid.UUID]]:
    """Both sides of each meeting, one after the other."""
    sides, seen = [], set()
    for guest in view.guests:
        for sitting in view.timetable(guest):
            for partner in sitting.meetings:
                meeting = (sitting.slot.number, frozenset((guest, partner.guest_id)))
                if meeting not in seen:
                    seen.add(meeting)
                    sides.append((guest, sitting.slot.number, partner.guest_id))
                    sides.append((partner.guest_id, sitting.slot.number, guest))
    return sides


def _survey(occasion: Occasion, entry: Entry) -> None:
    """The survey among those who came; nobody of the demo is asked by mail."""
    event, asked = occasion.event, occasion.at(entry["at"])
    until = today(event.starts_at) + timedelta(days=entry["until_days"])
    titles = [session.title for session in programme_of(event.id)]
    survey = survey_event(event, entry["title"], until, False, occasion.organizer, asked, titles)
    survey.announced_at = survey.opens_at
    db.session.flush()
    for place, each in enumerate(entry["answers"]):
        at = asked + timedelta(hours=2 + 3 * place)
        _answer(occasion, survey, each, at)


def _answer(occasion: Occasion, survey: Survey, entry: Entry, at: datetime) -> None:
    who = entry["who"]
    if who in occasion.guests:
        respondent = occasion.attendee_ids[who]
        answer_survey(survey, entry["answers"], VISITOR, at, respondent_id=respondent)
    else:
        answer_survey(survey, entry["answers"], actor_of(occasion.seeder, who), at)


def _keep_costs(occasion: Occasion, entry: Entry) -> None:
    rows = [CostRow(*(str(value) for value in row)) for row in entry["rows"]]
    save_costs(occasion.event, rows, occasion.organizer, occasion.at(entry["at"]))


def _report(occasion: Occasion, entry: Entry) -> None:
    at, event, organizer = occasion.at(entry["at"]), occasion.event, occasion.organizer
    report = save_report(event, ReportData(entry["summary"], entry["outcome"]), organizer, at)
    if "published" in entry:
        move_report(
            event, report, ReportMove.PUBLISH, "", organizer, occasion.at(entry["published"])
        )
