"""What follows from events of surveys: mail."""

from __future__ import annotations

import uuid

from matchmaker.accounts.queries import roles_in_organizations
from matchmaker.core.actor import Actor
from matchmaker.core.formatting import format_moment
from matchmaker.notifications.service import mail_people
from matchmaker.surveys import queries
from matchmaker.surveys.events import AnswersWanted
from matchmaker.surveys.registry import subject_of_kind

SUBJECT = "surveys:survey"


def mail_those_without_answer(event: AnswersWanted) -> None:
    """Ask the participants who have not answered, each once for the start and once for the end."""
    survey = queries.get_survey(event.subject_id)
    kind = "reminder" if event.is_reminder else "start"
    context = {
        "title": survey.title,
        "introduction": survey.introduction,
        "about": subject_of_kind(survey.subject_kind).label(survey.subject_id),
        "closes": format_moment(survey.closes_at),
        "is_anonymous": survey.is_anonymous,
        "is_reminder": event.is_reminder,
        "path": f"/surveys/{survey.id}",
    }
    mail_people(
        queries.people_without_answer(survey),
        "survey-answer",
        context,
        f"survey-{kind}:{survey.id}",
        subject_id=survey.id,
        now=event.now,
        subject_kind=SUBJECT,
    )


def is_still_asked(user_id: uuid.UUID, survey_id: uuid.UUID) -> bool:
    """Asked just before a mail is sent: whether the person takes part and has not answered."""
    survey = queries.find_survey(survey_id)
    if survey is None or queries.has_answered(survey_id, user_id):
        return False
    actor = Actor(user_id=user_id, roles=roles_in_organizations(user_id))
    return subject_of_kind(survey.subject_kind).can_answer(actor, survey.subject_id)
