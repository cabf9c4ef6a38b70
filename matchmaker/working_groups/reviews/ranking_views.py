"""Pages that compare reviews: the ranking of a call, all reviews of a proposal, discussion."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.downloads import download
from matchmaker.core.forms import ConfirmForm
from matchmaker.core.paging import Page, page_number
from matchmaker.core.spreadsheets.writing import XLSX
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.calls.queries import get_call
from matchmaker.working_groups.reviews import agreement, decision_queries, policy, queries, service
from matchmaker.working_groups.reviews.assignment import sync_reviews
from matchmaker.working_groups.reviews.decision_queries import DecisionRow
from matchmaker.working_groups.reviews.exports import review_workbook
from matchmaker.working_groups.reviews.forms import CommentForm
from matchmaker.working_groups.reviews.loading import comparison, read_scores_of
from matchmaker.working_groups.reviews.ranking import Position, Ranking, out_of_100

INVALID = 422
PAGE_SIZE = 20
LABEL_LENGTH = 13
"""Characters of a title that fit beside a bar, also on a phone."""

Answer = str | tuple[str, int] | Response
blueprint = Blueprint("review_desk", __name__)


@dataclass(frozen=True, slots=True)
class RankedRow:
    """One line of the ranking: a proposal and where it stands (None: nobody has scored it)."""

    row: DecisionRow
    position: Position | None


Key = Callable[[RankedRow, Position], Any]
SORTS: dict[str, Key] = {
    "place": lambda _row, position: position.place,
    "centred": lambda _row, position: position.centred_place,
    "mean": lambda _row, position: position.mean,
    "spread": lambda _row, position: position.spread or 0,
    "range": lambda _row, position: position.range,
    "reviews": lambda _row, position: position.reviews,
    "number": lambda row, _position: row.row.number or 0,
}


@blueprint.get("/calls/<uuid:call_id>/reviews")
def index(call_id: uuid.UUID) -> str:
    """The ranking of a call with agreement, spread and how far the reviewers have come."""
    call, actor, hidden = _open_ranking(call_id)
    ranking = decision_queries.ranking_of(call_id)
    sort, direction = _order_asked()
    ranked = ordered(_rows(call_id, ranking, hidden), sort, direction)
    page = page_of(ranked, page_number(request.args.get("page")))
    return render_template(
        "reviews/ranking.html",
        call=call,
        ranking=ranking,
        page=page,
        chart=chart_items(page.items),
        sort=sort,
        direction=direction,
        hides_names=_hides_names(call, actor),
        criteria=decision_queries.criterion_figures(call),
        progress=decision_queries.progress_of(call_id) if actor.is_secretariat else (),
        in_words=agreement.in_words,
        out_of_100=out_of_100,
        may_run=policy.can_run_reviews(actor),
        may_decide=policy.can_decide(actor),
        form=ConfirmForm(),
    )


@blueprint.post("/calls/<uuid:call_id>/reviews")
def create(call_id: uuid.UUID) -> Response:
    """Bring the reviews of the call into step at once; the worker does so by itself as well."""
    actor = authorize(policy.can_run_reviews(current_actor()))
    changes = sync_reviews(get_call(call_id).id, actor, clock.now())
    if changes:
        flash(
            f"審査を割り当てました（新しい割り当て{sum(changes.new.values())}件、"
            f"利益相反で外したもの{changes.excluded}件）。",
            "success",
        )
    else:
        flash("割り当ては、すべて済んでいます。締切前の提案は、締切のあとに割り当てます。", "info")
    return redirect(url_for(".index", call_id=call_id))


@blueprint.get("/calls/<uuid:call_id>/reviews.xlsx")
def export(call_id: uuid.UUID) -> Response:
    """Everything about the reviews of a call as an Excel workbook."""
    authorize(policy.can_run_reviews(current_actor()))
    call, now = get_call(call_id), clock.now()
    return download(review_workbook(call, now), f"審査_{today(now):%Y%m%d}.xlsx", XLSX)


@blueprint.get("/proposals/<uuid:proposal_id>/reviews")
def show(proposal_id: uuid.UUID) -> str:
    """All reviews of one proposal and their discussion."""
    proposal, actor, _seat = read_scores_of(proposal_id)
    return _proposal_page(proposal, actor, CommentForm(MultiDict()))


@blueprint.post("/proposals/<uuid:proposal_id>/review-comments")
def comment(proposal_id: uuid.UUID) -> Answer:
    """Contribute to the discussion."""
    proposal, actor, seat = read_scores_of(proposal_id)
    authorize(policy.can_discuss(actor, seat))
    form = CommentForm(request.form)
    if not form.validate():
        return _proposal_page(proposal, actor, form), INVALID
    service.add_comment(proposal, form.body.data or "", actor, clock.now())
    flash("書き込みました。", "success")
    return redirect(_discussion(proposal_id))


@blueprint.post("/review-comments/<uuid:comment_id>/retractions")
def retract(comment_id: uuid.UUID) -> Response:
    """Take back one's own contribution."""
    found = queries.get_comment(comment_id)
    _proposal, actor, _seat = read_scores_of(found.proposal_id)
    authorize(policy.can_retract(actor, found.author_id))
    service.retract_comment(found, actor, clock.now())
    flash("書き込みを取り消しました。", "success")
    return redirect(_discussion(found.proposal_id))


def _discussion(proposal_id: uuid.UUID) -> str:
    return url_for(".show", proposal_id=proposal_id) + "#discussion"


def _proposal_page(proposal: Any, actor: Actor, form: CommentForm) -> str:
    return render_template(
        "reviews/proposal.html",
        proposal=proposal,
        call=proposal.call,
        comparison=comparison(proposal, actor),
        everything=queries.all_reviews(proposal.id) if actor.is_secretariat else (),
        hides_names=_hides_names(proposal.call, actor),
        comment_form=form,
        form=form,
        out_of_100=out_of_100,
    )


def _open_ranking(call_id: uuid.UUID) -> tuple[Call, Actor, frozenset[uuid.UUID]]:
    """The call, who asks, and the proposals that stay closed to that person."""
    actor, call = current_actor(), get_call(call_id)
    if actor.is_secretariat or actor.user_id is None or not actor.is_reviewer:
        authorize(policy.can_read_ranking(actor, has_submitted=False, has_to_do=False))
        return call, actor, frozenset()
    submitted, to_do = queries.reviewer_place(actor.user_id, call_id, clock.now())
    authorize(policy.can_read_ranking(actor, has_submitted=submitted, has_to_do=to_do))
    return call, actor, queries.closed_to(actor.user_id, call_id)


def _hides_names(call: Call, actor: Actor) -> bool:
    return call.is_anonymous and not actor.is_secretariat


def _rows(
    call_id: uuid.UUID, ranking: Ranking, hidden: frozenset[uuid.UUID]
) -> Sequence[RankedRow]:
    return [
        RankedRow(row, ranking.positions.get(row.proposal_id))
        for row in decision_queries.decision_rows(call_id)
        if row.proposal_id not in hidden
    ]


def _order_asked() -> tuple[str, str]:
    sort = request.args.get("sort", "place")
    direction = "desc" if request.args.get("direction") == "desc" else "asc"
    return (sort, direction) if sort in SORTS else ("place", "asc")


def ordered(rows: Sequence[RankedRow], sort: str, direction: str) -> list[RankedRow]:
    """The rows in the wished order; those without any review come last, whichever way it goes."""
    key = SORTS[sort]
    scored = [(key(row, row.position), row) for row in rows if row.position is not None]
    scored.sort(key=lambda pair: pair[0], reverse=direction == "desc")
    return [row for _, row in scored] + [row for row in rows if row.position is None]


def page_of(rows: Sequence[RankedRow], number: int) -> Page[RankedRow]:
    """One page of the rows."""
    number = min(number, max(1, -(-len(rows) // PAGE_SIZE)))
    first = (number - 1) * PAGE_SIZE
    return Page(rows[first : first + PAGE_SIZE], number, PAGE_SIZE, len(rows))


def chart_items(rows: Sequence[RankedRow]) -> list[dict[str, Any]]:
    """Bars for the chart: the scores of the proposals of this page, with short names."""
    return [
        {
            "label": f"受付{each.row.number} {shorten(each.row.title)}",
            "value": out_of_100(each.position.mean),
        }
        for each in rows
        if each.position is not None
    ]


def shorten(title: str) -> str:
    """A title for the chart; the table below has the whole one."""
    return title if len(title) <= LABEL_LENGTH else f"{title[: LABEL_LENGTH - 1]}…"
