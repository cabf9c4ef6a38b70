"""A pilot opened for a page: with its consortium, what the person may do, and the moment."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from flask import request

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.forms import ProductForm
from matchmaker.partnering.consortia import queries as consortia
from matchmaker.partnering.consortia.domain import FILLING_STATES
from matchmaker.partnering.consortia.models import Consortium, ConsortiumPartner
from matchmaker.partnering.pilots import policy, queries
from matchmaker.partnering.pilots.checking import FaultyInput
from matchmaker.partnering.pilots.models import Pilot

FormKind = TypeVar("FormKind", bound=ProductForm)


@dataclass(frozen=True, slots=True)
class OpenPilot:
    """A whole pilot before somebody who may see it.

    Args:
        partners: those that take part, the lead first.
    """

    pilot: Pilot
    consortium: Consortium
    partners: Sequence[ConsortiumPartner]
    actor: Actor
    now: datetime

    @property
    def writes(self) -> bool:
        """Whether the person may change the plan."""
        return policy.can_write_pilot(self.actor, self.pilot, self.partners)

    @property
    def reports(self) -> bool:
        """Whether the person may hand in reports."""
        return policy.can_report(self.actor, self.pilot, self.partners)

    @property
    def corrects(self) -> bool:
        """Whether the person may correct reports."""
        return policy.can_correct_report(self.actor, self.pilot, self.partners)

    @property
    def own_partners(self) -> list[ConsortiumPartner]:
        """Partners for which the person may say whether they are named publicly."""
        return [
            each
            for each in self.partners
            if each.organization_id is not None
            and policy.can_name_partner(self.actor, each.organization_id, self.partners)
        ]


def open_pilot(pilot_id: uuid.UUID) -> OpenPilot:
    """A pilot for somebody who may see it whole; for others it does not exist."""
    pilot = queries.get_whole(pilot_id)
    consortium = consortia.get(pilot.consortium_id)
    actor = authorize(policy.can_view_pilot(current_actor(), consortium), hidden=True)
    return OpenPilot(pilot, consortium, taking_part(consortium), actor, clock.now())


def taking_part(consortium: Consortium) -> list[ConsortiumPartner]:
    """Partners that take part, the lead first (partners loaded)."""
    return [each for each in consortium.partners if each.state in FILLING_STATES]


def open_to_write(pilot_id: uuid.UUID) -> OpenPilot:
    """A pilot for somebody who may change its plan."""
    place = open_pilot(pilot_id)
    authorize(place.writes)
    return place


def opened(kind: type[FormKind], **values: Any) -> FormKind:
    """A form with what was typed before the session ended, or else with ``values``."""
    return kind(stashed_values(request.path), **values)


def tell(form: ProductForm, error: ProductError) -> dict[str, str]:
    """Attach what is wrong to the fields of the form.

    Returns:
        Messages by field, for inputs that are no fields of the form (rows of tables).
    """
    messages = (
        error.messages if isinstance(error, FaultyInput) else {error.field or "": error.message}
    )
    for name, message in messages.items():
        form.add_error(name or None, message)
    return messages


def renew(form: Any, revision: int, error: ProductError) -> None:
    """Let a form name the present revision once its sender was told that another was faster.

    After a mistake it keeps its own: else the corrected form would overwrite what nobody read.
    """
    if isinstance(error, Conflict):
        form.revision.data = str(revision)
