"""Loading a proposal for a page, with what the reader is to it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor
from matchmaker.questions.domain import Questionnaire
from matchmaker.working_groups.proposals import policy, queries, service
from matchmaker.working_groups.proposals.domain import time_left
from matchmaker.working_groups.proposals.extensions import is_admitted_reviewer
from matchmaker.working_groups.proposals.models import Proposal
from matchmaker.working_groups.proposals.policy import Standing


@dataclass(frozen=True, slots=True)
class Loaded:
    """A proposal and its reader.

    Args:
        is_admitted: whether the person reads it as its reviewer.
        is_blind: whether names are hidden from the reader (anonymous review).
    """

    proposal: Proposal
    actor: Actor
    standing: Standing
    is_admitted: bool

    @property
    def may_read(self) -> bool:
        """Whether the text is shown."""
        return policy.can_read(self.actor, self.proposal, self.standing, self.is_admitted)

    @property
    def is_blind(self) -> bool:
        """Whether the reader is a reviewer from whom the applicants' names are kept."""
        inside = self.standing.is_author or self.actor.belongs_to(
            self.proposal.lead_organization_id
        )
        return (
            self.proposal.call.is_anonymous
            and self.is_admitted
            and not inside
            and not self.actor.is_secretariat
        )

    @property
    def questionnaire(self) -> Questionnaire:
        """The questions of the call."""
        return Questionnaire.from_data(self.proposal.call.questions)


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """The deadline of a proposal as a page shows it."""

    deadline: datetime
    now: datetime
    words: str

    @property
    def is_over(self) -> bool:
        """Whether it is too late."""
        return self.now >= self.deadline


def time_left_of(proposal: Proposal) -> TimeLeft:
    """How long there is by the server's clock."""
    deadline, now = service.deadline_for(proposal), clock.now()
    return TimeLeft(deadline, now, time_left(now, deadline))


def load(proposal_id: uuid.UUID) -> Loaded:
    """The proposal with the standing of whoever asks; nothing is authorised yet."""
    proposal, actor = queries.get_proposal(proposal_id), current_actor()
    standing = policy.standing_in(actor, proposal.authors)
    return Loaded(proposal, actor, standing, is_admitted_reviewer(actor, proposal, clock.now()))


def load_to_see(proposal_id: uuid.UUID) -> Loaded:
    """For whoever may know of it."""
    found = load(proposal_id)
    allowed = policy.can_see(found.actor, found.proposal, found.standing, found.is_admitted)
    authorize(allowed, hidden=True)
    return found


def load_for_author(proposal_id: uuid.UUID) -> Loaded:
    """For those who write it, whatever its state."""
    found = load(proposal_id)
    authorize(found.standing.is_author, hidden=True)
    return found


def load_to_manage(proposal_id: uuid.UUID) -> Loaded:
    """For those who invite, remove and hand over."""
    found = load(proposal_id)
    allowed = policy.can_manage_people(found.actor, found.proposal, found.standing)
    authorize(allowed, hidden=True)
    return found
