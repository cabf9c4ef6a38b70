"""Pages of the versions of minutes."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core.access import authorize
from matchmaker.core.paging import page_number
from matchmaker.working_groups.meetings.minutes import queries, service
from matchmaker.working_groups.meetings.minutes.comparison import compare
from matchmaker.working_groups.meetings.minutes.forms import number_in
from matchmaker.working_groups.meetings.minutes.loading import load_place, writing_place
from matchmaker.working_groups.meetings.minutes.views import blueprint


@blueprint.get("/versions")
def versions(meeting_id: uuid.UUID) -> str:
    """All versions, two of them compared."""
    place = load_place(meeting_id)
    authorize(place.reads_draft, hidden=not place.may_open)
    minutes = place.begun
    after = number_in(request.args.get("after")) or minutes.revision
    before = number_in(request.args.get("before")) or queries.version_before(minutes.id, after)
    old, new = (queries.version_of(minutes.id, number) for number in (before, after))
    return render_template(
        "minutes/versions.html",
        place=place,
        minutes=minutes,
        page=queries.versions_page(minutes.id, page_number(request.args.get("page"))),
        old=old,
        new=new,
        pieces=compare(old.body, new.body),
    )


@blueprint.post("/versions/<int:number>/restorations")
def restore(meeting_id: uuid.UUID, number: int) -> Response:
    """Write an earlier text again."""
    place = writing_place(meeting_id)
    service.restore_version(place.begun, number, place.actor, place.now)
    flash(f"第{number}版の本文に戻しました。", "success")
    return redirect(url_for("minutes.show", meeting_id=meeting_id))
