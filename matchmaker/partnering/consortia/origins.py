"""What a consortium starts from: a match or a reached coalition, and what it brings along."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.matching.indexing import POST_TYPES
from matchmaker.needs.fields import NEED_FIELDS
from matchmaker.organizations.models import Organization
from matchmaker.partnering.coalitions import queries as coalition_queries
from matchmaker.partnering.coalitions.domain import CoalitionState, MemberSide, MemberState
from matchmaker.partnering.coalitions.models import Coalition
from matchmaker.partnering.consortia.content import MOST_TONNES, ConsortiumContent
from matchmaker.partnering.consortia.domain import NAME_LENGTH, PartnerRole
from matchmaker.partnering.introductions.matches import queries as match_queries
from matchmaker.partnering.introductions.matches.domain import MatchState
from matchmaker.posts import queries as post_queries
from matchmaker.posts.content import tag_values
from matchmaker.posts.domain import PostKind, Stage

R = PartnerRole
STAGE_ROLES = {
    "collection": R.COLLECTOR,
    "sorting": R.RECYCLER,
    "pretreatment": R.RECYCLER,
    "material_recycling": R.RECYCLER,
    "composting_biogas": R.RECYCLER,
    "energy": R.RECYCLER,
    "manufacturing": R.MANUFACTURER,
    "repair_reuse": R.USER,
    "sharing": R.USER,
    "planning": R.ADVISER,
}
"""Which role a stage of an offering stands for."""
KIND_ROLES = {"recycling_capacity": R.RECYCLER, "technology": R.RECYCLER, "sharing_service": R.USER}
"""The role of an offering that names no stages."""
CATEGORY_ROLES = {"municipality": R.MUNICIPALITY, "university_or_research": R.RESEARCHER}
FINANCE = "finance_insurance"
ONCE = "one_off"


@dataclass(frozen=True, slots=True)
class FirstPartner:
    """An organisation that belongs to a consortium from its beginning.

    Args:
        organization: None for a town outside the partnership.
        name: of such a town.
    """

    organization: Organization | None
    roles: tuple[PartnerRole, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a consortium starts from.

    Args:
        label: what it is called on the page.
        partners: those who agreed so far, in order.
        content: the first version.
    """

    label: str
    partners: tuple[FirstPartner, ...]
    content: ConsortiumContent
    match_id: uuid.UUID | None = None
    coalition_id: uuid.UUID | None = None
    need_id: uuid.UUID | None = None
    offering_id: uuid.UUID | None = None

    def own_organizations(self, actor: Actor) -> list[Organization]:
        """Those of the partners for which the person writes: one of them leads."""
        return [
            each.organization
            for each in self.partners
            if each.organization is not None and actor.writes_for(each.organization.id)
        ]


def beginning_of(match_id: uuid.UUID | None, coalition_id: uuid.UUID | None) -> Beginning:
    """What a match or a coalition brings along.

    Raises:
        NotFound: neither is named, or there is none of that id.
        Conflict: the match was taken back, or the coalition has not been reached.
    """
    if match_id is not None:
        return _of_match(match_id)
    if coalition_id is not None:
        return _of_coalition(coalition_id)
    raise NotFound


def _of_match(match_id: uuid.UUID) -> Beginning:
    match = match_queries.get(match_id)
    if match.state is MatchState.UNDONE:
        raise Conflict("この成立は取り消されているため、座組を始められません。")
    pair = match.introduction
    need, offering = _post(PostKind.NEED, pair.need_id), _post(PostKind.OFFERING, pair.offering_id)
    town, business = need.organization, offering.organization
    return Beginning(
        label=f"「{need.title}」と「{offering.title}」の成立",
        partners=(
            FirstPartner(town, roles_for(town, ())),
            FirstPartner(business, _offered_roles(offering)),
        ),
        content=_first_content(town.name, [need], offering),
        match_id=match_id,
        need_id=need.id,
        offering_id=offering.id,
    )


def _of_coalition(coalition_id: uuid.UUID) -> Beginning:
    coalition = coalition_queries.get(coalition_id)
    if coalition.state is not CoalitionState.REACHED:
        raise Conflict("連合がまだ成立していないため、座組を始められません。")
    members = [each for each in coalition.members if each.state is MemberState.IN]
    offering = _post(PostKind.OFFERING, coalition.offering_id)
    towns = [each for each in members if each.side is MemberSide.TOWN]
    needs = [_post(PostKind.NEED, each.need_id) for each in towns if each.need_id is not None]
    business = FirstPartner(offering.organization, _offered_roles(offering))
    return Beginning(
        label=f"「{offering.title}」の連合（{len(towns)}の自治体）",
        partners=(
            *(_town(each) for each in towns),
            business,
        ),
        content=_coalition_content(coalition, needs, offering),
        coalition_id=coalition_id,
        need_id=needs[0].id if needs else None,
        offering_id=offering.id,
    )


def _town(member: Any) -> FirstPartner:
    return FirstPartner(member.organization, (R.MUNICIPALITY,), member.name)


def _post(kind: PostKind, post_id: uuid.UUID) -> Any:
    post = post_queries.get(POST_TYPES[kind], post_id)
    if post is None:
        raise NotFound
    return post


def _offered_roles(offering: Any) -> tuple[PartnerRole, ...]:
    """Roles of the business by its stages; one that names none by the kind of its offering."""
    stages = _codes(offering, "process_stages")
    if not stages and offering.kind in KIND_ROLES:
        return (KIND_ROLES[offering.kind],)
    return roles_for(offering.organization, stages)


def roles_for(organization: Organization, stages: Iterable[str]) -> tuple[PartnerRole, ...]:
    """Roles that an organisation takes on by what it is and by the stages it offers."""
    known = {CATEGORY_ROLES.get(organization.category)}
    known |= {STAGE_ROLES.get(stage) for stage in stages}
    if organization.industry == FINANCE:
        known.add(R.FUNDER)
    return tuple(role for role in PartnerRole if role in known) or (R.ADVISER,)


def _first_content(place: str, needs: Sequence[Any], offering: Any) -> ConsortiumContent:
    need = needs[0]
    low, high = _yearly_tonnes(need)
    return ConsortiumContent(
        name=f"{place} {need.title}"[: NAME_LENGTH - 3] + "の座組",
        aim=need.desired_state or need.problem,
        area=need.prefecture or "",
        materials=_merged((*needs, offering), "materials", "input_materials", most=10),
        circulation_methods=_merged((*needs, offering), "circulation_methods"),
        model_elements=_merged(needs, "model_elements"),
        tonnes_min=_bounded(low),
        tonnes_max=_bounded(high) if low is not None and high != low else None,
        starts_on=need.start_wished_on,
    )


def _yearly_tonnes(need: Any) -> tuple[Decimal | None, Decimal | None]:
    """Tonnes a year as every member may know them; what comes once is no yearly quantity.

    Partners invited later read the first version: what only the other side was told stays out.
    """
    is_told = Stage(NEED_FIELDS.by_name["quantity_min"].stage).place <= Stage.MEMBERS.place
    if not is_told or need.quantity_period == ONCE:
        return None, None
    return need.quantity_low_tonnes_per_year, need.quantity_high_tonnes_per_year


def _coalition_content(
    coalition: Coalition, needs: Sequence[Any], offering: Any
) -> ConsortiumContent:
    towns = [
        each
        for each in coalition.members
        if each.side is MemberSide.TOWN and each.state is MemberState.IN
    ]
    low = sum((each.low_tonnes for each in towns), Decimal(0))
    high = sum((each.high_tonnes for each in towns), Decimal(0))
    is_estimated = any(each.is_estimate for each in towns)
    return ConsortiumContent(
        name=f"{coalition.material.name}の連合（{len(towns)}の自治体）の座組"[:NAME_LENGTH],
        area="、".join(each.name for each in towns)[:200],
        materials=(coalition.material_code,),
        circulation_methods=_merged((*needs, offering), "circulation_methods"),
        model_elements=_merged(needs, "model_elements"),
        tonnes_min=_bounded(low),
        tonnes_max=_bounded(high) if high != low else None,
        quantity_note="推計を含みます" if is_estimated else "各自治体の投稿の量の合計",
    )


def _bounded(tonnes: Decimal | None) -> Decimal | None:
    return tonnes if tonnes is not None and tonnes <= MOST_TONNES else None


def _merged(posts: Iterable[Any], *names: str, most: int = 40) -> tuple[str, ...]:
    """Codes of these tags of several posts, each once, in order."""
    found = [code for post in posts for name in names for code in _codes(post, name)]
    return tuple(dict.fromkeys(found))[:most]


def _codes(post: Any, name: str) -> list[str]:
    return tag_values(post).get(name, [])


def check_may_found(beginning: Beginning, organization_id: uuid.UUID, actor: Actor) -> None:
    """Refuse a founder who does not write for a side of the match or coalition.

    Raises:
        ProductError: field ``organization_id``.
    """
    if organization_id not in [each.id for each in beginning.own_organizations(actor)]:
        raise ProductError("どの団体として始めるかを選んでください。", "organization_id")
