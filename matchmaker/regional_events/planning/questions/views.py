"""Pages on which the planner writes what the registration form asks, and asks for themes."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.text import whole_number
from matchmaker.questions.domain import InvalidQuestionnaire, Questionnaire
from matchmaker.questions.forms import AnswersForm, answers_form
from matchmaker.regional_events.planning.loading import OpenEvent, open_to_plan
from matchmaker.regional_events.planning.models import Track
from matchmaker.regional_events.planning.questions import service, themes
from matchmaker.regional_events.planning.questions.forms import (
    FrequentForm,
    RegistrationQuestionsForm,
    ThemesForm,
)

INVALID = 422
Answer = str | Response | tuple[str, int]
blueprint = Blueprint("event_questions", __name__, url_prefix="/regional-events/<uuid:event_id>")


@blueprint.get("/registration-questions")
def index(event_id: uuid.UUID) -> Answer:
    """What is asked of everybody, to be changed, with frequent questions to add."""
    opened = open_to_plan(event_id)
    return _editor_page(opened, _filled(opened, None), None)


@blueprint.post("/registration-questions")
def update(event_id: uuid.UUID) -> Answer:
    """Save what is asked of everybody, or carry out a button of the editor."""
    return _save(open_to_plan(event_id), None)


@blueprint.get("/tracks/<uuid:track_id>/registration-questions")
def edit_track(event_id: uuid.UUID, track_id: uuid.UUID) -> Answer:
    """What is asked of those who choose a track, to be changed."""
    opened = open_to_plan(event_id)
    track = track_of(opened, track_id)
    return _editor_page(opened, _filled(opened, track), track)


@blueprint.post("/tracks/<uuid:track_id>/registration-questions")
def update_track(event_id: uuid.UUID, track_id: uuid.UUID) -> Answer:
    """Save what is asked of those who choose a track."""
    opened = open_to_plan(event_id)
    return _save(opened, track_of(opened, track_id))


@blueprint.post("/registration-questions/frequent-ones")
def add_frequent(event_id: uuid.UUID) -> Response:
    """Add frequent questions to those of everybody."""
    opened, form = open_to_plan(event_id), FrequentForm()
    keys = form.keys.data or []
    try:
        added = service.add_frequent(opened.event, opened.event, keys, opened.actor, opened.now)
        words = f"質問を{added}個足しました。" if added else "新しく足す質問はありませんでした。"
        flash(words, "success" if added else "info")
    except InvalidQuestionnaire as invalid:
        flash(invalid.problems[0].message, "error")
    except ProductError as error:
        flash(error.message, "error")
    return redirect(url_for(".index", event_id=event_id))


@blueprint.get("/registration-questions/preview")
def preview(event_id: uuid.UUID) -> str:
    """The questions as people will meet them; nothing is kept."""
    opened = open_to_plan(event_id)
    parts = [("みなさんに聞くこと", _trial("q-", opened.event.questions))]
    for number, track in enumerate(opened.event.tracks):
        if track.questions:
            title = f"「{track.name}」を選んだ方に聞くこと"
            parts.append((title, _trial(f"t{number}-", track.questions)))
    return render_template("event_questions/preview.html", event=opened.event, parts=parts)


@blueprint.get("/themes/new")
def new_themes(event_id: uuid.UUID) -> Answer:
    """Begin a survey about themes."""
    opened = open_to_plan(event_id)
    title = f"{opened.event.name}のテーマの募集"[: themes.TITLE_LENGTH]
    return _themes_page(opened, ThemesForm(stashed_values(request.path), data={"title": title}))


@blueprint.post("/themes/new")
def create_themes(event_id: uuid.UUID) -> Answer:
    """Make it, with the usual questions, which can be changed on the next page."""
    opened, form = open_to_plan(event_id), ThemesForm()
    is_valid, until = form.validate_on_submit(), form.last_day()
    if not is_valid or until is None:
        return _themes_page(opened, form)
    try:
        survey = themes.ask_for_themes(
            opened.event, form.title.data or "", until, form.names.data != "named",
            opened.actor, opened.now,
        )  # fmt: skip
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _themes_page(opened, form)
    flash("テーマの募集を作りました。1時間後に始まり、会員にメールでお願いします。", "success")
    return redirect(url_for("surveys.edit", survey_id=survey.id))


def track_of(opened: OpenEvent, track_id: uuid.UUID) -> Track:
    """A track of the event.

    Raises:
        NotFound: it has none of that id.
    """
    track = next((each for each in opened.event.tracks if each.id == track_id), None)
    if track is None:
        raise NotFound
    return track


def _filled(opened: OpenEvent, track: Track | None) -> RegistrationQuestionsForm:
    kept = stashed_values(request.path)
    form, asked = RegistrationQuestionsForm(kept), track or opened.event
    if kept is not None:
        form.refresh()
        return form
    form.show(Questionnaire.from_data(asked.questions))
    form.revision.data = str(asked.revision)
    return form


def _save(opened: OpenEvent, track: Track | None) -> Answer:
    form, asked = RegistrationQuestionsForm(), track or opened.event
    if form.rearrange():
        return _editor_page(opened, form, track)
    questionnaire = form.edited()
    if not form.validate_on_submit() or questionnaire is None:
        return _editor_page(opened, form, track, INVALID)
    try:
        seen = whole_number(form.revision.data)
        service.save_questions(
            opened.event, asked, questionnaire, opened.actor, opened.now, expected_revision=seen
        )
    except ProductError as error:
        form.form_errors.append(error.message)
        form.revision.data = str(asked.revision)
        return _editor_page(opened, form, track, INVALID)
    flash("質問を保存しました。", "success")
    here = url_for(".edit_track", event_id=opened.event.id, track_id=track.id) if track else ""
    return redirect(here or url_for(".index", event_id=opened.event.id))


def _trial(prefix: str, questions: list[dict[str, object]]) -> AnswersForm:
    return answers_form(Questionnaire.from_data(questions), prefix=prefix)


def _editor_page(
    opened: OpenEvent, form: RegistrationQuestionsForm, track: Track | None, status: int = 200
) -> Answer:
    page = render_template(
        "event_questions/edit.html",
        event=opened.event,
        track=track,
        form=form,
        frequent=FrequentForm(formdata=None),
        may_ask_themes=opened.event.themes_survey_id is None,
    )
    return page, status


def _themes_page(opened: OpenEvent, form: ThemesForm) -> Answer:
    page = render_template("event_questions/themes.html", event=opened.event, form=form)
    return (page, INVALID) if form.errors or form.form_errors else page
