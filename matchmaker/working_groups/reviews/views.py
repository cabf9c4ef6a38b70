"""Pages of reviewers: their list, scoring a proposal, declaring a conflict of interest."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.downloads import download as send_download
from matchmaker.core.downloads import download_stored
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.paging import page_number
from matchmaker.core.storage import open_stored
from matchmaker.working_groups.calls.domain import time_left
from matchmaker.working_groups.reviews import policy, queries, service
from matchmaker.working_groups.reviews.domain import REVIEW_LABELS, TO_DO, ReviewState
from matchmaker.working_groups.reviews.forms import (
    CommentForm,
    ConflictForm,
    ScoreForm,
    score_form,
    stored_scores,
)
from matchmaker.working_groups.reviews.loading import (
    STATE_KINDS,
    OwnSeat,
    comparison,
    open_own,
    with_people,
)
from matchmaker.working_groups.reviews.presentation import handed_in
from matchmaker.working_groups.reviews.ranking import out_of_100

INVALID, CONFLICT = 422, 409
Answer = str | AnyResponse | tuple[str, int]
FILTERS = {
    "todo": TO_DO,
    "done": frozenset({ReviewState.SUBMITTED}),
    "closed": frozenset({ReviewState.CONFLICT, ReviewState.EXCLUDED}),
}
blueprint = Blueprint("reviews", __name__)


@blueprint.get("/reviews")
def index() -> str:
    """The reviewer's own calls with their progress, and the reviews, open ones first."""
    actor = authorize(policy.can_open_own_list(current_actor()))
    assert actor.user_id is not None  # noqa: S101 - a reviewer is a person
    now, chosen = clock.now(), request.args.get("show", "")
    call_id = _uuid(request.args.get("call", ""))
    page = queries.own_reviews(
        actor.user_id, now, page_number(request.args.get("page")),
        call_id=call_id, states=FILTERS.get(chosen),
    )  # fmt: skip
    return render_template(
        "reviews/index.html",
        progress=queries.own_progress(actor.user_id, now),
        page=page,
        chosen=chosen if chosen in FILTERS else "",
        call_id=call_id,
        labels=REVIEW_LABELS,
        kinds=STATE_KINDS,
        time_left=lambda moment: time_left(moment, now),
        out_of_100=out_of_100,
    )


@blueprint.get("/reviews/<uuid:review_id>")
def show(review_id: uuid.UUID) -> str:
    """The proposal and the scores; after handing in also those of the others."""
    own = open_own(review_id)
    form = score_form(own.review.proposal.call.criteria)(
        stashed_values(request.path), data=stored_scores(own.review)
    )
    return _page(own, form)


@blueprint.post("/reviews/<uuid:review_id>")
def update(review_id: uuid.UUID) -> Answer:
    """Keep the scores as a draft, or hand them in."""
    own = open_own(review_id)
    authorize(own.may_score)
    form = score_form(own.review.proposal.call.criteria)(request.form)
    submits = request.form.get("action") == "submit"
    if not form.validate() or not form.check(complete=submits):
        return _page(own, form), INVALID
    command = service.submit_review if submits else service.save_draft
    try:
        command(own.review, form.sheet(), form.known_revision, own.actor, clock.now())
    except Conflict as error:
        return _page(own, _against_newest(own, form, error), is_stale=True), CONFLICT
    flash("採点を提出しました。" if submits else "下書きを保存しました。", "success")
    return redirect(url_for(".show", review_id=review_id))


@blueprint.post("/reviews/<uuid:review_id>/drafts")
def autosave(review_id: uuid.UUID) -> Response | tuple[Response, int]:
    """Keep what is being written; answered with the time and the new revision."""
    own = open_own(review_id)
    authorize(own.may_score)
    form, now = score_form(own.review.proposal.call.criteria)(request.form), clock.now()
    if not form.validate():
        return jsonify(message="保存できませんでした。"), INVALID
    try:
        service.save_draft(own.review, form.sheet(), form.known_revision, own.actor, now)
    except ProductError as error:
        return jsonify(message=error.message), error.status
    local = now.astimezone(clock.JST)
    revision = str(own.review.revision)
    return jsonify(saved_at=f"{local.hour}:{local.minute:02d}", fields={"revision": revision})


@blueprint.route("/reviews/<uuid:review_id>/conflicts", methods=["GET", "POST"])
def conflict(review_id: uuid.UUID) -> Answer:
    """Declare a conflict of interest, or take the declaration back."""
    own = open_own(review_id)
    takes_back = own.review.state is ReviewState.CONFLICT
    allowed = policy.can_take_back if takes_back else policy.can_declare
    actor = authorize(allowed(own.actor, own.seat))
    form = ConflictForm(request.form if request.method == "POST" else stashed_values(request.path))
    if not form.validate_on_submit():
        page = render_template(
            "reviews/conflict.html", form=form, review=own.review, takes_back=takes_back
        )
        return (page, INVALID) if request.method == "POST" else page
    command = service.take_back_conflict if takes_back else service.declare_conflict
    command(own.review, form.reason.data or "", actor, clock.now())
    words = "申告を取り消しました。" if takes_back else "利益相反を申告しました。"
    flash(words, "success")
    return redirect(url_for(".show" if takes_back else ".index", review_id=review_id))


@blueprint.get("/reviews/<uuid:review_id>/files/<uuid:file_id>")
def download(review_id: uuid.UUID, file_id: uuid.UUID) -> AnyResponse:
    """A file of the proposal, under a name without its writers where names are hidden."""
    own = open_own(review_id)
    authorize(policy.is_admitted(own.actor, own.seat), hidden=True)
    hides_names = own.review.proposal.call.is_anonymous
    given = handed_in(with_people(own.review.proposal_id), hides_names=hides_names).file(file_id)
    if given is None:
        raise NotFound
    stored = given.file.file
    if not hides_names:
        return download_stored(stored)
    with open_stored(stored) as file:
        return send_download(file.read(), given.name, stored.media_type)


def _page(own: OwnSeat, form: ScoreForm, *, is_stale: bool = False) -> str:
    """The page of one review; without content when a conflict closes it."""
    review, now = own.review, clock.now()
    is_admitted = policy.is_admitted(own.actor, own.seat)
    proposal = with_people(review.proposal_id) if is_admitted else review.proposal
    reads_scores = policy.can_read_scores(own.actor, own.seat)
    return render_template(
        "reviews/show.html",
        form=form,
        review=review,
        call=review.proposal.call,
        proposal=proposal,
        text=handed_in(proposal, hides_names=review.proposal.call.is_anonymous)
        if is_admitted
        else None,
        may_score=own.may_score,
        may_take_back=policy.can_take_back(own.actor, own.seat),
        is_stale=is_stale,
        is_earlier=review.reviewed_revision not in (None, proposal.submitted_revision),
        comparison=comparison(proposal, own.actor) if reads_scores else None,
        comment_form=CommentForm(MultiDict()),
        file_url=lambda file_id: url_for(".download", review_id=review.id, file_id=file_id),
        labels=REVIEW_LABELS,
        kinds=STATE_KINDS,
        now=now,
        time_left=lambda moment: time_left(moment, now),
        out_of_100=out_of_100,
        stored={score.criterion_id: score for score in review.scores},
    )


def _against_newest(own: OwnSeat, form: ScoreForm, error: Conflict) -> ScoreForm:
    """The same form, to be saved knowingly over what is stored now."""
    form.revision.data = str(own.review.revision)
    form.add_error(None, error.message)
    return form


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None
