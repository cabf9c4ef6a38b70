"""Proposals and reviews on a person's own page: what is to be written, answered or reviewed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from matchmaker.core.actor import Actor
from matchmaker.pages.dashboard import Waiting
from matchmaker.pages.dashboard_terms import until_moment
from matchmaker.working_groups.proposals import policy, queries
from matchmaker.working_groups.proposals.domain import PROPOSAL_STATES, ProposalState
from matchmaker.working_groups.proposals.models import Proposal, ProposalAuthor
from matchmaker.working_groups.proposals.service import deadline_for
from matchmaker.working_groups.reviews.queries import own_progress

MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class OwnProposals:
    """The proposals of a person.

    Args:
        latest: those that changed last.
        total: how many there are.
    """

    latest: Sequence[Proposal]
    total: int

    @property
    def labels(self) -> Mapping[ProposalState, str]:
        """Words for their states."""
        return PROPOSAL_STATES.labels


def own_proposals(actor: Actor) -> OwnProposals:
    """The latest proposals the person writes or whose organisation leads them."""
    if not actor.roles:
        return OwnProposals([], 0)
    page = queries.own_proposals_page(actor, 1)
    return OwnProposals(page.items[:MOST_SHOWN], page.total)


def waiting_for_author(actor: Actor, now: datetime) -> list[Waiting]:
    """Returned proposals, invitations, and what is not handed in yet; the nearest end first."""
    if not actor.roles:
        return []
    rows = queries.rows_in_hand(actor)
    in_time = [row for row in rows if deadline_for(row.proposal) > now or _is_asked(row)]
    in_time.sort(key=lambda row: deadline_for(row.proposal))
    found = (_waiting(actor, row, now) for row in in_time)
    return [*(each for each in found if each), *_coordinations(actor)]


def _is_asked(row: ProposalAuthor) -> bool:
    return row.proposal.state is ProposalState.SUBMITTED


def _waiting(actor: Actor, row: ProposalAuthor, now: datetime) -> Waiting | None:
    """What waits about one proposal, if the person still writes for the organisation."""
    proposal, standing = row.proposal, policy.standing_in(actor, [row])
    name = proposal.title or "件名はまだありません"
    page = url_for("proposals.show", proposal_id=proposal.id)
    due = "" if _is_asked(row) else until_moment(deadline_for(proposal), now)
    if standing.is_invited:
        return Waiting(f"いっしょに書く案内に返事をする：{name}", page, proposal.call.title, due)
    if standing.is_offered_lead:
        return Waiting(f"代表を引き継ぐか返事をする：{name}", page, proposal.call.title, due)
    if not standing.is_author or _is_asked(row):
        return None
    if proposal.state is ProposalState.RETURNED:
        text = f"事務局から：{proposal.state_reason}"
        return Waiting(f"直して提出し直す：{name}", page, text, due)
    return Waiting(f"提案を仕上げて提出する：{name}", page, proposal.call.title, due)


def _coordinations(actor: Actor) -> list[Waiting]:
    return [
        Waiting(
            f"ほかの提案といっしょに進めるか返事をする：{part.proposal.title}",
            url_for("proposals.coordination", coordination_id=part.coordination_id),
            "事務局から案内が届いています。",
        )
        for part in queries.coordinations_to_answer(actor)
    ]


def waiting_for_reviewer(actor: Actor, now: datetime) -> list[Waiting]:
    """The calls in which the person has reviews to hand in."""
    if actor.user_id is None or not actor.is_reviewer:
        return []
    return [
        Waiting(
            f"審査する：{each.title}",
            url_for("reviews.index", call=each.call_id, show="todo"),
            f"{each.to_do}件の提案が残っています。",
            until_moment(each.due_at, now),
        )
        for each in own_progress(actor.user_id, now)
        if each.to_do
    ]
