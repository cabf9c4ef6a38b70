"""Whom a consortium could ask for a role that nobody has taken on, ranked, with reasons."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.matching import service as matching
from matchmaker.matching.domain import Recommendation
from matchmaker.matching.engine import MatchingEngine
from matchmaker.matching.indexing import POST_TYPES
from matchmaker.organizations.models import Organization
from matchmaker.organizations.queries import OrganizationFilter, filtered
from matchmaker.partnering.consortia.domain import PRESENT_STATES, PartnerRole
from matchmaker.partnering.consortia.models import Consortium
from matchmaker.partnering.consortia.origins import FINANCE, STAGE_ROLES
from matchmaker.posts import queries as post_queries
from matchmaker.posts.content import tag_values
from matchmaker.posts.domain import PostKind
from matchmaker.posts.policy import can_view
from matchmaker.posts.vocabulary import PROCESS_STAGES

R = PartnerRole
MOST_A_ROLE = 5
MOST_REASONS = 3
STAGE_LABELS = {choice.code: choice.label for choice in PROCESS_STAGES}
COLLECTS = "引き取りに行けます"
REASONS_BY_KIND = {
    R.RESEARCHER: "大学・研究機関です",
    R.FUNDER: "金融業、保険業の会員です",
    R.MUNICIPALITY: "自治体の会員です",
}
SAME_PREFECTURE = "座組の団体と同じ都道府県（{prefecture}）にあります"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation that could take on a role.

    Args:
        post: the post that speaks for it; None where only its kind does.
        reasons: in words, weightiest first.
        strength: how well its post fits, as recommendations say it; empty without a post.
    """

    organization: Organization
    reasons: tuple[str, ...]
    post: Any = None
    strength: str = ""


def candidates_for(
    engine: MatchingEngine, consortium: Consortium, roles: Iterable[PartnerRole], actor: Actor
) -> dict[PartnerRole, list[Candidate]]:
    """For each role at most five organisations, best first; partners present are left out.

    Stages of work are looked for among the offerings ranked for the need behind the consortium,
    municipalities among the needs ranked for its offering; research and finance among the members
    of that kind, those of the same prefectures first.

    Args:
        consortium: with its partners and their organisations.
        actor: who reads; only what the person may see is ranked.
    """
    wanted = tuple(roles)
    present = {each.organization_id for each in consortium.partners if _is_present(each)}
    offerings = _ranked(engine, PostKind.NEED, consortium.need_id, actor, wanted)
    needs = _ranked(engine, PostKind.OFFERING, consortium.offering_id, actor, wanted)
    finders: Mapping[PartnerRole, Callable[[], list[Candidate]]] = {
        R.MUNICIPALITY: lambda: _towns(needs, present),
        R.RESEARCHER: lambda: _of_kind(consortium, R.RESEARCHER, present),
        R.FUNDER: lambda: _of_kind(consortium, R.FUNDER, present),
    }
    return {
        role: finders[role]() if role in finders else _with_stage(offerings, role, present)
        for role in wanted
    }


def _is_present(partner: Any) -> bool:
    return partner.state in PRESENT_STATES


def _ranked(
    engine: MatchingEngine,
    kind: PostKind,
    post_id: uuid.UUID | None,
    actor: Actor,
    roles: Sequence[PartnerRole],
) -> list[Recommendation]:
    """Posts of the other side ranked for a post of the consortium, where a role asks for them."""
    if post_id is None or not _asks_for(kind, roles):
        return []
    post_type = POST_TYPES[kind]
    post = post_queries.get(post_type, post_id)
    if post is None or not can_view(actor, post):
        return []
    return matching.recommendations_for(engine, post_type, post, actor, matching.MOST_SHOWN)


def _asks_for(kind: PostKind, roles: Sequence[PartnerRole]) -> bool:
    if kind is PostKind.OFFERING:
        return R.MUNICIPALITY in roles
    return bool(set(roles) & set(STAGE_ROLES.values()))


def _with_stage(
    ranked: Sequence[Recommendation], role: PartnerRole, present: set[uuid.UUID | None]
) -> list[Candidate]:
    found: dict[uuid.UUID, Candidate] = {}
    for each in ranked:
        words = _stage_words(each.post, role)
        owner = each.post.organization
        if words and owner.id not in present and owner.id not in found:
            found[owner.id] = Candidate(owner, (words, *_reasons(each)), each.post, _strength(each))
    return list(found.values())[:MOST_A_ROLE]


def _stage_words(offering: Any, role: PartnerRole) -> str:
    """Which of its stages fit the role, in words; empty when none does."""
    stages = tag_values(offering).get("process_stages", [])
    fitting = [STAGE_LABELS.get(code, code) for code in stages if STAGE_ROLES.get(code) is role]
    if fitting:
        return f"担う工程：{'、'.join(fitting)}"
    return COLLECTS if role is R.COLLECTOR and offering.collection_offered else ""


def _reasons(each: Recommendation) -> tuple[str, ...]:
    return tuple(each.explanation.reasons[: MOST_REASONS - 1])


def _strength(each: Recommendation) -> str:
    return each.strength_label


def _towns(ranked: Sequence[Recommendation], present: set[uuid.UUID | None]) -> list[Candidate]:
    found: dict[uuid.UUID, Candidate] = {}
    for each in ranked:
        owner = each.post.organization
        if owner.category == R.MUNICIPALITY and owner.id not in present | set(found):
            found[owner.id] = Candidate(owner, _reasons(each), each.post, _strength(each))
    return list(found.values())[:MOST_A_ROLE]


def _of_kind(
    consortium: Consortium, role: PartnerRole, present: set[uuid.UUID | None]
) -> list[Candidate]:
    """Members of a kind, those of the partners' prefectures first, then by their readings."""
    places = sorted(
        {each.organization.prefecture for each in consortium.partners if each.organization}
    )
    query = _members(role).where(Organization.id.not_in([each for each in present if each]))
    near = case((Organization.prefecture.in_(places), 0), else_=1)
    query = query.order_by(near, Organization.kana, Organization.id).limit(MOST_A_ROLE)
    return [
        Candidate(each, _kind_reasons(role, each, places)) for each in db.session.scalars(query)
    ]


def _members(role: PartnerRole) -> Select[tuple[Organization]]:
    if role is R.FUNDER:
        return filtered(OrganizationFilter(industry=(FINANCE,)))
    return filtered(OrganizationFilter(category=("university_or_research",)))


def _kind_reasons(
    role: PartnerRole, organization: Organization, places: Sequence[str]
) -> tuple[str, ...]:
    reasons = (REASONS_BY_KIND[role],)
    if organization.prefecture and organization.prefecture in places:
        return (*reasons, SAME_PREFECTURE.format(prefecture=organization.prefecture))
    return reasons
