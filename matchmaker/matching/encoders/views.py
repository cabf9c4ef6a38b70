"""The page of changes of the encoder: how far, how good, stop, resume, go back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor
from matchmaker.core.errors import ProductError
from matchmaker.core.forms import ConfirmForm
from matchmaker.core.settings import current_settings
from matchmaker.matching.encoders import policy, presentation, queries, service
from matchmaker.matching.encoders.forms import ReasonForm
from matchmaker.matching.live import NO_ENCODER, live_encoder
from matchmaker.matching.models import EmbeddingRun

blueprint = Blueprint("encoder_changes", __name__, url_prefix="/encoder-changes")
Answer = str | tuple[str, int] | Response
Steer = Callable[[EmbeddingRun, str, Actor, datetime], None]


@blueprint.get("")
def index() -> str:
    """Which encoder serves, and the last changes."""
    actor = authorize(policy.can_see_changes(current_actor()))
    settings = current_settings()
    return render_template(
        "encoder_changes/index.html",
        serving=presentation.name_of(live_encoder(settings)),
        wanted=presentation.name_of(settings.embedding_model),
        is_off=settings.embedding_model == NO_ENCODER,
        rows=[presentation.row_of(run) for run in queries.recent_runs()],
        may_steer=policy.can_steer_changes(actor),
    )


@blueprint.get("/<uuid:run_id>")
def show(run_id: uuid.UUID) -> str:
    """One change with its figures and what can be done."""
    authorize(policy.can_see_changes(current_actor()))
    return _page(run_id, ReasonForm())


@blueprint.post("/<uuid:run_id>/stop")
def stop(run_id: uuid.UUID) -> Answer:
    """Stop a change that is under way."""
    return _steer(run_id, service.stop, "準備を中止しました。")


@blueprint.post("/<uuid:run_id>/go-back")
def go_back(run_id: uuid.UUID) -> Answer:
    """Let this encoder serve again."""
    return _steer(run_id, service.go_back, "切り替えました。数秒で全体に行きわたります。")


@blueprint.post("/<uuid:run_id>/resume")
def resume(run_id: uuid.UUID) -> Answer:
    """Take a stopped or refused change up again."""
    actor = authorize(policy.can_steer_changes(current_actor()))
    run = queries.get_run(run_id)
    if ConfirmForm().validate_on_submit():
        try:
            service.resume(run, actor, clock.now())
        except ProductError as error:
            flash(error.message, "error")
        else:
            flash("もう一度準備します。", "success")
    return redirect(url_for("encoder_changes.show", run_id=run.id))


def _steer(run_id: uuid.UUID, steer: Steer, done: str) -> Answer:
    actor = authorize(policy.can_steer_changes(current_actor()))
    run, form = queries.get_run(run_id), ReasonForm()
    if not form.validate_on_submit():
        return _page(run_id, form), 422
    try:
        steer(run, form.reason.data or "", actor, clock.now())
    except ProductError as error:
        form.reason.errors = [*form.reason.errors, error.message]
        return _page(run_id, form), 422
    flash(done, "success")
    return redirect(url_for("encoder_changes.show", run_id=run_id))


def _page(run_id: uuid.UUID, form: ReasonForm) -> str:
    run = queries.get_run(run_id)
    return render_template(
        "encoder_changes/show.html",
        run=run,
        row=presentation.row_of(run),
        figures=presentation.figure_rows(run),
        moves=presentation.possible_moves(run),
        form=form,
        confirm=ConfirmForm(),
        may_steer=policy.can_steer_changes(current_actor()),
    )
