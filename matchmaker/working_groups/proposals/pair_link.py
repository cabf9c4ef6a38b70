"""On recommended partners: answer a call with the pair."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from flask import url_for

from matchmaker.core import clock
from matchmaker.core.actor import Actor
from matchmaker.matching.extensions import PairLink
from matchmaker.organizations.queries import organizations_by_id
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.calls.policy import can_answer
from matchmaker.working_groups.proposals import queries


def calls_to_answer(actor: Actor, now: datetime) -> Sequence[Call]:
    """Open calls that one of the organisations for which the person writes may answer."""
    own = organizations_by_id([each for each in actor.roles if actor.writes_for(each)]).values()
    return [
        call
        for call in queries.open_calls(now)
        if any(can_answer(actor, call, each.category) for each in own)
    ]


def propose_link(actor: Actor) -> PairLink | None:
    """The link for who can answer a call that is open now."""
    if not calls_to_answer(actor, clock.now()):
        return None
    return PairLink("この組み合わせで公募に応じる", _address)


def _address(need_id: uuid.UUID, offering_id: uuid.UUID) -> str:
    return url_for("proposals.choose", need=need_id, offering=offering_id)
