"""Calendar feeds, read by calendar programs without signing in, and the page of their address."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor, public
from matchmaker.core.clock import today
from matchmaker.core.downloads import download
from matchmaker.core.errors import NotFound
from matchmaker.core.settings import current_settings
from matchmaker.working_groups.groups import queries as group_queries
from matchmaker.working_groups.groups.activity import calendar_tokens
from matchmaker.working_groups.groups.activity.feeds import feed
from matchmaker.working_groups.groups.policy import can_view_group

ICS = "text/calendar; charset=utf-8"
MOST_GROUPS = 200
blueprint = Blueprint("calendars", __name__)


@blueprint.get("/calendars")
def index() -> str:
    """Whether the person has a calendar address, and how to make one."""
    actor = authorize(current_actor().is_signed_in)
    assert actor.user_id is not None  # noqa: S101 - signed in
    return render_template(
        "working_groups/activity/calendars.html",
        made_at=calendar_tokens.token_made_at(actor.user_id),
        addresses=(),
    )


@blueprint.post("/calendars")
def renew() -> BaseResponse:
    """Make a new address; it is shown in the answer and never again."""
    actor = authorize(current_actor().is_signed_in)
    token = calendar_tokens.renew_token(actor, clock.now())
    now = clock.now()
    base = current_settings().resolved_public_url()
    mine = ("参加しているすべてのWG", base + url_for(".mine", token=token))
    groups = [
        (group.name, base + url_for(".group", group_id=group.id, token=token))
        for group in group_queries.groups_of(actor, today(now))
    ]
    page = render_template(
        "working_groups/activity/calendars.html", made_at=now, addresses=[mine, *groups]
    )
    return Response(page, headers={"Cache-Control": "no-store"})


@blueprint.post("/calendars/cancellations")
def stop() -> BaseResponse:
    """Give the address up."""
    actor = authorize(current_actor().is_signed_in)
    if calendar_tokens.stop_token(actor, clock.now()):
        flash("カレンダーのアドレスを使えなくしました。", "success")
    return redirect(url_for(".index"))


@blueprint.get("/calendars/mine.ics")
@public
def mine() -> Response:
    """The calendar of all groups in which the owner of the secret takes part."""
    actor, now = calendar_tokens.actor_of_token(request.args.get("token", "")), clock.now()
    groups = group_queries.groups_of(actor, today(now), limit=MOST_GROUPS)
    content = feed([group.id for group in groups], actor, now, "めぐりあわせ：参加しているWG")
    return download(content, "calendar.ics", ICS)


@blueprint.get("/working-groups/<uuid:group_id>/calendar.ics")
@public
def group(group_id: uuid.UUID) -> Response:
    """The calendar of one group that the owner of the secret may see."""
    actor, now = calendar_tokens.actor_of_token(request.args.get("token", "")), clock.now()
    found = group_queries.get_group(group_id)
    standing = group_queries.standing_of(actor, group_id, today(now))
    if not can_view_group(actor, found, standing):
        raise NotFound
    return download(
        feed([group_id], actor, now, f"めぐりあわせ：{found.name}"), "calendar.ics", ICS
    )
