"""Who reviews, who reads scores, who decides. Pure predicates."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from matchmaker.core.actor import Actor
from matchmaker.working_groups.reviews.domain import SCORING, DecisionState, ReviewState


@dataclass(frozen=True, slots=True)
class Seat:
    """What a person is to the review of one proposal (see ``queries.seat_of``).

    Args:
        state: where the person's own review stands; None without one.
        is_present: whether the person is a reviewer of the call and has not left.
        is_conflicted: whether an organisation of the person wrote the proposal.
        is_closed: whether the deadline of the proposal is over.
        is_undecided: whether the proposal still waits for a decision.
    """

    state: ReviewState | None = None
    is_present: bool = False
    is_conflicted: bool = False
    is_closed: bool = False
    is_undecided: bool = False


NO_SEAT = Seat()


def can_open_own_list(actor: Actor) -> bool:
    """The list of one's own reviews: reviewers."""
    return actor.is_reviewer


def can_open_review(actor: Actor, reviewer_id: uuid.UUID, seat: Seat) -> bool:
    """One's own review, also one that was closed by a conflict (it then shows no content)."""
    return actor.is_reviewer and actor.user_id == reviewer_id and seat.is_present


def is_admitted(actor: Actor, seat: Seat) -> bool:
    """Read the proposal: reviewers of its call, after the deadline, without a conflict."""
    return (
        actor.is_reviewer
        and seat.is_present
        and seat.is_closed
        and not seat.is_conflicted
        and seat.state in SCORING
    )


def can_score(actor: Actor, seat: Seat) -> bool:
    """Write scores: whoever is admitted, until the proposal is decided."""
    return is_admitted(actor, seat) and seat.is_undecided


def can_declare(actor: Actor, seat: Seat) -> bool:
    """Declare a conflict of interest: whoever scores."""
    return can_score(actor, seat)


def can_take_back(actor: Actor, seat: Seat) -> bool:
    """Take back a declaration: as long as nothing is decided; the system's exclusion stays."""
    return (
        actor.is_reviewer
        and seat.is_present
        and seat.is_undecided
        and not seat.is_conflicted
        and seat.state is ReviewState.CONFLICT
    )


def can_read_scores(actor: Actor, seat: Seat) -> bool:
    """Others' scores: the secretariat, and reviewers once their own are handed in."""
    if actor.is_secretariat:
        return True
    return is_admitted(actor, seat) and seat.state is ReviewState.SUBMITTED


def can_discuss(actor: Actor, seat: Seat) -> bool:
    """Discuss a proposal: those who read the scores."""
    return can_read_scores(actor, seat)


def can_retract(actor: Actor, author_id: uuid.UUID | None) -> bool:
    """Take back a contribution: whoever wrote it."""
    return actor.user_id is not None and actor.user_id == author_id


def can_read_ranking(actor: Actor, *, has_submitted: bool, has_to_do: bool) -> bool:
    """The ranking: the secretariat, and reviewers who have handed in all of theirs."""
    if actor.is_secretariat:
        return True
    return actor.is_reviewer and has_submitted and not has_to_do


def can_run_reviews(actor: Actor) -> bool:
    """See all reviews and hand them out: the secretariat."""
    return actor.is_secretariat


def can_decide(actor: Actor) -> bool:
    """See and prepare decisions, release and correct them: the secretariat."""
    return actor.is_secretariat and actor.is_signed_in


def can_check(actor: Actor, prepared_by_id: uuid.UUID) -> bool:
    """Check a decision: somebody of the secretariat who did not prepare it."""
    return can_decide(actor) and actor.user_id != prepared_by_id


def can_read_decision(actor: Actor, state: DecisionState | None, *, is_author: bool) -> bool:
    """A decision: its authors once it is released; the secretariat always."""
    if actor.is_secretariat:
        return True
    return is_author and state is DecisionState.RELEASED
