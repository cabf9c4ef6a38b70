"""What both sides share on the page of a match: facts, files, the next step."""

from __future__ import annotations

import uuid

from flask import Response as FlaskResponse
from flask import flash, redirect, request
from werkzeug.wrappers import Response

from matchmaker.core.downloads import download_stored
from matchmaker.partnering.introductions.matches import facts, files, presentation, queries, service
from matchmaker.partnering.introductions.matches.forms import (
    FactForm,
    FileForm,
    NextStepForm,
    RevisionForm,
)
from matchmaker.partnering.introductions.matches.service import NextStep
from matchmaker.partnering.introductions.matches.views import (
    Answer,
    Place,
    blueprint,
    form_page,
    opened_form,
    pressed,
    readable,
    renew,
    tried,
    writable,
)


@blueprint.route("/<uuid:match_id>/facts/new", methods=["GET", "POST"])
def new_fact(match_id: uuid.UUID) -> Answer:
    """Write down something that both sides hold."""
    place, form = writable(match_id), opened_form(FactForm)
    if request.method == "GET":
        return form_page(place, "matches/fact.html", form, fact=None)
    label, value = form.label.data or "", form.value.data or ""
    status = tried(form, lambda: facts.add(place.match, label, value, place.actor, place.now))
    if status:
        return form_page(place, "matches/fact.html", form, fact=None), status
    flash("決まったこととして書きました。", "success")
    return redirect(f"{place.url}#facts")


@blueprint.route("/<uuid:match_id>/facts/<uuid:fact_id>/edit", methods=["GET", "POST"])
def edit_fact(match_id: uuid.UUID, fact_id: uuid.UUID) -> Answer:
    """Write a fact anew."""
    place = writable(match_id)
    fact = queries.get_fact(match_id, fact_id)
    form = opened_form(FactForm, label=fact.label, value=fact.value, revision=str(fact.revision))
    if request.method == "GET":
        return form_page(place, "matches/fact.html", form, fact=fact)
    value, expected = form.value.data or "", form.expected
    status = tried(
        form, lambda: facts.change(place.match, fact, value, expected, place.actor, place.now)
    )
    if status:
        renew(form, fact.revision, status)
        return form_page(place, "matches/fact.html", form, fact=fact), status
    flash("決まったことを直しました。相手の確認を待っています。", "success")
    return redirect(f"{place.url}#facts")


@blueprint.post("/<uuid:match_id>/facts/<uuid:fact_id>/confirmations")
def confirm_fact(match_id: uuid.UUID, fact_id: uuid.UUID) -> Response:
    """Hold what the other side wrote."""
    place, form = writable(match_id), RevisionForm()
    fact = queries.get_fact(match_id, fact_id)
    return pressed(
        place, lambda: facts.confirm(place.match, fact, form.expected, place.actor, place.now),
        f"「{fact.label}」を確認しました。", "facts",
    )  # fmt: skip


@blueprint.post("/<uuid:match_id>/facts/<uuid:fact_id>/deletions")
def remove_fact(match_id: uuid.UUID, fact_id: uuid.UUID) -> Response:
    """Take a fact away."""
    place, form = writable(match_id), RevisionForm()
    fact = queries.get_fact(match_id, fact_id)
    done = f"「{fact.label}」を外しました。"
    return pressed(
        place, lambda: facts.remove(place.match, fact, form.expected, place.actor, place.now),
        done, "facts",
    )  # fmt: skip


@blueprint.route("/<uuid:match_id>/files/new", methods=["GET", "POST"])
def new_file(match_id: uuid.UUID) -> Answer:
    """Put a file onto the page."""
    place, form = writable(match_id), opened_form(FileForm)
    if request.method == "GET":
        return form_page(place, "matches/file.html", form)
    sent, caption = request.files.get(files.FIELD), form.caption.data or ""
    name, content = (sent.filename or "", sent.read()) if sent else ("", b"")
    status = tried(
        form, lambda: files.add(place.match, name, content, caption, place.actor, place.now)
    )
    if status:
        return form_page(place, "matches/file.html", form), status
    flash("ファイルを置きました。", "success")
    return redirect(f"{place.url}#files")


@blueprint.get("/<uuid:match_id>/files/<uuid:file_id>")
def show_file(match_id: uuid.UUID, file_id: uuid.UUID) -> FlaskResponse:
    """The file, as a download."""
    readable(match_id)
    return download_stored(queries.get_file(match_id, file_id).file)


@blueprint.post("/<uuid:match_id>/files/<uuid:file_id>/deletions")
def remove_file(match_id: uuid.UUID, file_id: uuid.UUID) -> Response:
    """Take a file away."""
    place = writable(match_id)
    file = queries.get_file(match_id, file_id)
    done = f"「{file.file.name}」を外しました。"
    return pressed(
        place, lambda: files.remove(place.match, file, place.actor, place.now), done, "files"
    )


@blueprint.route("/<uuid:match_id>/next-steps/edit", methods=["GET", "POST"])
def edit_next_step(match_id: uuid.UUID) -> Answer:
    """Agree on what is done next."""
    place = writable(match_id)
    match, people = place.match, queries.people_of(place.match)
    form = opened_form(
        NextStepForm, next_step=match.next_step, due_on=match.next_due_on,
        owner=_chosen_owner(place), revision=str(match.revision),
    )  # fmt: skip
    form.owner.choices = [("", "選んでください"), *presentation.owner_choices(match, people)]
    if request.method == "GET":
        return form_page(place, "matches/next_step.html", form)

    def save() -> None:
        side, owner_id = presentation.owner_of(form.owner.data or "", people)
        step = NextStep(form.next_step.data or "", form.day(), side, owner_id)
        service.set_next_step(match, step, form.expected, place.actor, place.now)

    status = tried(form, save)
    if status:
        renew(form, match.revision, status)
        return form_page(place, "matches/next_step.html", form), status
    flash("次にすることを決めました。期限の前の日に、担当者へメールで知らせます。", "success")
    return redirect(f"{place.url}#next-step")


def _chosen_owner(place: Place) -> str:
    match = place.match
    return str(match.next_owner_id or match.next_side or place.side or "")


@blueprint.post("/<uuid:match_id>/next-steps/completions")
def finish_next_step(match_id: uuid.UUID) -> Response:
    """The next step is done."""
    place, form = writable(match_id), RevisionForm()
    return pressed(
        place,
        lambda: service.finish_next_step(place.match, form.expected, place.actor, place.now),
        "済みにしました。次にすることを決めておくと、話が止まりません。", "next-step",
    )  # fmt: skip
