"""Who may see and do what with a consortium. Pure predicates."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from matchmaker.core.actor import Actor
from matchmaker.partnering.consortia.domain import (
    LIVE_STATES,
    ConsortiumState,
    PartnerState,
)


class PartnerRow(Protocol):
    """What the rules need to know of a partner."""

    @property
    def id(self) -> uuid.UUID:
        """Its row."""

    @property
    def organization_id(self) -> uuid.UUID | None:
        """The member organisation; None for somebody from outside."""

    @property
    def state(self) -> PartnerState:
        """Where it stands."""

    @property
    def is_lead(self) -> bool:
        """Whether it leads."""


class Subject(Protocol):
    """What the rules need to know of a consortium."""

    @property
    def state(self) -> ConsortiumState:
        """Where it stands."""

    @property
    def partners(self) -> Iterable[PartnerRow]:
        """All partners there ever were."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is to one consortium.

    Args:
        reads: belongs to an organisation that takes part or is invited.
        writes: writes for an organisation that takes part.
        leads: writes for the one that leads.
        partner_ids: rows for which the person may answer, agree or leave.
    """

    reads: bool = False
    writes: bool = False
    leads: bool = False
    partner_ids: frozenset[uuid.UUID] = frozenset()


def standing_in(actor: Actor, consortium: Subject) -> Standing:
    """The standing of a person, from the partners of the consortium."""
    present = [
        each
        for each in consortium.partners
        if each.state in (PartnerState.INVITED, PartnerState.ACCEPTED)
    ]
    own = [each for each in present if actor.writes_for(each.organization_id)]
    accepted = [each for each in own if each.state is PartnerState.ACCEPTED]
    return Standing(
        reads=any(actor.belongs_to(each.organization_id) for each in present),
        writes=bool(accepted),
        leads=any(each.is_lead for each in accepted),
        partner_ids=frozenset(each.id for each in own),
    )


def can_list(actor: Actor) -> bool:
    """Members and the secretariat have a list of consortia."""
    return actor.is_secretariat or bool(actor.roles)


def can_list_all(actor: Actor) -> bool:
    """The secretariat sees all."""
    return actor.is_secretariat


def can_view(actor: Actor, consortium: Subject) -> bool:
    """Partners, those invited, and the secretariat."""
    return actor.is_secretariat or standing_in(actor, consortium).reads


def can_write(actor: Actor, consortium: Subject) -> bool:
    """Partners that accepted write together while it lives."""
    return consortium.state in LIVE_STATES and standing_in(actor, consortium).writes


def can_lead(actor: Actor, consortium: Subject) -> bool:
    """The leading organisation runs it, and the secretariat where it has to be set right."""
    return actor.is_secretariat or standing_in(actor, consortium).leads


def can_manage_partners(actor: Actor, consortium: Subject) -> bool:
    """Who invites and takes out: the lead, or the secretariat, while it lives."""
    return consortium.state in LIVE_STATES and can_lead(actor, consortium)


def can_answer(actor: Actor, consortium: Subject, partner: PartnerRow) -> bool:
    """Who answers, agrees and leaves for a partner: those who write for it."""
    return partner.id in standing_in(actor, consortium).partner_ids


def can_take_lead(actor: Actor, consortium: Subject) -> bool:
    """Any partner may take the lead when nobody has it."""
    if consortium.state not in LIVE_STATES or _has_lead(consortium):
        return False
    return standing_in(actor, consortium).writes


def can_correct(actor: Actor) -> bool:
    """The secretariat sets states right, with a reason."""
    return actor.is_secretariat


def can_propose(actor: Actor, consortium: Subject) -> bool:
    """The leading organisation answers a call for all."""
    return consortium.state in LIVE_STATES and standing_in(actor, consortium).leads


def _has_lead(consortium: Subject) -> bool:
    return any(each.is_lead and each.state is PartnerState.ACCEPTED for each in consortium.partners)
