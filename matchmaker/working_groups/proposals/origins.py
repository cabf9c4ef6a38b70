"""What a proposal starts from: facts of a need and an offering, as its writer may see them."""

from __future__ import annotations

import uuid
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.core.errors import NotFound
from matchmaker.matching.indexing import POST_TYPES
from matchmaker.posts import queries as post_queries
from matchmaker.posts.domain import PostKind
from matchmaker.posts.policy import can_view
from matchmaker.posts.presentation import Presenter
from matchmaker.working_groups.proposals.domain import Origin, origin_kind

EXCERPT = 400
PATHS = {PostKind.NEED: "needs", PostKind.OFFERING: "offerings"}
LABELS = {PostKind.NEED: "ニーズ", PostKind.OFFERING: "シーズ"}


def origin_of(need_id: uuid.UUID | None, offering_id: uuid.UUID | None, actor: Actor) -> Origin:
    """The origin for these posts, with what the actor may see of them today.

    Raises:
        NotFound: the actor may not know of one of them.
    """
    wanted = ((PostKind.NEED, need_id), (PostKind.OFFERING, offering_id))
    facts = {
        kind.value: _facts(kind, _visible(kind, post_id, actor), actor)
        for kind, post_id in wanted
        if post_id is not None
    }
    kind = origin_kind(has_need=need_id is not None, has_offering=offering_id is not None)
    return Origin(kind, need_id, offering_id, facts)


def _visible(kind: PostKind, post_id: uuid.UUID, actor: Actor) -> Any:
    post = post_queries.get(POST_TYPES[kind], post_id)
    if post is None or not can_view(actor, post):
        raise NotFound
    return post


def _facts(kind: PostKind, post: Any, actor: Actor) -> dict[str, Any]:
    """Plain words only: the proposal keeps them when the post is changed or closed."""
    presenter = Presenter(POST_TYPES[kind], actor)
    return {
        "label": LABELS[kind],
        "id": str(post.id),
        "path": f"/{PATHS[kind]}/{post.id}",
        "title": post.title,
        "organization": post.organization.name,
        "organization_id": str(post.organization_id),
        "place": post.prefecture or "",
        "materials": "、".join(presenter.materials(post)),
        "methods": "、".join(presenter.methods(post)),
        "amount": presenter.amount(post),
        "text": presenter.excerpt(post, EXCERPT),
    }


def suggested_title(origin: Origin) -> str:
    """A first title from what the proposal starts from."""
    materials = [each["materials"] for each in origin.facts.values() if each.get("materials")]
    titles = [each["title"] for each in origin.facts.values() if each.get("title")]
    if len(titles) > 1 and materials:
        return f"{materials[0]}の循環の取組（{'・'.join(organizations_in(origin))}）"[:120]
    return titles[0][:120] if titles else ""


def organizations_in(origin: Origin) -> list[str]:
    """Names of the organisations of the posts, each once."""
    names = [str(each["organization"]) for each in origin.facts.values()]
    return list(dict.fromkeys(names))


def suggested_organizations(facts: dict[str, Any], present: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Organisations of the posts a proposal started from whose people are not asked yet."""
    found: dict[uuid.UUID, str] = {}
    for each in facts.values():
        if isinstance(each, dict) and each.get("organization_id"):
            organization_id = uuid.UUID(each["organization_id"])
            if organization_id not in present:
                found[organization_id] = str(each["organization"])
    return found
