"""Pages of matching: partners on the page of a post, all of them, opinions, search by meaning."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor, public
from matchmaker.core.actor import Actor
from matchmaker.core.errors import ProductError
from matchmaker.core.forms import ConfirmForm
from matchmaker.core.text import clean_line
from matchmaker.matching import policy, service
from matchmaker.matching.domain import WRONG_REASONS
from matchmaker.matching.engine import current_engine
from matchmaker.matching.extensions import (
    Evidence,
    EvidencePair,
    evidence_for,
    pair_links,
)
from matchmaker.matching.indexing import POST_TYPES, waiting_requests
from matchmaker.matching.ledger.queries import Judging, judging_for
from matchmaker.posts.domain import PostKind, PostState
from matchmaker.posts.presentation import Presenter
from matchmaker.posts.types import PostType
from matchmaker.posts.web.loading import load

LONGEST_QUERY = 500
ON_PAGE = 5
SHOWN_STATES = frozenset(PostState) - {PostState.CLOSED}


def partners_section(post_type: PostType, post: Any, actor: Actor) -> Mapping[str, Any] | None:
    """The best partners, for the page of a post; nothing for a closed one."""
    if post.state not in SHOWN_STATES or not policy.can_read_recommendations(actor, post):
        return None
    return partners(post_type, post, actor, ON_PAGE)


def partners(post_type: PostType, post: Any, actor: Actor, limit: int) -> Mapping[str, Any]:
    """What the templates of recommendations need."""
    found = service.recommendations_for(current_engine(), post_type, post, actor, limit)
    other_type = POST_TYPES[service.other_side(post_type.kind)]
    others = [each.post for each in found]
    return {
        "post_type": post_type,
        "post": post,
        "other_type": other_type,
        "recommendations": found,
        "presenter": Presenter(other_type, actor),
        "words_only": current_engine().words_only,
        "waiting": 0 if found else waiting_requests(),
        "may_judge": policy.can_judge(actor, post),
        "wrong_reasons": [(c.code, c.label) for c in WRONG_REASONS],
        "form": ConfirmForm(),
        "pair_links": _pair_links(post_type, post, others, actor),
        "evidence": _evidence(post_type, post, others),
        "note": service.note_of(post_type.kind, post, actor),
        "judging": _judging(post_type, post, others, actor),
    }


def _pairs(post_type: PostType, post: Any, others: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Need and offering of each pair."""
    is_need = post_type.kind is PostKind.NEED
    return [(post, other) if is_need else (other, post) for other in others]


def _evidence(
    post_type: PostType, post: Any, others: Sequence[Any]
) -> dict[uuid.UUID, Sequence[Evidence]]:
    """Documented cases and the like for each pair, by the partner's id."""
    words = service.words_of(current_engine(), post_type.kind, post)
    pairs = [EvidencePair(*pair, words) for pair in _pairs(post_type, post, others)]
    return {
        other.id: found for other, found in zip(others, evidence_for(pairs), strict=True) if found
    }


def _judging(
    post_type: PostType, post: Any, others: Sequence[Any], actor: Actor
) -> dict[uuid.UUID, Judging]:
    """Forms for judging each pair for the ledger, by the partner's id."""
    pairs = _pairs(post_type, post, others)
    forms = judging_for(actor, pairs)
    return {
        other.id: forms[need.id, offering.id]
        for other, (need, offering) in zip(others, pairs, strict=True)
        if (need.id, offering.id) in forms
    }


def _pair_links(
    post_type: PostType, post: Any, others: Sequence[Any], actor: Actor
) -> dict[uuid.UUID, Sequence[tuple[str, str]]]:
    """How the person can go on with this post and a partner, by the partner's id."""
    is_need = post_type.kind is PostKind.NEED
    pairs = {
        other.id: (post.id, other.id) if is_need else (other.id, post.id)
        for other in others
        if policy.can_go_on_together(actor, post, other)
    }
    return pair_links(actor, pairs)


def partner_blueprint(post_type: PostType) -> Blueprint:
    """``GET /needs/<id>/recommendations`` and ``POST /needs/<id>/recommendations/<other>``."""
    name = f"{post_type.kind}_partners"
    blueprint = Blueprint(name, __name__, url_prefix=f"/{post_type.blueprint}")

    @blueprint.get("/<uuid:post_id>/recommendations")
    def recommendations(post_id: uuid.UUID) -> str:
        """All recommended partners of a post."""
        post = load(post_type, post_id)
        allowed = policy.can_read_recommendations(current_actor(), post)
        actor = authorize(allowed, hidden=True)
        found = partners(post_type, post, actor, service.MOST_SHOWN)
        return render_template("matching/recommendations.html", **found)

    @blueprint.post("/<uuid:post_id>/recommendations/<uuid:other_id>")
    def judge(post_id: uuid.UUID, other_id: uuid.UUID) -> Response:
        """Keep whether a recommended partner is of use."""
        post = load(post_type, post_id)
        actor = authorize(policy.can_judge(current_actor(), post), hidden=True)
        other = load(POST_TYPES[service.other_side(post_type.kind)], other_id)
        authorize(policy.can_read_recommendations(actor, other), hidden=True)
        try:
            service.judge(
                post_type.kind, post, other, actor, clock.now(),
                verdict=request.form.get("verdict", ""),
                reason=request.form.get("reason", ""),
                note=clean_line(request.form.get("note", "")),
                position=request.form.get("position", type=int),
            )  # fmt: skip
        except ProductError as error:
            flash(error.message, "error")
        else:
            flash("お答えを記録しました。今後のおすすめに生かします。", "success")
        back = url_for(f"{post_type.blueprint}.show", post_id=post.id)
        return redirect(f"{back}#partner-{other.id}")

    return blueprint


search_blueprint = Blueprint("search", __name__, url_prefix="/search")


@search_blueprint.get("")
@public
def index() -> str:
    """One box for both sides: what is looked for is described in own words."""
    actor = current_actor()
    text = clean_line(request.args.get("q", ""))[:LONGEST_QUERY]
    wanted = request.args.get("kind", "")
    kinds = [kind for kind in PostKind if wanted in ("", kind.value)] or list(PostKind)
    results = [
        (
            POST_TYPES[kind],
            Presenter(POST_TYPES[kind], actor),
            service.search(current_engine(), kind, text, actor),
        )
        for kind in kinds
        if text
    ]
    return render_template(
        "matching/search.html",
        text=text,
        wanted=wanted,
        results=results,
        words_only=current_engine().words_only if text else False,
    )
