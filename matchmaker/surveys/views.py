"""Pages of surveys: answering."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.downloads import download, download_stored
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.spreadsheets.writing import XLSX, write_xlsx
from matchmaker.questions.domain import Questionnaire
from matchmaker.questions.files import Subject, file_subject, files_of_many, get_file
from matchmaker.surveys import policy, queries, service
from matchmaker.surveys.answering import answer_form, take_answers
from matchmaker.surveys.domain import FEWEST_ANONYMOUS, SurveyState, shows_results, state_at
from matchmaker.surveys.exports import answers_table
from matchmaker.surveys.forms import SurveyAnswerForm
from matchmaker.surveys.models import Survey
from matchmaker.surveys.registry import subject_of_kind
from matchmaker.surveys.results import summarize

UNPROCESSABLE = 422
HIDDEN_RESULTS = "結果は、締め切りのあと、5件以上集まったときに見られます。"
blueprint = Blueprint("surveys", __name__, url_prefix="/surveys")


@blueprint.get("/<uuid:survey_id>")
def show(survey_id: uuid.UUID) -> str:
    """The survey with the form for answering."""
    survey = queries.get_survey(survey_id)
    standing = queries.standing_of(current_actor(), survey)
    authorize(policy.can_view(standing), hidden=True)
    form = answer_form(survey, fresh=True)
    return survey_page(survey, form, standing)


@blueprint.post("/<uuid:survey_id>")
def answer(survey_id: uuid.UUID) -> Answer | tuple[str, int]:
    """Take the answers of a participant."""
    survey = queries.get_survey(survey_id)
    standing = queries.standing_of(current_actor(), survey)
    actor = authorize(policy.can_answer(standing), hidden=not policy.can_view(standing))
    form = answer_form(survey)
    if status := take_answers(survey, form, actor):
        return survey_page(survey, form, standing), status
    flash("回答を受け付けました。ありがとうございました。", "success")
    return redirect(url_for("surveys.show", survey_id=survey.id))


@blueprint.get("/<uuid:survey_id>/results")
def results(survey_id: uuid.UUID) -> str:
    """What was answered, as charts and tables."""
    survey = queries.get_survey(survey_id)
    authorize(policy.can_read_results(queries.standing_of(current_actor(), survey)), hidden=True)
    count = queries.count_answers(survey.id)
    shown = shows_results(survey.is_anonymous, state_of(survey), count)
    answers = [found.answers for found in queries.answers_of(survey)] if shown else []
    return render_template(
        "surveys/results.html",
        survey=survey,
        subject=subject_words(survey),
        state=state_of(survey),
        count=count,
        shown=shown,
        fewest=FEWEST_ANONYMOUS,
        results=summarize(Questionnaire.from_data(survey.questions), answers),
    )


@blueprint.get("/<uuid:survey_id>/results/export")
def export(survey_id: uuid.UUID) -> Response:
    """All answers as an Excel file."""
    survey = queries.get_survey(survey_id)
    authorize(policy.can_read_results(queries.standing_of(current_actor(), survey)), hidden=True)
    if not shows_results(survey.is_anonymous, state_of(survey), queries.count_answers(survey.id)):
        raise ProductError(HIDDEN_RESULTS)
    answers = queries.answers_of(survey)
    files = files_of_many(service.ANSWER, [found.id for found in answers])
    table = answers_table(survey, answers, queries.names_of(survey, answers), files, clock.now())
    day = clock.today(clock.now())
    return download(write_xlsx(table), f"アンケート_{survey.title}_{day:%Y%m%d}.xlsx", XLSX)


@blueprint.get("/<uuid:survey_id>/files/<uuid:file_id>")
def file(survey_id: uuid.UUID, file_id: uuid.UUID) -> Response:
    """A file that somebody gave as an answer."""
    survey = queries.get_survey(survey_id)
    authorize(policy.can_read_results(queries.standing_of(current_actor(), survey)), hidden=True)
    answer_id = file_subject(service.ANSWER, file_id)
    if answer_id is None or not queries.has_answer(survey.id, answer_id):
        raise NotFound
    found = get_file(Subject(service.ANSWER, answer_id), file_id)
    if found is None:
        raise NotFound
    return download_stored(found.file)


def survey_page(survey: Survey, form: SurveyAnswerForm, standing: policy.Standing) -> str:
    """The page of a survey."""
    state = state_of(survey)
    has_answered = queries.has_answered(survey.id, current_actor().user_id)
    return render_template(
        "surveys/show.html",
        survey=survey,
        subject=subject_words(survey),
        state=state,
        form=form,
        standing=standing,
        has_answered=has_answered,
        asks=standing.takes_part and not has_answered and state is SurveyState.OPEN,
        count=queries.count_answers(survey.id) if standing.organizes else 0,
    )


def state_of(survey: Survey) -> SurveyState:
    """Where the survey stands now."""
    return state_at(survey.opens_at, survey.closes_at, clock.now())


def subject_words(survey: Survey) -> tuple[str, str]:
    """What the survey is about: its label and the address of its page."""
    subject = subject_of_kind(survey.subject_kind)
    return subject.label(survey.subject_id), subject.url(survey.subject_id)
