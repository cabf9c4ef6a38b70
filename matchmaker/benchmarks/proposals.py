"""Server time of the pages of a call with many proposals and reviews, on a throw-away database."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from config import Settings
from matchmaker.accounts.models import User
from matchmaker.accounts.service import create_user, grant_global_role
from matchmaker.benchmarks.corpus import NEEDS, SEED, sentences
from matchmaker.benchmarks.pages import client_of, time_page
from matchmaker.benchmarks.throwaway import throwaway_app
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, GlobalRole
from matchmaker.core.db import db, new_id
from matchmaker.core.navigation import url_if_exists
from matchmaker.organizations.models import Organization
from matchmaker.seeding.loading import seed
from matchmaker.working_groups.calls.domain import CallKind, CallState
from matchmaker.working_groups.calls.models import Call, CallReviewer, Criterion
from matchmaker.working_groups.proposals.domain import AuthorRole, OriginKind, ProposalState
from matchmaker.working_groups.proposals.models import (
    Proposal,
    ProposalAuthor,
    ProposalRevision,
)
from matchmaker.working_groups.reviews.assignment import sync_reviews
from matchmaker.working_groups.reviews.domain import ReviewState
from matchmaker.working_groups.reviews.models import Review, ReviewScore
from matchmaker.working_groups.reviews.ranking import weighted_rate

CRITERIA = (("実現性", 40), ("効果", 30), ("広がり", 20), ("新しさ", 10))
POINTS = 5
SENTENCES_AN_ANSWER = 6
OPEN_REVIEWS = 0.2
"""Share of the reviews of the first reviewer that are still to be done."""

QUESTIONS = [
    {"id": "plan", "kind": "text", "label": "進め方", "required": True},
    {"id": "effect", "kind": "text", "label": "見込まれる効果", "required": True},
]


@dataclass(frozen=True, slots=True)
class Filled:
    """What was written: the call and who opens its pages (as sessions name people)."""

    call_id: uuid.UUID
    secretary: str
    reviewer: str


def run_proposal_bench(
    make_app: Any, settings: Settings, proposals: int, reviewers: int, rounds: int = 20
) -> dict[str, Any]:
    """Fill a database with a call and time its pages.

    Args:
        make_app: ``create_app``.
        settings: settings to start from; database and files go into a temporary folder.
        proposals: number of handed-in proposals.
        reviewers: number of reviewers; each reviews all.
        rounds: how often each page is asked for.

    Returns:
        ``{"proposals", "reviewers", "pages": {path: {"p50_ms", "p95_ms", "queries"}}}``; times in
        milliseconds of server time, ``queries`` the number of statements.
    """
    without_model = settings.model_copy(update={"embedding_model": "none"})
    with throwaway_app(make_app, without_model) as (app, changed):
        with app.app_context():
            filled = _fill(changed, proposals, reviewers)
            db.session.remove()
        with app.test_request_context():
            paths = _paths(filled)
        pages = {
            path: time_page(app, client_of(app, user), path, rounds) for path, user in paths.items()
        }
    return {"proposals": proposals, "reviewers": reviewers, "pages": pages}


def _paths(filled: Filled) -> dict[str, str]:
    """The pages with who asks for them."""
    secretary, reviewer, call = filled.secretary, filled.reviewer, filled.call_id
    listed = url_if_exists("proposals.of_call", call_id=call) or f"/calls/{call}/proposals"
    return {
        listed: secretary,
        f"/calls/{call}": secretary,
        f"/calls/{call}/reviews": secretary,
        f"/calls/{call}/reviews?sort=spread&direction=desc&page=5": secretary,
        f"/calls/{call}/decisions": secretary,
        f"/calls/{call}/decisions/releases": secretary,
        f"/calls/{call}/reviews.xlsx": secretary,
        "/reviews": reviewer,
        f"/reviews?call={call}&show=todo&page=2": reviewer,
    }


def _fill(settings: Settings, proposals: int, reviewers: int) -> Filled:
    now = clock.now()
    seed(settings, now, demo=True)
    people = [_person(number, GlobalRole.REVIEWER, now) for number in range(reviewers)]
    secretary = _person(reviewers, GlobalRole.SECRETARIAT, now)
    call = _call(people, now)
    organizations = db.session.scalars(select(Organization.id).order_by(Organization.id)).all()
    writers = db.session.scalars(select(User.id).order_by(User.id).limit(20)).all()
    _write_proposals(call.id, proposals, organizations, writers, now)
    db.session.commit()
    sync_reviews(call.id, SYSTEM, now)
    _write_scores(call, people[0].id, now)
    db.session.commit()
    return Filled(call.id, secretary.fs_uniquifier, people[0].fs_uniquifier)


def _person(number: int, role: GlobalRole, now: datetime) -> User:
    name = f"計測{number}"
    user = create_user(f"bench{number}@meguriawase.example", name, uuid.uuid4().hex, now)
    grant_global_role(user, role, now=now)
    return user


def _call(reviewers: Sequence[User], now: datetime) -> Call:
    call = Call(
        id=new_id(), kind=CallKind.PILOT, title="計測の公募", categories=[], timetable=[],
        opens_at=now - timedelta(days=40), closes_at=now - timedelta(days=1),
        reviews_due_at=now + timedelta(days=20), questions=QUESTIONS, frozen_at=now,
        state=CallState.PUBLISHED, published_at=now - timedelta(days=40), created_at=now,
        updated_at=now,
        criteria=[
            Criterion(position=position, name=name, weight=weight, points=POINTS)
            for position, (name, weight) in enumerate(CRITERIA)
        ],
    )  # fmt: skip
    db.session.add(call)
    db.session.flush()
    db.session.add_all(
        CallReviewer(call_id=call.id, user_id=user.id, added_at=now) for user in reviewers
    )
    return call


def _write_proposals(
    call_id: uuid.UUID,
    count: int,
    organizations: Sequence[uuid.UUID],
    writers: Sequence[uuid.UUID],
    now: datetime,
) -> None:
    chance, known = random.Random(SEED), sentences(NEEDS.folder)  # noqa: S311 - repeatable
    rows = [_proposal(call_id, n + 1, organizations, chance, known, now) for n in range(count)]
    db.session.execute(insert(Proposal), rows)
    db.session.execute(insert(ProposalRevision), [_revision(row, now) for row in rows])
    authors = [
        _author(row, user_id, organization_id, role, now)
        for row in rows
        for user_id, organization_id, role in zip(
            chance.sample(writers, 3),
            (row["lead_organization_id"], *chance.sample(organizations, 2)),
            (AuthorRole.LEAD, AuthorRole.CO_AUTHOR, AuthorRole.CO_AUTHOR),
            strict=True,
        )
    ]
    db.session.execute(insert(ProposalAuthor), authors)


def _proposal(
    call_id: uuid.UUID,
    number: int,
    organizations: Sequence[uuid.UUID],
    chance: random.Random,
    known: Sequence[str],
    now: datetime,
) -> dict[str, Any]:
    answers = {
        question["id"]: "".join(chance.sample(known, SENTENCES_AN_ANSWER)) for question in QUESTIONS
    }
    return {
        "id": new_id(),
        "call_id": call_id,
        "number": number,
        "title": f"計測の提案{number}：{chance.choice(known)}"[:80],
        "lead_organization_id": chance.choice(organizations),
        "answers": answers,
        "state": ProposalState.SUBMITTED,
        "revision": 1,
        "submitted_revision": 1,
        "submitted_at": now - timedelta(days=2),
        "origin_kind": OriginKind.NOTHING,
        "origin_facts": {},
        "created_at": now,
        "updated_at": now,
    }


def _revision(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "proposal_id": row["id"],
        "number": 1,
        "title": row["title"],
        "answers": row["answers"],
        "actor_name": "計測",
        "at": now,
    }


def _author(
    row: Mapping[str, Any],
    user_id: uuid.UUID,
    organization_id: uuid.UUID,
    role: AuthorRole,
    now: datetime,
) -> dict[str, Any]:
    return {
        "proposal_id": row["id"],
        "user_id": user_id,
        "organization_id": organization_id,
        "role": role,
        "invited_at": now,
        "accepted_at": now,
    }


def _write_scores(call: Call, busy_reviewer: uuid.UUID, now: datetime) -> None:
    """Complete scores for all reviews, but for a share of one reviewer's."""
    chance, scores = random.Random(SEED), []  # noqa: S311 - repeatable, not secret
    query = select(Review).where(Review.call_id == call.id, Review.state == ReviewState.PENDING)
    for review in db.session.scalars(query):
        if review.reviewer_id == busy_reviewer and chance.random() < OPEN_REVIEWS:
            continue
        given = [chance.randint(1, POINTS) for _ in call.criteria]
        scores += [
            _score(review.id, each.id, points)
            for each, points in zip(call.criteria, given, strict=True)
        ]
        review.total_rate = weighted_rate(
            (points, POINTS, each.weight) for each, points in zip(call.criteria, given, strict=True)
        )
        review.state, review.reviewed_revision = ReviewState.SUBMITTED, 1
        review.submitted_at = now
    db.session.flush()
    db.session.execute(insert(ReviewScore), scores)


def _score(review_id: uuid.UUID, criterion_id: uuid.UUID, points: int) -> dict[str, Any]:
    return {
        "review_id": review_id,
        "criterion_id": criterion_id,
        "points": points,
        "reason": "計測の理由です。",
    }


def render_proposal_bench(result: Mapping[str, Any]) -> str:
    """The figures as a table for people."""
    lines = [
        f"proposals: {result['proposals']:,}  reviewers: {result['reviewers']:,}",
        f"{'page':88} {'p50 ms':>8} {'p95 ms':>8} {'queries':>8}",
    ]
    for path, figures in result["pages"].items():
        lines.append(
            f"{path:88} {figures['p50_ms']:8.1f} {figures['p95_ms']:8.1f} {figures['queries']:8d}"
        )
    return "\n".join(lines)
