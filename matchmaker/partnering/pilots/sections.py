"""Pilots on the pages of other parts: of their consortium, and of its working group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.partnering.consortia.domain import FILLING_STATES
from matchmaker.partnering.consortia.models import Consortium
from matchmaker.partnering.consortia.queries import consortia_behind
from matchmaker.partnering.pilots import policy
from matchmaker.partnering.pilots.domain import PILOT_STATES
from matchmaker.partnering.pilots.models import Pilot
from matchmaker.partnering.pilots.presentation import STATE_KINDS
from matchmaker.partnering.pilots.queries import pilots_of_consortium
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.groups.policy import Standing
from matchmaker.working_groups.groups.sections import Section

PLACE = 60


def of_group(group: WorkingGroup, actor: Actor, _standing: Standing) -> Section | None:
    """The pilots of the consortium whose proposal was adopted into this group.

    Whoever may see the consortium gets to the whole pilot, others to its public page.
    """
    if group.origin_proposal_id is None:
        return None
    whole: list[Pilot] = []
    others: list[Pilot] = []
    for consortium in consortia_behind(group.origin_proposal_id):
        pilots = pilots_of_consortium(consortium.id)
        if policy.can_view_pilot(actor, consortium):
            whole += pilots
        else:
            others += [each for each in pilots if policy.can_view_public_page(each)]
    if not whole and not others:
        return None
    context = {
        "whole": whole,
        "others": others,
        "labels": PILOT_STATES.labels,
        "kinds": STATE_KINDS,
    }
    return Section("pilots/_group_section.html", context, "実証", "pilots", PLACE)


def of_consortium(consortium: Consortium, actor: Actor) -> Mapping[str, Any] | None:
    """The pilots of a consortium for whoever sees it, and the way to a new one."""
    if not policy.can_view_pilot(actor, consortium):
        return None
    partners = [each for each in consortium.partners if each.state in FILLING_STATES]
    pilots = pilots_of_consortium(consortium.id)
    may_plan = policy.can_plan_pilot(actor, consortium, partners)
    if not pilots and not may_plan:
        return None
    return {
        "consortium": consortium,
        "pilots": pilots,
        "may_plan": may_plan,
        "labels": PILOT_STATES.labels,
        "kinds": STATE_KINDS,
    }
