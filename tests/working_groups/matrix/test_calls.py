"""Calls, proposals, reviews and decisions: person × state × moment, over HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from matchmaker.core.db import db
from matchmaker.working_groups.calls.domain import CallState, Phase
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.proposals.domain import ProposalState
from matchmaker.working_groups.reviews.domain import DecisionState, ReviewState
from tests.working_groups.matrix import people as who
from tests.working_groups.matrix import things
from tests.working_groups.matrix.conftest import NOTHING, Look
from tests.working_groups.matrix.people import EVERYBODY, People
from tests.working_groups.matrix.test_groups import SECRETARIES, address, seen_by
from tests.working_groups.matrix.things import DAY

CALLS: dict[Phase, Callable[[], Call]] = {
    Phase.DRAFT: lambda: things.call(CallState.DRAFT, DAY, 9 * DAY, published=False),
    Phase.UPCOMING: lambda: things.call(CallState.PUBLISHED, DAY, 9 * DAY),
    Phase.OPEN: things.open_call,
    Phase.CLOSED: things.closed_call,
    Phase.DECIDED: lambda: things.call(CallState.DECIDED, -9 * DAY, -DAY),
    Phase.CANCELLED: lambda: things.call(CallState.CANCELLED, -9 * DAY, DAY),
}
NEVER_PUBLISHED = "cancelled before it was published"
PAGE, TEXT = frozenset({"page"}), frozenset({"page", "text"})
WRITERS = (who.LEAD, who.CO_AUTHOR, who.READER)
HANDED_IN = frozenset(ProposalState) - {ProposalState.DRAFT, ProposalState.WITHDRAWN}
SCORING = (ReviewState.PENDING, ReviewState.DRAFT, ReviewState.SUBMITTED)


@pytest.mark.parametrize("phase", [*Phase, NEVER_PUBLISHED])
def test_calls(matrix_app: Flask, people: People, look: Look, phase: str) -> None:
    with matrix_app.app_context():
        if phase == NEVER_PUBLISHED:
            call = things.call(CallState.CANCELLED, -9 * DAY, DAY, published=False)
        else:
            call = CALLS[Phase(phase)]()
        call_id = call.id
        db.session.commit()
    is_secret = phase in (Phase.DRAFT, NEVER_PUBLISHED)
    path = address(matrix_app, "calls.show", call_id=call_id)
    expected = seen_by(*(SECRETARIES if is_secret else EVERYBODY))
    assert look(path, page=things.CALL_MARK) == expected


@pytest.mark.parametrize("is_closed", [False, True], ids=["open", "closed"])
@pytest.mark.parametrize("state", list(ProposalState))
def test_proposals(
    matrix_app: Flask, people: People, look: Look, state: ProposalState, is_closed: bool
) -> None:
    """Authors and the leading organisation read; the secretariat what was handed in.

    Reviewers read after the deadline, unless an organisation of theirs writes along, unless they
    declared a conflict, and only while they are of the call; what was joined to another proposal is
    read there. Who is invited sees that there is one.
    """
    with matrix_app.app_context():
        call = things.closed_call() if is_closed else things.open_call()
        things.reviewers_of(call, people)
        proposal = things.proposal(call, people, state)
        things.review(proposal, people, who.REVIEWER, ReviewState.PENDING)
        things.review(proposal, people, who.SECOND_REVIEWER, ReviewState.CONFLICT)
        things.review(proposal, people, who.CONFLICTED, ReviewState.EXCLUDED)
        things.review(proposal, people, who.LEFT_REVIEWER, ReviewState.LEFT)
        title, proposal_id = proposal.title, proposal.id
        db.session.commit()
    expected = seen_by(*WRITERS, sees=TEXT)
    expected[who.INVITED] = PAGE
    for key in SECRETARIES:
        expected[key] = TEXT if state in HANDED_IN else PAGE
    if is_closed and state in HANDED_IN - {ProposalState.MERGED}:
        expected[who.REVIEWER] = TEXT
    path = address(matrix_app, "proposals.show", proposal_id=proposal_id)
    assert look(path, page=title, text=things.TEXT_MARK) == expected


@pytest.mark.parametrize("state", list(ReviewState))
def test_reviews(matrix_app: Flask, people: People, look: Look, state: ReviewState) -> None:
    """Each reads the own review alone; the proposal in it only while nothing stands against it."""
    with matrix_app.app_context():
        call = things.closed_call()
        things.reviewers_of(call, people)
        proposal = things.proposal(call, people, ProposalState.SUBMITTED)
        own = things.review(proposal, people, who.REVIEWER, state)
        review_id = own.id
        db.session.commit()
    path = address(matrix_app, "reviews.show", review_id=review_id)
    expected = seen_by(who.REVIEWER, sees=TEXT if state in SCORING else PAGE)
    assert look(path, page="提案", text=things.TEXT_MARK) == expected


@pytest.mark.parametrize("own", list(ReviewState))
def test_scores_of_others(matrix_app: Flask, people: People, look: Look, own: ReviewState) -> None:
    """Others' scores are there after one's own are handed in; authors never see any."""
    with matrix_app.app_context():
        call = things.closed_call()
        things.reviewers_of(call, people)
        proposal = things.proposal(call, people, ProposalState.SUBMITTED)
        things.review(proposal, people, who.REVIEWER, own)
        things.review(proposal, people, who.SECOND_REVIEWER, ReviewState.SUBMITTED)
        things.review(proposal, people, who.CONFLICTED, ReviewState.EXCLUDED)
        proposal_id = proposal.id
        db.session.commit()
    readers = [*SECRETARIES, who.SECOND_REVIEWER]
    if own is ReviewState.SUBMITTED:
        readers.append(who.REVIEWER)
    path = address(matrix_app, "review_desk.show", proposal_id=proposal_id)
    theirs = f"{things.SCORE_MARK}（{who.SECOND_REVIEWER}）"
    assert look(path, page=theirs) == seen_by(*readers)


@pytest.mark.parametrize("state", list(DecisionState))
def test_decisions(matrix_app: Flask, people: People, look: Look, state: DecisionState) -> None:
    """Drafts are the secretariat's; after the release authors read their own on the proposal."""
    released = state is DecisionState.RELEASED
    with matrix_app.app_context():
        call = things.closed_call()
        things.reviewers_of(call, people)
        proposal = things.proposal(
            call, people, ProposalState.DECLINED if released else ProposalState.SUBMITTED
        )
        things.review(proposal, people, who.REVIEWER, ReviewState.SUBMITTED)
        things.decision(proposal, people, state)
        call_id, proposal_id = call.id, proposal.id
        db.session.commit()
    desk = address(matrix_app, "decisions.edit", call_id=call_id, proposal_id=proposal_id)
    assert look(desk, page=things.REASON_MARK) == seen_by(*SECRETARIES)

    page = address(matrix_app, "proposals.show", proposal_id=proposal_id)
    seen = look(page, reasons=things.REASON_MARK, scores=things.SCORE_MARK)
    may_read = (*WRITERS, *SECRETARIES) if released else ()
    for key in EVERYBODY:
        allowed = frozenset({"reasons"}) if key in may_read else NOTHING
        assert seen[key] <= allowed | frozenset({"scores"} if key in SECRETARIES else ()), key
    if released:
        assert all("reasons" in seen[key] for key in WRITERS)
