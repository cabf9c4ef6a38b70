"""Pages on which the organiser writes a survey."""

from __future__ import annotations

import uuid
from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock, form_stash
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.errors import ProductError
from matchmaker.core.text import whole_number
from matchmaker.surveys import policy, queries, service
from matchmaker.surveys.domain import SurveyData
from matchmaker.surveys.forms import SurveyForm
from matchmaker.surveys.models import Survey
from matchmaker.surveys.registry import subject_of_kind
from matchmaker.surveys.views import UNPROCESSABLE, blueprint, subject_words

__all__ = ["blueprint"]

USUAL_LENGTH = timedelta(days=14)
Page = Response | tuple[str, int] | str


@blueprint.get("/new/<string:subject_kind>/<uuid:subject_id>")
def new(subject_kind: str, subject_id: uuid.UUID) -> str:
    """An empty survey about a record of a registered kind."""
    standing = queries.standing_in(current_actor(), subject_kind, subject_id)
    authorize(policy.can_edit(standing), hidden=True)
    form = restored_form()
    if form is None:
        form = SurveyForm()
        form.opens_at.process(None, clock.now())
        form.closes_at.process(None, clock.now() + USUAL_LENGTH)
    return editor_page(form, subject_kind, subject_id)


@blueprint.post("/new/<string:subject_kind>/<uuid:subject_id>")
def create(subject_kind: str, subject_id: uuid.UUID) -> Page:
    """Keep a new survey."""
    standing = queries.standing_in(current_actor(), subject_kind, subject_id)
    actor = authorize(policy.can_edit(standing), hidden=True)
    form = SurveyForm()
    if form.rearrange():
        return editor_page(form, subject_kind, subject_id)
    data = form.survey_data()
    if data is None:
        return editor_page(form, subject_kind, subject_id), UNPROCESSABLE
    try:
        survey = service.create_survey(
            subject_kind, subject_id, data.title, data.questionnaire, data.opens_at,
            data.closes_at, actor, clock.now(), data.is_anonymous, data.introduction,
        )  # fmt: skip
    except ProductError as error:
        form.add_error(error.field, error.message)
        return editor_page(form, subject_kind, subject_id), error.status
    flash("アンケートを保存しました。始まると、参加者にメールで知らせます。", "success")
    return redirect(url_for("surveys.show", survey_id=survey.id))


@blueprint.get("/<uuid:survey_id>/edit")
def edit(survey_id: uuid.UUID) -> str:
    """The form of an existing survey."""
    survey = queries.get_survey(survey_id)
    authorize(policy.can_edit(queries.standing_of(current_actor(), survey)), hidden=True)
    form = restored_form()
    if form is None:
        form = SurveyForm()
        form.fill(survey)
    return editor_page(form, survey.subject_kind, survey.subject_id, survey)


@blueprint.post("/<uuid:survey_id>/edit")
def update(survey_id: uuid.UUID) -> Page:
    """Keep a change."""
    survey = queries.get_survey(survey_id)
    authorize(policy.can_edit(queries.standing_of(current_actor(), survey)), hidden=True)
    form = SurveyForm()
    if not survey.frozen_at and form.rearrange():
        return editor_page(form, survey.subject_kind, survey.subject_id, survey)
    data = form.survey_data(survey if survey.frozen_at else None)
    if data is None:
        return editor_page(form, survey.subject_kind, survey.subject_id, survey), UNPROCESSABLE
    return keep(survey, form, data)


@blueprint.post("/<uuid:survey_id>/deletions")
def remove(survey_id: uuid.UUID) -> Response:
    """Take back a survey that nobody answered."""
    survey = queries.get_survey(survey_id)
    standing = queries.standing_of(current_actor(), survey)
    actor = authorize(policy.can_edit(standing), hidden=True)
    address = subject_words(survey)[1]
    service.remove_survey(survey, actor, clock.now())
    flash("アンケートを取りやめました。", "success")
    return redirect(address)


def keep(survey: Survey, form: SurveyForm, data: SurveyData) -> Page:
    """Change the survey, or show what stands against it."""
    try:
        service.change_survey(
            survey, data, current_actor(), clock.now(),
            expected_revision=whole_number(form.revision.data),
        )  # fmt: skip
    except ProductError as error:
        form.add_error(error.field, error.message)
        form.revision.data = str(survey.revision)
        page = editor_page(form, survey.subject_kind, survey.subject_id, survey)
        return page, error.status
    flash("保存しました。", "success")
    return redirect(url_for("surveys.show", survey_id=survey.id))


def restored_form() -> SurveyForm | None:
    """The form with what was sent after the session had ended, if there is any."""
    stashed = form_stash.stashed_values(request.path)
    if stashed is None:
        return None
    form = SurveyForm(formdata=stashed)
    form.refresh()
    return form


def editor_page(
    form: SurveyForm, kind: str, subject_id: uuid.UUID, survey: Survey | None = None
) -> str:
    """The page on which a survey is written."""
    subject = subject_of_kind(kind)
    address = (
        url_for("surveys.update", survey_id=survey.id)
        if survey
        else url_for("surveys.create", subject_kind=kind, subject_id=subject_id)
    )
    return render_template(
        "surveys/edit.html",
        form=form,
        survey=survey,
        subject=(subject.label(subject_id), subject.url(subject_id)),
        action=address,
    )
