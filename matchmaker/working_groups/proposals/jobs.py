"""Background work of proposals, called by the worker."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from matchmaker.core.db import db
from matchmaker.matching.engine import current_engine
from matchmaker.working_groups.proposals.models import Proposal, ProposalRevision
from matchmaker.working_groups.proposals.similarity import encode_waiting

KEPT_WHOLE = timedelta(days=14)
"""As long as this every autosave stays, as a base for whoever has an old page open."""

AT_ONCE = 500


def encode_proposals(now: datetime) -> int:
    """Make the vectors that handed-in proposals lack; gives their number."""
    return encode_waiting(current_engine().encoder, now)


def thin_revisions(now: datetime) -> int:
    """Drop old autosaves of which the same day has a later one; gives their number.

    What was handed in, saved by hand, or is the newest of its day stays.
    """
    day = func.date(ProposalRevision.at)
    later = (
        select(func.max(ProposalRevision.number))
        .group_by(ProposalRevision.proposal_id, ProposalRevision.actor_id, day)
        .with_only_columns(func.max(ProposalRevision.number), ProposalRevision.proposal_id)
        .subquery()
    )
    newest_of_day = select(later.c[0]).where(later.c.proposal_id == ProposalRevision.proposal_id)
    submitted = select(Proposal.submitted_revision).where(
        Proposal.id == ProposalRevision.proposal_id, Proposal.submitted_revision.is_not(None)
    )
    query = (
        select(ProposalRevision.id)
        .where(
            ProposalRevision.is_autosave,
            ProposalRevision.at < now - KEPT_WHOLE,
            ProposalRevision.number.not_in(newest_of_day),
            ProposalRevision.number.not_in(submitted),
        )
        .order_by(ProposalRevision.at)
        .limit(AT_ONCE)
    )
    ids = db.session.scalars(query).all()
    db.session.execute(delete(ProposalRevision).where(ProposalRevision.id.in_(ids)))
    db.session.commit()
    return len(ids)
