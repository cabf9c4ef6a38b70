"""Who may see and do what with a pilot. Pure predicates."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Protocol

from matchmaker.core.actor import Actor
from matchmaker.partnering.consortia.domain import LIVE_STATES, PartnerRole, PartnerState
from matchmaker.partnering.consortia.policy import Subject, can_view
from matchmaker.partnering.pilots.domain import (
    CORRECTIONS,
    OPEN_STATES,
    REPORTED_STATES,
    STARTED_STATES,
    PilotMove,
    PilotState,
)


class PilotFacts(Protocol):
    """What the rules need to know of a pilot."""

    @property
    def state(self) -> PilotState:
        """Where it stands."""

    @property
    def is_public(self) -> bool:
        """Whether everybody may see a page of it."""


class PartnerFacts(Protocol):
    """What the rules need to know of a partner."""

    @property
    def organization_id(self) -> uuid.UUID | None:
        """The member organisation."""

    @property
    def state(self) -> PartnerState:
        """Where it stands."""

    @property
    def is_lead(self) -> bool:
        """Whether it leads."""

    @property
    def roles(self) -> list[str]:
        """Codes of its roles besides the lead."""


def writing_partners(partners: Iterable[PartnerFacts]) -> list[uuid.UUID]:
    """Organisations that write for a pilot: the lead and the municipalities that take part."""
    return [
        each.organization_id
        for each in partners
        if each.organization_id is not None
        and each.state is PartnerState.ACCEPTED
        and (each.is_lead or PartnerRole.MUNICIPALITY.value in each.roles)
    ]


def _is_writer(actor: Actor, partners: Iterable[PartnerFacts]) -> bool:
    return any(actor.writes_for(each) for each in writing_partners(partners))


def can_plan_pilot(actor: Actor, consortium: Subject, partners: Iterable[PartnerFacts]) -> bool:
    """The lead, the municipality and the secretariat plan pilots of a live consortium."""
    if consortium.state not in LIVE_STATES:
        return False
    return actor.is_secretariat or _is_writer(actor, partners)


def can_view_pilot(actor: Actor, consortium: Subject) -> bool:
    """Whoever sees the consortium sees its pilots whole."""
    return can_view(actor, consortium)


def can_view_public_page(pilot: PilotFacts) -> bool:
    """Everybody, when it was made public and has begun."""
    return pilot.is_public and pilot.state in STARTED_STATES


def can_write_pilot(actor: Actor, pilot: PilotFacts, partners: Iterable[PartnerFacts]) -> bool:
    """The lead and the municipality write until it is over; the secretariat sets things right."""
    if pilot.state not in OPEN_STATES:
        return False
    return actor.is_secretariat or _is_writer(actor, partners)


def can_report(actor: Actor, pilot: PilotFacts, partners: Iterable[PartnerFacts]) -> bool:
    """Reports are handed in by those who write, while it runs or is wound up."""
    return pilot.state in REPORTED_STATES and can_write_pilot(actor, pilot, partners)


def can_correct_report(actor: Actor, pilot: PilotFacts, partners: Iterable[PartnerFacts]) -> bool:
    """Those who write, and after the end the secretariat."""
    if pilot.state is PilotState.ENDED:
        return actor.is_secretariat
    return can_report(actor, pilot, partners)


def can_move(
    actor: Actor, pilot: PilotFacts, partners: Iterable[PartnerFacts], move: PilotMove
) -> bool:
    """Whether the person may take this step; corrections are the secretariat's."""
    if move in CORRECTIONS:
        return actor.is_secretariat
    return actor.is_secretariat or _is_writer(actor, partners)


def can_name_partner(
    actor: Actor, organization_id: uuid.UUID, partners: Iterable[PartnerFacts]
) -> bool:
    """Each partner decides for itself whether the public page names it."""
    takes_part = any(
        each.organization_id == organization_id and each.state is PartnerState.ACCEPTED
        for each in partners
    )
    return takes_part and actor.writes_for(organization_id)


def can_write_case(actor: Actor, partners: Iterable[PartnerFacts]) -> bool:
    """Who writes the draft of the case: those who wrote the pilot, and the secretariat."""
    return actor.is_secretariat or _is_writer(actor, partners)


def can_list_pilots(actor: Actor) -> bool:
    """Members have a list of their own pilots, the secretariat one of all."""
    return actor.is_secretariat or bool(actor.roles)


def can_list_all_pilots(actor: Actor) -> bool:
    """The secretariat sees all, the late ones first."""
    return actor.is_secretariat
