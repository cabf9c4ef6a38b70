"""Taking answers from a page: the form, and what is kept of it; for pages of all who are asked."""

from __future__ import annotations

import uuid

from flask import request

from matchmaker.core import clock, form_stash
from matchmaker.core.actor import Actor
from matchmaker.core.errors import ProductError
from matchmaker.questions.domain import Questionnaire
from matchmaker.questions.forms import answers_form
from matchmaker.surveys import service
from matchmaker.surveys.forms import SurveyAnswerForm
from matchmaker.surveys.models import Survey

INVALID, ACCEPTED = 422, 0


def answer_form(survey: Survey, *, fresh: bool = False) -> SurveyAnswerForm:
    """The form of a survey's questions.

    Args:
        survey: what is asked.
        fresh: the page is opened: bring back what was typed when the session ended, and note the
            revision that the person sees.
    """
    questionnaire = Questionnaire.from_data(survey.questions)
    stashed = form_stash.stashed_values(request.path) if fresh else None
    form = answers_form(questionnaire, base=SurveyAnswerForm, formdata=stashed)
    if fresh:
        form.revision.data = str(survey.revision)
    return form


def take_answers(
    survey: Survey, form: SurveyAnswerForm, actor: Actor, respondent_id: uuid.UUID | None = None
) -> int:
    """Keep what was sent, or tell at its place what stands against it.

    Args:
        survey: what is asked.
        form: as it was sent.
        actor: who answers.
        respondent_id: who answers, for somebody without an account.

    Returns:
        The status to answer with when the page is to be shown again, :data:`ACCEPTED` otherwise.
    """
    is_valid, checked = form.validate_on_submit(), form.clean(complete=True)
    if not is_valid or checked.errors:
        return INVALID
    try:
        service.answer_survey(
            survey, checked.values, actor, clock.now(), arriving=form.arriving,
            seen_revision=form.seen_revision(), respondent_id=respondent_id,
        )  # fmt: skip
    except ProductError as error:
        form.add_error(f"{form.prefix}{error.field}" if error.field else None, error.message)
        form.revision.data = str(survey.revision)
        return error.status
    return ACCEPTED
