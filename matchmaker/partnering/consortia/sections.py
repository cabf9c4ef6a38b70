"""The consortium behind a proposal and behind a group, on their pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.partnering.consortia import policy, queries
from matchmaker.partnering.consortia.domain import FILLING_STATES, ROLE_LABELS, roles_of
from matchmaker.partnering.consortia.models import Consortium
from matchmaker.partnering.consortia.presentation import content_rows
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.groups.policy import Standing
from matchmaker.working_groups.groups.sections import Section
from matchmaker.working_groups.proposals.models import Proposal

TEMPLATE = "consortia/_group_section.html"
PLACE = 15


def of_proposal(proposal: Proposal, actor: Actor) -> Mapping[str, Any] | None:
    """The consortia a proposal speaks for, to those who may read them."""
    found = _readable(queries.consortia_behind(proposal.id), actor)
    return {"consortia": found} if found else None


def of_group(group: WorkingGroup, actor: Actor, standing: Standing) -> Section | None:
    """The consortia behind the adopted proposal a group grew from.

    People of the group read who takes part and what is done; others only if they are partners.
    """
    if group.origin_proposal_id is None:
        return None
    behind = queries.consortia_behind(group.origin_proposal_id)
    is_inside = standing.belongs or actor.is_secretariat
    found = [_told(each, actor) for each in behind] if is_inside else _readable(behind, actor)
    if not found:
        return None
    return Section(TEMPLATE, {"consortia": found}, "座組", "consortium", PLACE)


def _readable(consortia: Iterable[Consortium], actor: Actor) -> list[dict[str, Any]]:
    return [_told(each, actor) for each in consortia if policy.can_view(actor, each)]


def _told(consortium: Consortium, actor: Actor) -> dict[str, Any]:
    return {
        "consortium": consortium,
        "may_open": policy.can_view(actor, consortium),
        "rows": content_rows(queries.content_of(consortium)),
        "partners": [
            (each.name, "、".join(ROLE_LABELS[role] for role in roles_of(each)))
            for each in consortium.partners
            if each.state in FILLING_STATES
        ],
    }
