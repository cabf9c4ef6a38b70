"""The budget of a pilot as the planned costs of its consortium."""

from __future__ import annotations

from matchmaker.core.actor import Actor
from matchmaker.partnering.consortia.extensions import PlannedCost
from matchmaker.partnering.consortia.models import Consortium
from matchmaker.partnering.pilots import policy
from matchmaker.partnering.pilots.queries import get_whole, pilots_of_consortium


def costs_of_consortium(consortium: Consortium, actor: Actor) -> list[PlannedCost]:
    """The budget lines of the newest pilot, for whoever may see it; none without a pilot."""
    pilots = pilots_of_consortium(consortium.id)
    if not pilots or not policy.can_view_pilot(actor, consortium):
        return []
    lines = sorted(get_whole(pilots[0].id).budget_lines, key=lambda each: each.position)
    return [PlannedCost(each.label, each.payer, each.planned_yen) for each in lines]
