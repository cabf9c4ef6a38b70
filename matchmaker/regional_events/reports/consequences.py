"""What follows when answers to the survey of an event are wanted: mail to those without account."""

from __future__ import annotations

from matchmaker.core.formatting import format_moment
from matchmaker.notifications.service import queue_mail_to_address
from matchmaker.regional_events.registrations.links import ticket_url
from matchmaker.regional_events.reports import people
from matchmaker.regional_events.reports.survey import SUBJECT_KIND
from matchmaker.surveys import queries
from matchmaker.surveys.events import AnswersWanted
from matchmaker.surveys.registry import subject_of_kind


def mail_guests_without_answer(event: AnswersWanted) -> None:
    """Ask people without an account, each once for the start and once for the end."""
    survey = queries.get_survey(event.subject_id)
    if survey.subject_kind != SUBJECT_KIND:
        return
    done = queries.guests_with_answer(survey.id)
    context = {
        "title": survey.title,
        "introduction": survey.introduction,
        "about": subject_of_kind(survey.subject_kind).label(survey.subject_id),
        "closes": format_moment(survey.closes_at),
        "is_anonymous": survey.is_anonymous,
        "is_reminder": event.is_reminder,
    }
    kind = "reminder" if event.is_reminder else "start"
    for person in people.asked_people(survey.subject_id):
        if person.user_id is not None or person.id in done or not person.email:
            continue
        facts = {**context, "recipient_name": person.name, "url": f"{ticket_url(person)}/surveys"}
        queue_mail_to_address(
            person.email, "event-thanks-survey", facts,
            f"survey-{kind}:{survey.id}:{person.id}", person.id, event.now,
        )  # fmt: skip
