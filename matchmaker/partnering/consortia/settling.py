"""Moving a consortium: by hand, by what follows from partners and content, by what came of it."""

from __future__ import annotations

from datetime import datetime

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.partnering.consortia import queries
from matchmaker.partnering.consortia.domain import (
    CONSORTIUM_STATES,
    ConsortiumMove,
    ConsortiumState,
    obstacles_to_agreement,
    settle,
)
from matchmaker.partnering.consortia.events import ConsortiumMoved
from matchmaker.partnering.consortia.models import Consortium
from matchmaker.working_groups.proposals.domain import ProposalState

GIVEN_UP = frozenset({ProposalState.WITHDRAWN, ProposalState.DECLINED})
DECIDED_FOR = frozenset({ProposalState.ADOPTED, ProposalState.ADOPTED_WITH_CONDITIONS})


def move(
    consortium: Consortium, step: ConsortiumMove, reason: str, actor: Actor, now: datetime
) -> None:
    """Bring a consortium into another state.

    Raises:
        IllegalMove: the state does not allow it.
        ProductError: the reason is missing (field ``reason``).
    """
    before = consortium.state
    after = CONSORTIUM_STATES.check(before, step, reason)
    consortium.state, consortium.state_reason = after, reason.strip()
    consortium.updated_at = now
    consortium.ended_at = now if after is ConsortiumState.ENDED else None
    db.session.flush()
    record(
        ConsortiumMoved(
            actor=actor, now=now, subject_id=consortium.id, reason=reason.strip(),
            before=before.value, after=after.value,
        )
    )  # fmt: skip


def move_if_possible(
    consortium: Consortium, step: ConsortiumMove, reason: str, actor: Actor, now: datetime
) -> None:
    """The same where the state allows it; otherwise nothing (what happened elsewhere stands)."""
    if step in CONSORTIUM_STATES.possible(consortium.state):
        move(consortium, step, reason, actor, now)


def settle_state(consortium: Consortium, actor: Actor, now: datetime) -> None:
    """Bring the state into step with partners and content (partners loaded)."""
    missing = queries.content_of(consortium).missing()
    due = settle(consortium.state, consortium.partners, consortium.revision, missing)
    if due is not None:
        move(consortium, due.move, due.reason, actor, now)
        _resume(consortium, actor, now)


def _resume(consortium: Consortium, actor: Actor, now: datetime) -> None:
    """After the partners agreed (anew): go on where the proposals of the consortium stand."""
    if consortium.state is not ConsortiumState.AGREED:
        return
    states = {link.proposal.state for link in queries.proposals_of(consortium.id)}
    if states & DECIDED_FOR:
        move(consortium, ConsortiumMove.ADOPT, "", actor, now)
    elif states - GIVEN_UP:
        move(consortium, ConsortiumMove.ANSWER, "", actor, now)


def obstacles_of(consortium: Consortium) -> tuple[str, ...]:
    """What stands between the partners and an agreement, in words."""
    missing = queries.content_of(consortium).missing()
    return obstacles_to_agreement(consortium.partners, consortium.revision, missing)
