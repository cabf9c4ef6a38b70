"""Pages of minutes: read, begin, write together, take decisions and tasks."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core.access import authorize
from matchmaker.core.clock import JST
from matchmaker.core.errors import ProductError
from matchmaker.core.forms import ConfirmForm
from matchmaker.working_groups.groups.activity.loading import opened_form
from matchmaker.working_groups.meetings.domain import MinutesState
from matchmaker.working_groups.meetings.minutes import queries, service
from matchmaker.working_groups.meetings.minutes.comparison import differences
from matchmaker.working_groups.meetings.minutes.domain import (
    Contradiction,
    Saved,
    count_checks,
    what_keeps_from_publishing,
)
from matchmaker.working_groups.meetings.minutes.forms import AnswerForm, MinutesForm, number_in
from matchmaker.working_groups.meetings.minutes.loading import Place, load_place, writing_place
from matchmaker.working_groups.meetings.minutes.presentation import blocks
from matchmaker.working_groups.meetings.minutes.taking import offers_of, take_findings

blueprint = Blueprint("minutes", __name__, url_prefix="/meetings/<uuid:meeting_id>/minutes")
Answer = str | tuple[str, int] | Response
Json = dict[str, Any] | tuple[dict[str, Any], int]
INVALID, CONFLICT = 422, 409


@blueprint.get("")
def show(meeting_id: uuid.UUID) -> str:
    """The minutes as the person may read them."""
    place = load_place(meeting_id)
    authorize(place.may_open, hidden=True)
    return minutes_page(place, AnswerForm())


def minutes_page(place: Place, answer_form: AnswerForm) -> str:
    """The page of the minutes."""
    if place.minutes is None or not (place.reads_draft or place.reads_published):
        return render_template("minutes/none.html", place=place, form=ConfirmForm())
    answer_form.revision.data = str(place.minutes.revision)  # an answer is about the text below it
    return render_template(
        "minutes/show.html",
        place=place,
        minutes=place.minutes,
        blocks=blocks(shown_text(place)),
        is_draft=shows_draft(place),
        publications=queries.publications_of(place.minutes.id),
        form=answer_form,
        **_check_facts(place),
    )


def shows_draft(place: Place) -> bool:
    """Whether the text being written is shown, or the one published last.

    Those who read drafts may look at the published text while it is being corrected.
    """
    minutes = place.begun
    if not place.reads_draft or minutes.state is MinutesState.PUBLISHED:
        return False
    wants_published = request.args.get("text") == "published"
    return not (wants_published and minutes.published_revision is not None)


def shown_text(place: Place) -> str:
    """The text being written, or the one published last."""
    minutes = place.begun
    if shows_draft(place):
        return minutes.body
    return queries.version_of(minutes.id, minutes.published_revision or 0).body


def _check_facts(place: Place) -> dict[str, Any]:
    """How far the check is, and what can be taken from the text; for those who read drafts."""
    minutes = place.begun
    if not place.reads_draft:
        return {"checks": (), "offers": (), "own_check": None, "obstacle": "", "count": None}
    checks = queries.checks_of(minutes.id)
    count = count_checks(check.answer for check in checks)
    day = place.now.astimezone(JST).date()
    return {
        "checks": checks,
        "count": count,
        "own_check": next((c for c in checks if c.user_id == place.actor.user_id), None),
        "obstacle": what_keeps_from_publishing(count, minutes.checks_until, day),
        "offers": offers_of(place.meeting, minutes) if place.may_write else (),
    }


@blueprint.post("")
def create(meeting_id: uuid.UUID) -> Response:
    """Begin to write, with the headings of the agenda."""
    place = writing_place(meeting_id)
    service.begin_minutes(place.meeting, place.actor, place.now)
    return redirect(url_for("minutes.edit", meeting_id=meeting_id))


@blueprint.get("/edit")
def edit(meeting_id: uuid.UUID) -> Answer:
    """The page on which the minutes are written."""
    place = writing_place(meeting_id)
    minutes = place.begun
    if not place.is_writable:
        return redirect(url_for("minutes.show", meeting_id=meeting_id))
    form = opened_form(MinutesForm, body=minutes.body, base=minutes.revision)
    return writing_page(place, form)


def writing_page(place: Place, form: MinutesForm) -> str:
    """The text in its field."""
    return render_template(
        "minutes/edit.html",
        place=place,
        minutes=place.begun,
        form=form,
        writing=queries.writing_now(place.begun.id, place.now, place.actor.user_id),
    )


@blueprint.post("/edit")
def update(meeting_id: uuid.UUID) -> Answer:
    """Save the text; a contradiction is shown side by side."""
    place, form = writing_place(meeting_id), MinutesForm()
    if not form.validate_on_submit():
        return writing_page(place, form), INVALID
    try:
        saved = _save(place, form)
    except Contradiction as contradiction:
        return contradiction_page(place, contradiction), CONFLICT
    except ProductError as error:
        form.add_error(error.field, error.message)
        return writing_page(place, form), error.status
    _tell_saved(saved.others)
    return redirect(url_for("minutes.show", meeting_id=meeting_id))


def _tell_saved(others: tuple[str, ...]) -> None:
    if others:
        flash(f"保存しました。{'、'.join(others)}さんが書いたところも入っています。", "success")
    else:
        flash("保存しました。", "success")


def contradiction_page(place: Place, contradiction: Contradiction) -> str:
    """Both texts side by side where they differ, and one field to decide in."""
    form = MinutesForm(formdata=None, body=contradiction.merged, base=contradiction.revision)
    return render_template(
        "minutes/contradiction.html",
        place=place,
        form=form,
        message=contradiction.message,
        differences=differences(contradiction.theirs, contradiction.mine),
        others=queries.writing_now(place.begun.id, place.now, place.actor.user_id),
    )


def _save(place: Place, form: MinutesForm) -> Saved:
    return service.save_minutes(
        place.begun, form.body.data or "", form.base_number, place.actor, place.now
    )


@blueprint.post("/drafts")
def autosave(meeting_id: uuid.UUID) -> Json:
    """Save while it is being written; answers what the text is now.

    The answer's ``base`` is the version of what was sent, ``revision`` that of ``body``, in which
    the others' sentences are: a page that shows ``body`` goes on from ``revision``.
    """
    place, form = writing_place(meeting_id), MinutesForm()
    try:
        saved = _save(place, form)
    except Contradiction as contradiction:
        return {"message": contradiction.message, "is_contradiction": True}, CONFLICT
    except ProductError as error:
        return {"message": error.message, "is_contradiction": False}, error.status
    return {
        "saved_at": place.now.astimezone(JST).strftime("%-H:%M"),
        "body": saved.body,
        "revision": saved.revision,
        "base": saved.base,
        "others": list(saved.others),
        "writing": queries.writing_now(place.begun.id, place.now, place.actor.user_id),
    }


@blueprint.get("/latest")
def latest(meeting_id: uuid.UUID) -> Json:
    """Whether there is a newer text than ``?revision=``, and who else is writing."""
    place = writing_place(meeting_id)
    minutes = place.begun
    is_newer = minutes.revision != number_in(request.args.get("revision"))
    return {
        "revision": minutes.revision,
        "body": minutes.body if is_newer else None,
        "writing": queries.writing_now(minutes.id, place.now, place.actor.user_id),
    }


@blueprint.post("/findings")
def take(meeting_id: uuid.UUID) -> Response:
    """Take one marked line, or all of them, into the decisions log and the tasks."""
    place = writing_place(meeting_id)
    keys = None if request.form.get("all") else request.form.getlist("key")
    number = take_findings(place.meeting, place.begun, keys, place.actor, place.now)
    if number:
        flash(f"{number}件を、決定の記録とタスクに入れました。", "success")
    else:
        flash("新しく入れるものはありませんでした。", "info")
    return redirect(url_for("minutes.show", meeting_id=meeting_id, _anchor="findings"))
