"""The blueprint that all pages of consortia hang on, and loading one for a page."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor
from matchmaker.partnering.consortia import policy, queries
from matchmaker.partnering.consortia.models import Consortium, ConsortiumPartner
from matchmaker.partnering.consortia.policy import Standing

blueprint = Blueprint("consortia", __name__, url_prefix="/consortia")
INVALID, CONFLICT = 422, 409


@dataclass(frozen=True, slots=True)
class Opened:
    """A consortium and who opened it.

    Args:
        now: the moment of the request.
    """

    consortium: Consortium
    actor: Actor
    standing: Standing
    now: datetime

    def partner(self, partner_id: uuid.UUID) -> ConsortiumPartner:
        """One of its partners.

        Raises:
            NotFound: it has no such partner.
        """
        return queries.partner_of(self.consortium, partner_id)

    @property
    def own_partners(self) -> list[ConsortiumPartner]:
        """Partners for which the person answers."""
        return [p for p in self.consortium.partners if p.id in self.standing.partner_ids]


def open_consortium(consortium_id: uuid.UUID) -> Opened:
    """For whoever may read it.

    Raises:
        NotFound: there is none, or the person may not know of it.
    """
    return _opened(queries.get(consortium_id))


def open_to_change(consortium_id: uuid.UUID) -> Opened:
    """The same, held against others until the request ends; what may be done is asked next."""
    return _opened(queries.locked(consortium_id))


def _opened(consortium: Consortium) -> Opened:
    actor = authorize(policy.can_view(current_actor(), consortium), hidden=True)
    return Opened(consortium, actor, policy.standing_in(actor, consortium), clock.now())
