"""Where reviews join in, without proposals knowing them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app

from matchmaker.core.actor import Actor
from matchmaker.working_groups.proposals.models import Proposal

GATE_KEY = "matchmaker.proposal_reviewer_gate"
SECTIONS_KEY = "matchmaker.proposal_sections"
Gate = Callable[[Actor, Proposal, datetime], bool]
Context = Callable[[Proposal, Actor], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class ProposalSection:
    """A part of a proposal's page: a template and what it is filled with (None: leave it out).

    The template finds its context under ``found``.
    """

    template: str
    context: Context


def set_reviewer_gate(app: Flask, gate: Gate) -> None:
    """Say who reads a handed-in proposal as its reviewer (``gate(actor, proposal, now)``)."""
    app.extensions[GATE_KEY] = gate


def is_admitted_reviewer(actor: Actor, proposal: Proposal, now: datetime) -> bool:
    """Whether the person reads this proposal as its reviewer; nobody does without a gate."""
    gate: Gate | None = current_app.extensions.get(GATE_KEY)
    return gate is not None and actor.is_reviewer and gate(actor, proposal, now)


def add_proposal_section(app: Flask, section: ProposalSection) -> None:
    """Show ``section`` on the page of each proposal, after those added before."""
    app.extensions.setdefault(SECTIONS_KEY, []).append(section)


def proposal_sections(proposal: Proposal, actor: Actor) -> list[tuple[str, Any]]:
    """Template and context of each section that has something to show for this proposal."""
    sections: list[ProposalSection] = current_app.extensions.get(SECTIONS_KEY, [])
    filled = [(each.template, each.context(proposal, actor)) for each in sections]
    return [(template, context) for template, context in filled if context is not None]
