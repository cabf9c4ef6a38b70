"""Pages of the ledger: judge pair after pair, the page of a pair, the list, how far it reaches."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.downloads import download
from matchmaker.core.errors import Conflict, NotAllowed, NotFound, ProductError
from matchmaker.core.forms import ConfirmForm
from matchmaker.core.paging import page_number
from matchmaker.core.spreadsheets.writing import XLSX, write_xlsx
from matchmaker.core.text import whole_number
from matchmaker.matching.ledger import coverage as reach
from matchmaker.matching.ledger import listing, policy, queries, service, waiting
from matchmaker.matching.ledger.domain import CAUSE_LABELS, LedgerFilter
from matchmaker.matching.ledger.exports import ledger_table
from matchmaker.matching.ledger.forms import JudgementForm, LedgerFilterForm, TakeBackForm
from matchmaker.matching.ledger.presentation import opinions_of
from matchmaker.matching.ledger.understanding import understood
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.posts.presentation import Presenter
from matchmaker.posts.web.loading import load

blueprint = Blueprint("ledger", __name__, url_prefix="/evaluation-ledger")
PAIR = "/needs/<uuid:need_id>/offerings/<uuid:offering_id>"
QUEUE = "queue"
OWN_INTEREST = "ご自分の団体が関わる組は、判定できません。"


@blueprint.get("")
def index() -> str:
    """The pair of which the person's judgement would teach most."""
    actor, now = authorize(policy.can_judge(current_actor())), clock.now()
    candidate = waiting.next_candidate(actor, now)
    left = waiting.count_waiting(actor, now)
    if candidate is None:
        return render_template("ledger/index.html", actor=actor)
    pair = load(NEED, candidate.need_id), load(OFFERING, candidate.offering_id)
    return _pair_page(actor, pair, seen_from=QUEUE, candidate=candidate, left=left)


@blueprint.get(PAIR)
def pair(need_id: uuid.UUID, offering_id: uuid.UUID) -> str:
    """Both posts of a pair side by side, one's judgement, and afterwards what others said."""
    actor, posts = _readable(need_id, offering_id)
    candidate = waiting.candidate_of(need_id, offering_id)
    return _pair_page(actor, posts, seen_from="pair", candidate=candidate)


@blueprint.post(f"{PAIR}/judgements")
def judge(need_id: uuid.UUID, offering_id: uuid.UUID) -> AnyResponse | tuple[str, int]:
    """Keep what a judge says of a pair."""
    actor, posts = _readable(need_id, offering_id)
    form, seen_from = JudgementForm(), request.form.get("seen_from", "")
    opinion = form.opinion()
    if opinion is not None:
        try:
            service.judge(*posts, opinion, actor, clock.now())
        except NotAllowed:
            raise
        except ProductError as error:
            form.add_error(error.field, error.message)
        else:
            flash("判定を記録しました。", "success")
            return redirect(_back(seen_from, need_id, offering_id))
    candidate = waiting.candidate_of(need_id, offering_id)
    page = _pair_page(actor, posts, seen_from=seen_from, candidate=candidate, form=form)
    return page, 422


@blueprint.post(f"{PAIR}/judgements/take-back")
def take_back(need_id: uuid.UUID, offering_id: uuid.UUID) -> AnyResponse | tuple[str, int]:
    """Take back one's own judgement."""
    actor, posts = _readable(need_id, offering_id)
    form = TakeBackForm()
    judgement = queries.own_judgement(actor, (need_id, offering_id))
    if judgement is None:
        raise NotFound("この組の、あなたの判定はありません。")
    if form.validate_on_submit():
        revision = whole_number(form.revision.data) or 0
        try:
            service.take_back(judgement, form.why.data or "", revision, actor, clock.now())
        except (Conflict, ProductError) as error:
            form.add_error("why", error.message)
        else:
            flash("判定を取り消しました。", "success")
            return redirect(url_for(".pair", need_id=need_id, offering_id=offering_id))
    candidate = waiting.candidate_of(need_id, offering_id)
    page = _pair_page(actor, posts, seen_from="pair", candidate=candidate, taking_back=form)
    return page, 422


@blueprint.post(f"{PAIR}/skips")
def skip(need_id: uuid.UUID, offering_id: uuid.UUID) -> AnyResponse:
    """Pass over a pair for some time."""
    actor, posts = _readable(need_id, offering_id)
    service.skip(*posts, actor, clock.now())
    return redirect(url_for(".index"))


@blueprint.get("/entries")
def entries() -> str:
    """What was said of pairs, newest first."""
    actor = authorize(policy.can_read_ledger(current_actor()))
    wanted = LedgerFilter.of(request.args)
    return render_template(
        "ledger/entries.html",
        actor=actor,
        wanted=wanted,
        page=listing.ledger_page(wanted, actor, page_number(request.args.get("page"))),
        filter_form=LedgerFilterForm.of_request(),
        may_read_all=policy.can_read_all_entries(actor),
        may_export=policy.can_export(actor),
        most_exported=queries.MOST_EXPORTED,
    )


@blueprint.get("/entries.xlsx")
def entries_xlsx() -> Response:
    """What the list shows, as an Excel file."""
    actor, now = authorize(policy.can_export(current_actor())), clock.now()
    found = listing.ledger_export(LedgerFilter.of(request.args), actor)
    content = write_xlsx(ledger_table(found, now))
    return download(content, f"判定の記録_{today(now)}.xlsx", XLSX)


@blueprint.get("/coverage")
def coverage() -> str:
    """How far the ledger reaches, and how judges agree."""
    actor = authorize(policy.can_read_ledger(current_actor()))
    may_read_all = policy.can_read_all_entries(actor)
    return render_template(
        "ledger/coverage.html", actor=actor, reach=reach.coverage(), may_read_all=may_read_all
    )


def _readable(need_id: uuid.UUID, offering_id: uuid.UUID) -> tuple[Actor, tuple[Any, Any]]:
    actor = authorize(policy.can_judge(current_actor()))
    need, offering = load(NEED, need_id), load(OFFERING, offering_id)
    if policy.has_interest(actor, need, offering):
        raise NotAllowed(OWN_INTEREST)
    authorize(policy.can_read_pair(actor, need, offering), hidden=True)
    return actor, (need, offering)


def _back(seen_from: str, need_id: uuid.UUID, offering_id: uuid.UUID) -> str:
    """Where the judge came from."""
    if seen_from == NEED.kind:
        page = url_for(f"{NEED.blueprint}.show", post_id=need_id)
        return f"{page}#partner-{offering_id}"
    if seen_from == OFFERING.kind:
        page = url_for(f"{OFFERING.blueprint}.show", post_id=offering_id)
        return f"{page}#partner-{need_id}"
    if seen_from == QUEUE:
        return url_for(".index")
    return url_for(".pair", need_id=need_id, offering_id=offering_id)


def _pair_page(
    actor: Actor,
    posts: tuple[Any, Any],
    *,
    seen_from: str,
    candidate: Any = None,
    left: int | None = None,
    form: JudgementForm | None = None,
    taking_back: TakeBackForm | None = None,
) -> str:
    need, offering = posts
    judging = queries.judging_for(actor, [posts]).get((need.id, offering.id))
    own = queries.own_judgement(actor, (need.id, offering.id))
    has_judged = own is not None and not own.is_taken_back
    return render_template(
        "ledger/pair.html",
        actor=actor,
        sides=[
            (NEED, need, Presenter(NEED, actor)),
            (OFFERING, offering, Presenter(OFFERING, actor)),
        ],
        need=need,
        offering=offering,
        judging=judging,
        own=own,
        form=form or (JudgementForm.of(judging) if judging else None),
        taking_back=taking_back or TakeBackForm(formdata=None),
        confirm_form=ConfirmForm(formdata=None),
        understood=understood(need, offering),
        candidate=candidate,
        causes=[CAUSE_LABELS[cause] for cause in candidate.causes] if candidate else [],
        left=left,
        seen_from=seen_from,
        opinions=opinions_of(actor, (need.id, offering.id), has_judged),
    )
