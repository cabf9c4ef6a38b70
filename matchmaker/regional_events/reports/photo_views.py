"""Pages of the pictures of an event."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchmaker.core.downloads import show_picture
from matchmaker.core.errors import ProductError
from matchmaker.regional_events.planning.loading import OpenEvent, open_to_plan
from matchmaker.regional_events.reports import photos
from matchmaker.regional_events.reports.domain import MOST_PHOTOS
from matchmaker.regional_events.reports.forms import PhotoForm, PhotoWordsForm
from matchmaker.regional_events.reports.models import EventPhoto
from matchmaker.regional_events.reports.views import INVALID, Answer, blueprint, readable

__all__ = ["blueprint"]

NO_FILE = "写真を選んでください。"


@blueprint.get("/photos")
def photo_list(event_id: uuid.UUID) -> str:
    """All pictures, and the form for one more."""
    return _list_page(open_to_plan(event_id), PhotoForm(formdata=None))


@blueprint.post("/photos")
def add_photo(event_id: uuid.UUID) -> Answer:
    """Add a picture."""
    place, form = open_to_plan(event_id), PhotoForm()
    file = form.file.data
    if not form.validate_on_submit() or not file or not getattr(file, "filename", ""):
        form.add_error("file", NO_FILE)
        return _list_page(place, form), INVALID
    try:
        photos.add_photo(
            place.event, file.filename, file.read(), form.words(), place.actor, place.now
        )
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _list_page(place, form), error.status
    flash("写真を加えました。", "success")
    return redirect(url_for("event_reports.photo_list", event_id=event_id))


def _list_page(place: OpenEvent, form: PhotoForm) -> str:
    return render_template(
        "event_reports/photos.html",
        event=place.event, form=form, photos=photos.photos_of(place.event.id), most=MOST_PHOTOS,
    )  # fmt: skip


@blueprint.get("/photos/<uuid:photo_id>")
def photo(event_id: uuid.UUID, photo_id: uuid.UUID) -> Response:
    """A picture, for those who may read the report."""
    readable(event_id)
    return show_picture(photos.get_photo(event_id, photo_id).file)


@blueprint.get("/photos/<uuid:photo_id>/edit")
def edit_photo(event_id: uuid.UUID, photo_id: uuid.UUID) -> str:
    """The words to a picture."""
    place, found = open_to_plan(event_id), photos.get_photo(event_id, photo_id)
    form = PhotoWordsForm(
        formdata=None,
        alt_text=found.alt_text,
        caption=found.caption,
        consent_note=found.consent_note,
    )
    return _words_page(place, found, form)


@blueprint.post("/photos/<uuid:photo_id>/edit")
def update_photo(event_id: uuid.UUID, photo_id: uuid.UUID) -> Answer:
    """Change the words."""
    place, found = open_to_plan(event_id), photos.get_photo(event_id, photo_id)
    form = PhotoWordsForm()
    try:
        if form.validate_on_submit():
            photos.change_photo(found, form.words(), place.actor, place.now)
            flash("写真の説明を保存しました。", "success")
            return redirect(url_for("event_reports.photo_list", event_id=event_id))
    except ProductError as error:
        form.add_error(error.field, error.message)
    return _words_page(place, found, form), INVALID


@blueprint.post("/photos/<uuid:photo_id>/deletions")
def remove_photo(event_id: uuid.UUID, photo_id: uuid.UUID) -> Response:
    """Take a picture away."""
    place, found = open_to_plan(event_id), photos.get_photo(event_id, photo_id)
    photos.remove_photo(found, place.actor, place.now)
    flash("写真を外しました。", "success")
    return redirect(url_for("event_reports.photo_list", event_id=event_id))


def _words_page(place: OpenEvent, found: EventPhoto, form: PhotoWordsForm) -> str:
    return render_template("event_reports/photo.html", event=place.event, photo=found, form=form)
