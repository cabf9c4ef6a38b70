"""Pages for choosing how often to get the news of groups, and for stopping it without sign-in."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize, public
from matchmaker.core.errors import ProductError
from matchmaker.working_groups.groups.activity import digest_choice
from matchmaker.working_groups.groups.activity.domain import DIGEST_LABELS
from matchmaker.working_groups.groups.activity.forms import DigestForm
from matchmaker.working_groups.groups.activity.loading import INVALID, load_place

Answer = str | Response | tuple[str, int]
blueprint = Blueprint("group_digests", __name__)


@blueprint.route("/working-groups/<uuid:group_id>/digest", methods=["GET", "POST"])
def choose(group_id: uuid.UUID) -> Answer:
    """Choose how often to get the news of a group."""
    place = load_place(group_id)
    authorize(place.standing.belongs, hidden=True)
    present = digest_choice.frequency_in(group_id, place.actor, place.now)
    form = DigestForm(data={"frequency": present.value if present else ""})
    if form.validate_on_submit():
        try:
            digest_choice.choose_digest(group_id, form.chosen, place.actor, place.now)
        except ProductError as error:
            form.add_error(error.field, error.message)
        else:
            flash("受け取り方を保存しました。", "success")
            return redirect(url_for("working_groups.show", group_id=group_id))
    page = render_template("working_groups/activity/digest.html", place=place, form=form)
    return (page, INVALID) if form.is_submitted() else page


@blueprint.get("/digest-settings")
@public
def settings() -> str:
    """What the person of a mail's link gets, with the means to stop it; no sign-in needed."""
    token = request.args.get("token", "")
    user_id = digest_choice.person_of_token(token)
    rows = digest_choice.leading_rows(digest_choice.present_rows(user_id, clock.now()))
    return render_template(
        "working_groups/activity/digest_settings.html",
        token=token,
        rows=sorted(rows, key=lambda row: row.group.name),
        labels=DIGEST_LABELS,
    )


@blueprint.post("/digest-settings")
@public
def stop() -> Response:
    """Stop the news of one group, or of all."""
    token = request.form.get("token", "")
    user_id = digest_choice.person_of_token(token)
    chosen = request.form.get("group", "")
    group_id = None if chosen == "all" else _group_id(chosen)
    stopped = digest_choice.stop_all(user_id, clock.now(), group_id)
    flash("メールを止めました。" if stopped else "メールは、すでに止まっています。", "success")
    return redirect(url_for(".settings", token=token))


def _group_id(text: str) -> uuid.UUID:
    """The group a button names; an id that none has when it was tampered with."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
