"""Shows of hands as the moderators run them."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core.errors import NotFound, ProductError
from matchmaker.regional_events.floor import polls
from matchmaker.regional_events.floor.domain import POLL_STATES, PollMove, options_of
from matchmaker.regional_events.floor.forms import PollForm
from matchmaker.regional_events.floor.loading import OpenFloor, fingerprint, open_desk
from matchmaker.regional_events.floor.models import FloorPoll
from matchmaker.regional_events.floor.moderation import project_poll
from matchmaker.regional_events.floor.moderation_views import carry_out, sent_revision
from matchmaker.regional_events.floor.poll_results import get_poll, polls_of
from matchmaker.regional_events.floor.views import INVALID, UNCHANGED, Answer

DONE = {
    PollMove.OPEN: "挙手を始めて、会場の画面に映しました。",
    PollMove.CLOSE: "締め切りました。",
    PollMove.REOPEN: "もう一度、受け付けています。",
}

blueprint = Blueprint(
    "floor_polls", __name__, url_prefix="/regional-events/<uuid:event_id>/floor/polls"
)


@blueprint.get("")
def index(event_id: uuid.UUID) -> str:
    """All shows of hands with their figures, and the form for a new one."""
    form = PollForm()
    form.begin()
    return index_page(open_desk(event_id), form)


@blueprint.get("/updates")
def updates(event_id: uuid.UUID) -> Answer:
    """The figures anew, when they are others than those ``seen``."""
    context = results_context(open_desk(event_id))
    if context["seen"] == request.args.get("seen"):
        return UNCHANGED
    return render_template("floor_polls/_results.html", **context)


def index_page(opened: OpenFloor, form: PollForm) -> str:
    """The page of all of them."""
    return render_template("floor_polls/index.html", form=form, **results_context(opened))


def results_context(opened: OpenFloor) -> dict[str, object]:
    """What the figures need."""
    hands = polls_of(opened.event.id)
    marks = [(hand.poll.id, hand.poll.revision, *hand.counts) for hand in hands]
    return {
        "opened": opened,
        "event": opened.event,
        "hands": hands,
        "rules": POLL_STATES.moves,
        "possible": {hand.poll.id: POLL_STATES.possible(hand.poll.state) for hand in hands},
        "seen": fingerprint([*marks, opened.floor.poll_id]),
    }


@blueprint.post("")
def create(event_id: uuid.UUID) -> Answer:
    """Make one ready."""
    opened, form = open_desk(event_id), PollForm()
    form.begin()
    if not form.validate_on_submit():
        return index_page(opened, form), INVALID
    key = form.submission_key.data or ""
    try:
        options = options_of(form.options.data or "")
        text = form.text.data or ""
        polls.prepare_poll(opened.event, text, options, opened.actor, opened.now, key)
    except ProductError as error:
        form.add_error(error.field, error.message)
        return index_page(opened, form), error.status
    flash("挙手を用意しました。「挙手を始める」を押すと、参加者に出ます。", "success")
    return redirect(url_for("floor_polls.index", event_id=event_id))


@blueprint.get("/<uuid:poll_id>/edit")
def edit(event_id: uuid.UUID, poll_id: uuid.UUID) -> str:
    """Change one that was not opened yet."""
    opened = open_desk(event_id)
    poll = get_poll(event_id, poll_id)
    form = PollForm(
        data={
            "text": poll.text,
            "options": "\n".join(poll.options),
            "revision": str(poll.revision),
        }
    )
    return edit_page(opened, poll, form)


def edit_page(opened: OpenFloor, poll: FloorPoll, form: PollForm) -> str:
    """The page of one that is changed."""
    return render_template(
        "floor_polls/edit.html", opened=opened, event=opened.event, poll=poll, form=form
    )


@blueprint.post("/<uuid:poll_id>")
def update(event_id: uuid.UUID, poll_id: uuid.UUID) -> Answer:
    """Save that."""
    opened, form = open_desk(event_id), PollForm()
    poll = get_poll(event_id, poll_id)
    if not form.validate_on_submit():
        return edit_page(opened, poll, form), INVALID
    options = options_of(form.options.data or "")
    try:
        text = form.text.data or ""
        polls.change_poll(poll, text, options, sent_revision(), opened.actor, opened.now)
    except ProductError as error:
        form.revision.data = str(poll.revision)
        form.add_error(error.field, error.message)
        return edit_page(opened, poll, form), error.status
    flash("挙手を直しました。", "success")
    return redirect(url_for("floor_polls.index", event_id=event_id))


@blueprint.post("/<uuid:poll_id>/moves")
def move(event_id: uuid.UUID, poll_id: uuid.UUID) -> Response:
    """Open it (and project it), close it, open it again."""
    word = request.form.get("move", "")
    if word not in list(PollMove):
        raise NotFound
    wanted = PollMove(word)

    def step(opened: OpenFloor) -> None:
        poll = get_poll(event_id, poll_id)
        polls.move_poll(opened.event, poll, wanted, sent_revision(), opened.actor, opened.now)
        if wanted is PollMove.OPEN:
            project_poll(poll, opened.actor, opened.now)

    target = url_for("floor_polls.index", event_id=event_id)
    return carry_out(event_id, step, DONE[wanted], target)


@blueprint.post("/<uuid:poll_id>/removals")
def remove(event_id: uuid.UUID, poll_id: uuid.UUID) -> Response:
    """Drop one that was not opened yet."""

    def drop(opened: OpenFloor) -> None:
        polls.remove_poll(get_poll(event_id, poll_id), sent_revision(), opened.actor, opened.now)

    target = url_for("floor_polls.index", event_id=event_id)
    return carry_out(event_id, drop, "挙手を消しました。", target)
