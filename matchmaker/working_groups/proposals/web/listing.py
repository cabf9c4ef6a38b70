"""Lists of proposals: one's own, and those of a call."""

from __future__ import annotations

import uuid

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.downloads import download
from matchmaker.core.paging import page_number
from matchmaker.core.uploads import MEDIA_TYPES
from matchmaker.working_groups.calls import queries as call_queries
from matchmaker.working_groups.calls.policy import can_view
from matchmaker.working_groups.proposals import exports, queries
from matchmaker.working_groups.proposals.domain import PROPOSAL_STATES, ProposalState
from matchmaker.working_groups.proposals.web.blueprint import blueprint


@blueprint.get("/proposals")
def mine() -> str:
    """What the person writes, is invited to, or reads for the organisation."""
    actor = authorize(current_actor().is_member)
    number = page_number(request.args.get("page"))
    return render_template(
        "proposals/mine.html",
        page=queries.own_proposals_page(actor, number),
        actor=actor,
        call=None,
        labels=PROPOSAL_STATES.labels,
        calls=queries.open_calls(clock.now()),
    )


@blueprint.get("/calls/<uuid:call_id>/proposals")
def index(call_id: uuid.UUID) -> str:
    """All proposals of a call for the secretariat; one's own for everybody else."""
    call = call_queries.get_call(call_id)
    actor = current_actor()
    authorize(actor.is_member and can_view(actor, call), hidden=True)
    number = page_number(request.args.get("page"))
    if not actor.is_secretariat:
        page = queries.own_proposals_page(actor, number, call_id)
        return render_template(
            "proposals/mine.html", page=page, actor=actor, call=call,
            labels=PROPOSAL_STATES.labels, calls=[],
        )  # fmt: skip
    state = _state(request.args.get("state", ""))
    return render_template(
        "proposals/index.html",
        call=call,
        page=queries.proposals_page(call_id, number, state),
        counts=queries.counts_by_state(call_id),
        state=state,
        labels=PROPOSAL_STATES.labels,
        here=url_for("proposals.index", call_id=call_id),
    )


@blueprint.get("/calls/<uuid:call_id>/proposals/spreadsheet")
def spreadsheet(call_id: uuid.UUID) -> Response:
    """All handed-in proposals of a call with their answers, as Excel."""
    call = call_queries.get_call(call_id)
    authorize(current_actor().is_secretariat, hidden=True)
    content = exports.proposals_xlsx(call, clock.now())
    return download(content, f"提案一覧_{call.title[:40]}.xlsx", MEDIA_TYPES["xlsx"])


def _state(word: str) -> ProposalState | None:
    return ProposalState(word) if word in set(ProposalState) else None
