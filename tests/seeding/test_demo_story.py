"""What the people of the demo do together: calls, proposals, reviews, a working group's life."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from matchmaker.core.actor import SYSTEM
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.settings import current_settings
from matchmaker.seeding import calls, loading
from matchmaker.seeding.files import read_entries
from matchmaker.seeding.loading import seed
from matchmaker.seeding.models import SeedRecord
from matchmaker.seeding.people import actor_of
from matchmaker.seeding.progress import Seeder
from matchmaker.surveys.models import SurveyAnswer
from matchmaker.working_groups.calls.domain import Phase
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.groups.models import (
    DocumentVersion,
    GroupDecision,
    GroupDocument,
    GroupPost,
    GroupTask,
    WorkingGroup,
)
from matchmaker.working_groups.groups.service import close_group
from matchmaker.working_groups.meetings.domain import MeetingState, MinutesState
from matchmaker.working_groups.meetings.models import Attendance, Meeting, Minutes
from matchmaker.working_groups.proposals.domain import ProposalState
from matchmaker.working_groups.proposals.models import Proposal, ProposalRevision
from matchmaker.working_groups.reviews.domain import DecisionState, ReviewState
from matchmaker.working_groups.reviews.models import Decision, Review
from tests.seeding.seeded import NOW, Visit, application


def record_id(key: str) -> Any:
    return Seeder(NOW).record_id(key)


def all_of(model: Any, *conditions: Any) -> list[Any]:
    return list(db.session.scalars(select(model).where(*conditions).order_by(model.id)))


def test_the_calls_of_the_demo_are_open_under_review_and_decided(app: Flask) -> None:
    with app.app_context():
        calls = {key: db.session.get_one(Call, record_id(f"call:{key}")) for key in PHASES}
        assert {key: call.phase(NOW) for key, call in calls.items()} == PHASES
        assert all(call.is_demo and call.title.endswith("（デモ）") for call in calls.values())
        assert "里山の有機資源" in calls["decided-call"].outcome


PHASES = {
    "sub-wg-call": Phase.OPEN,
    "pilot-call": Phase.CLOSED,
    "decided-call": Phase.DECIDED,
}


def test_proposals_stand_where_their_story_says(app: Flask) -> None:
    with app.app_context():
        query = select(Proposal).options(selectinload(Proposal.authors))
        proposals = db.session.scalars(query.order_by(Proposal.submitted_at)).all()
        assert all(proposal.is_demo for proposal in proposals)
        states = {
            key: Counter(p.state for p in proposals if p.call_id == record_id(f"call:{key}"))
            for key in PHASES
        }
        assert states["sub-wg-call"] == {ProposalState.DRAFT: 1, ProposalState.SUBMITTED: 1}
        assert states["pilot-call"] == {ProposalState.SUBMITTED: 8}
        assert states["decided-call"] == {ProposalState.ADOPTED: 1, ProposalState.DECLINED: 1}
        draft = next(p for p in proposals if p.state is ProposalState.DRAFT)
        people = {actor_of(Seeder(NOW), key).user_id for key in ("officer", "startup")}
        assert {a.user_id for a in draft.authors if a.accepted_at} == people
        assert len(all_of(ProposalRevision, ProposalRevision.proposal_id == draft.id)) == 4
        pilot = [p.number for p in proposals if p.call_id == record_id("call:pilot-call")]
        assert pilot == [*range(1, 9)], "numbers of receipt follow the time"


def test_reviews_are_done_begun_closed_and_open(app: Flask) -> None:
    with app.app_context():
        reviews = all_of(Review, Review.call_id == record_id("call:pilot-call"))
        states = Counter(review.state for review in reviews)
        assert set(states) == set(ReviewState) - {ReviewState.LEFT}
        excluded = next(r for r in reviews if r.state is ReviewState.EXCLUDED)
        assert excluded.reviewer_id == record_id("user:reviewer3")
        assert excluded.proposal_id == record_id("proposal:shared-plastic-truck")
        drafts = all_of(Decision, Decision.state == DecisionState.DRAFT)
        assert [each.call_id for each in drafts] == [record_id("call:pilot-call")]


def test_the_adopted_proposal_became_the_working_group(app: Flask) -> None:
    with app.app_context():
        group = db.session.get_one(WorkingGroup, record_id("demo-group:organic-resources"))
        assert group.origin_proposal_id == record_id("proposal:satoyama-loop")
        assert len(all_of(WorkingGroup, WorkingGroup.is_demo)) == 1
        assert all_of(GroupPost)
        assert len(all_of(GroupDecision)) == 3
        assert len([task for task in all_of(GroupTask) if task.owner_id]) == 4
        versions = Counter(each.document_id for each in all_of(DocumentVersion))
        assert max(versions.values()) == 2
        assert len(all_of(GroupDocument, GroupDocument.meeting_id.is_not(None))) == 3


def test_one_meeting_was_held_and_one_is_announced(app: Flask) -> None:
    with app.app_context():
        first, second = (
            db.session.get_one(Meeting, record_id(f"demo-meeting:{key}"))
            for key in ("first", "second")
        )
        assert (first.state, second.state) == (MeetingState.HELD, MeetingState.ANNOUNCED)
        assert first.ends_at < NOW < second.starts_at
        assert all(today(each.starts_at).weekday() < 5 for each in (first, second))
        here = all_of(Attendance, Attendance.meeting_id == first.id)
        assert len([each for each in here if each.attended_at]) == 5
        minutes = all_of(Minutes)
        assert [each.state for each in minutes] == [MinutesState.PUBLISHED]
        answers = all_of(SurveyAnswer, SurveyAnswer.survey_id == first.survey_id)
        assert len(answers) == 3


@pytest.mark.parametrize(
    ("who", "path", "words"),
    [
        ("officer", "/working-groups", "里山の有機資源めぐり サブWG"),
        ("startup", "/proposals", "給食と台所の生ごみ"),
        ("recycler", "/proposals", "小さな町どうしで"),
        ("coordinator", "/calls", "「地域でつくる循環」実証テーマ公募（デモ）"),
        ("coordinator2", "/calls", "「里山と農の資源」サブWG公募（デモ）"),
        ("reviewer", "/reviews", "温泉旅館の食べ残し"),
        ("reviewer2", "/reviews", "利益相反"),
        ("reviewer3", "/reviews", "利益相反（所属）"),
    ],
)
def test_each_person_of_the_demo_finds_something(
    signed_in: Visit, who: str, path: str, words: str
) -> None:
    answer = signed_in(who).get(path)
    assert words in answer.get_data(as_text=True)


def test_a_visitor_reads_the_minutes_and_that_all_is_invented(app: Flask) -> None:
    with app.app_context():
        meeting_id = record_id("demo-meeting:first")
    client = app.test_client()
    page = client.get(f"/meetings/{meeting_id}").get_data(as_text=True)
    assert "架空の会合" in page
    assert "竹と生ごみの量の調べ方" in page


def test_what_does_not_fit_any_more_is_left_out(app: Flask) -> None:
    """People closed the group and took over an address: loading goes on without those parts."""
    with app.app_context():
        group_id = record_id("demo-group:organic-resources")
        group = db.session.get_one(WorkingGroup, group_id)
        close_group(group, "試し終えました。", None, "終わったため", SYSTEM, NOW)
        for meeting in all_of(Meeting, Meeting.group_id == group_id):
            meeting.round = None
        for key in ("demo-meeting:second", "user:kajikawa-husk"):
            db.session.delete(db.session.get_one(SeedRecord, key))
        db.session.commit()
        outcomes = {each.label: each.number for each in seed(current_settings(), NOW)}
        assert outcomes["demo meetings"] == outcomes["demo people who write proposals"] == 0
        seeder = Seeder(NOW)
        assert not any(map(seeder.knows, ("demo-meeting:second", "user:kajikawa-husk")))


def test_a_database_of_an_earlier_version_gets_the_whole_story(
    migrated_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Earlier versions loaded a group and an open call; days count from when those were loaded."""
    with application(tmp_path, migrated_database) as app, app.app_context():
        with monkeypatch.context() as earlier:
            earlier.setattr(loading, "SHARED_STEPS", loading.SHARED_STEPS[1:3])
            earlier.setattr(calls, "read_entries", lambda path: read_entries(path)[:1])
            seed(current_settings(), NOW - timedelta(days=50))
        assert len(all_of(Proposal)) == 0
        outcomes = {each.label: each.number for each in seed(current_settings(), NOW)}
        assert {label: outcomes[label] for label in STORY} == STORY
        assert all_of(Proposal, Proposal.state == ProposalState.ADOPTED)


STORY = {
    "demo people who write proposals": 16,
    "demo calls": 2,
    "demo proposals": 12,
    "demo reviews and decisions": 2,
    "demo documents, tasks and news": 5,
    "demo meetings": 2,
}
