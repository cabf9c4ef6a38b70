"""Lists and single pages of posts."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, render_template, request, url_for

from matchmaker.core.access import authorize, current_actor, public
from matchmaker.core.forms import ConfirmForm
from matchmaker.core.paging import page_number
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.posts import policy
from matchmaker.posts.domain import CLOSE_REASONS, STATE_LABELS, PostKind, PostState
from matchmaker.posts.extensions import post_sections
from matchmaker.posts.listing import SORT_LABELS, PostFilter, counts_by_prefecture, page_of
from matchmaker.posts.presentation import Presenter
from matchmaker.posts.types import PostType
from matchmaker.posts.vocabularies import DatabaseVocabularies
from matchmaker.posts.vocabulary import (
    CIRCULATION_METHODS,
    OFFERING_KINDS,
    SOUGHT_KINDS,
)
from matchmaker.posts.web.loading import load

STATES_FOR_VISITORS = (PostState.PUBLISHED, PostState.CLOSED)


def register_listing_routes(blueprint: Blueprint, post_type: PostType) -> None:
    """``GET /needs`` and ``GET /needs/<id>``."""

    @blueprint.get("")
    @public
    def index() -> str:
        """The filtered list, as table or map."""
        actor = current_actor()
        wanted = PostFilter.from_args(request.args).for_reader(post_type, actor)
        page = page_of(post_type, wanted, actor, page_number(request.args.get("page")))
        return render_template(
            "posts/index.html",
            post_type=post_type,
            wanted=wanted,
            page=page,
            presenter=Presenter(post_type, actor),
            choices=filter_choices(post_type),
            map_data=map_data(post_type, wanted) if wanted.view == "map" else None,
            quantities_shown=post_type.kind is PostKind.OFFERING or actor.is_member,
            may_create=any(actor.writes_for(o) for o in actor.roles) or actor.is_secretariat,
        )

    @blueprint.get("/<uuid:post_id>")
    def show(post_id: uuid.UUID) -> str:
        """One post with what later features add to it."""
        post = load(post_type, post_id)
        actor = authorize(policy.can_view(current_actor(), post), hidden=True)
        return render_template(
            "posts/show.html",
            post_type=post_type,
            post=post,
            presenter=Presenter(post_type, actor),
            sections=post_sections(post_type, post, actor),
            moves=policy.offered_moves(actor, post),
            may_edit=policy.can_edit(actor, post),
            may_see_history=policy.can_see_history(actor, post),
            close_reasons=CLOSE_REASONS,
            state_labels=STATE_LABELS,
            form=ConfirmForm(),
        )


def filter_choices(post_type: PostType) -> dict[str, Any]:
    """What the filter panel offers."""
    return {
        "materials": DatabaseVocabularies().choices("materials"),
        "methods": CIRCULATION_METHODS,
        "prefectures": PREFECTURES,
        "kinds": SOUGHT_KINDS if post_type.kind is PostKind.NEED else OFFERING_KINDS,
        "states": [(state, STATE_LABELS[state]) for state in STATES_FOR_VISITORS],
        "sorts": SORT_LABELS,
    }


def map_data(post_type: PostType, wanted: PostFilter) -> dict[str, Any]:
    """Counts by prefecture for the map, each with the list it stands for."""
    counts = counts_by_prefecture(post_type, wanted, current_actor())
    here = url_for(f"{post_type.blueprint}.index")
    items = [
        {
            "prefecture": name,
            "count": counts.get(name, 0),
            "url": f"{here}?{wanted.query_string(prefectures=(name,), view='table')}",
        }
        for name in PREFECTURES
    ]
    return {"unit": "件", "items": items}
