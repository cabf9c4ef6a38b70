"""Calls, proposals, reviews, groups and meetings in every state, written straight into the tables.

The states are set without the services: the matrix asks who sees what *in* a state, however the
record came into it. Each thing carries words of its own (``MARK``), so that a page can be searched
for what it must not tell.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta
from typing import Any

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db, new_id
from matchmaker.core.storage import store
from matchmaker.core.uploads import ATTACHMENT, check_upload
from matchmaker.working_groups.calls.domain import CallKind, CallState
from matchmaker.working_groups.calls.models import Call, CallReviewer, Criterion
from matchmaker.working_groups.groups.domain import GroupKind, GroupRole, GroupState, Visibility
from matchmaker.working_groups.groups.models import (
    DocumentVersion,
    GroupDocument,
    GroupMember,
    WorkingGroup,
)
from matchmaker.working_groups.meetings.domain import MeetingState, MinutesKind, MinutesState
from matchmaker.working_groups.meetings.models import Meeting, Minutes, MinutesVersion
from matchmaker.working_groups.proposals.domain import AuthorRole, OriginKind, ProposalState
from matchmaker.working_groups.proposals.models import (
    Proposal,
    ProposalAuthor,
    ProposalRevision,
)
from matchmaker.working_groups.reviews.domain import DecisionState, Outcome, ReviewState
from matchmaker.working_groups.reviews.models import Decision, Review, ReviewScore
from tests.working_groups.matrix import people as who
from tests.working_groups.matrix.people import People

DAY = timedelta(days=1)
TEXT_MARK = "竹林の手入れを町と会社で分けて受け持ちます"
REASON_MARK = "講評の目印となる文です"
SCORE_MARK = "採点の目印となる文です"
LINK_MARK = "https://online.example.com/secret-room"
MINUTES_MARK = "議事録の目印となる文です"
PURPOSE_MARK = "WGの目的の目印となる文です"
CALL_MARK = "公募の目印となる文です"
FILE_MARK = b"kept in the file\n"
QUESTION = "plan"


def add(record: Any) -> Any:
    """Write a record and give it back."""
    db.session.add(record)
    db.session.flush()
    return record


def call(state: CallState, opens: timedelta, closes: timedelta, *, published: bool = True) -> Call:
    """A call whose period lies around now."""
    now = clock.now()
    made: Call = add(
        Call(
            kind=CallKind.SUB_WG, title=f"公募 {new_id()}", body=CALL_MARK, categories=[],
            opens_at=now + opens, closes_at=now + closes, timetable=[],
            questions=[{"id": QUESTION, "kind": "text", "label": "計画"}],
            state=state, published_at=now - 300 * DAY if published else None,
            created_at=now, updated_at=now, frozen_at=now, last_number=9,
        )
    )  # fmt: skip
    add(Criterion(call_id=made.id, position=1, name="実現性", weight=50))
    return made


def open_call() -> Call:
    """A call that takes proposals."""
    return call(CallState.PUBLISHED, -DAY, DAY)


def closed_call() -> Call:
    """A call whose deadline is over."""
    return call(CallState.PUBLISHED, -9 * DAY, -DAY)


def reviewers_of(made: Call, people: People) -> None:
    """The call's reviewers: three present ones (one of them in conflict) and one who left."""
    now = clock.now()
    for key in (who.REVIEWER, who.SECOND_REVIEWER, who.CONFLICTED, who.LEFT_REVIEWER):
        left = now if key == who.LEFT_REVIEWER else None
        add(CallReviewer(call_id=made.id, user_id=people.users[key], added_at=now, left_at=left))


def proposal(made: Call, people: People, state: ProposalState, number: int = 1) -> Proposal:
    """A proposal of the town with the recycler, one invited and one former author."""
    now = clock.now()
    is_received = state not in (ProposalState.DRAFT,)
    merged = state is ProposalState.MERGED
    target = proposal(made, people, ProposalState.SUBMITTED, number + 50).id if merged else None
    written: Proposal = add(
        Proposal(
            call_id=made.id, number=number if is_received else None, title=f"提案 {number}",
            lead_organization_id=people.organizations["town"], answers={QUESTION: TEXT_MARK},
            state=state, origin_kind=OriginKind.NOTHING, origin_facts={},
            submitted_at=now - 2 * DAY if is_received else None,
            submitted_revision=1 if is_received else None,
            merged_into_id=target, created_at=now, updated_at=now,
        )
    )  # fmt: skip
    add(
        ProposalRevision(
            proposal_id=written.id, number=1, title=written.title, answers=written.answers,
            actor_name="代表", at=now,
        )
    )  # fmt: skip
    _author(written, people, who.LEAD, AuthorRole.LEAD, accepted_at=now)
    _author(written, people, who.CO_AUTHOR, AuthorRole.CO_AUTHOR, accepted_at=now)
    _author(written, people, who.INVITED, AuthorRole.CO_AUTHOR)
    _author(written, people, who.FORMER_AUTHOR, AuthorRole.CO_AUTHOR, accepted_at=now, left_at=now)
    return written


def _author(
    written: Proposal, people: People, key: str, role: AuthorRole, **dates: datetime
) -> None:
    add(
        ProposalAuthor(
            proposal_id=written.id, user_id=people.users[key], role=role,
            organization_id=people.organizations[who.MEMBERS[key][0]],
            invited_at=clock.now(), **dates,
        )
    )  # fmt: skip


def review(written: Proposal, people: People, key: str, state: ReviewState) -> Review:
    """One reviewer's review; drafts and submitted ones hold points and a reason."""
    now = clock.now()
    done = state is ReviewState.SUBMITTED
    made: Review = add(
        Review(
            call_id=written.call_id, proposal_id=written.id, reviewer_id=people.users[key],
            state=state, total_rate=0.8 if done else None, reviewed_revision=1,
            submitted_at=now if done else None, created_at=now, updated_at=now,
        )
    )  # fmt: skip
    criterion = db.session.query(Criterion).filter_by(call_id=written.call_id).one()
    if state in (ReviewState.DRAFT, ReviewState.SUBMITTED):
        add(
            ReviewScore(
                review_id=made.id, criterion_id=criterion.id, points=4,
                reason=f"{SCORE_MARK}（{key}）",
            )
        )  # fmt: skip
    return made


def decision(written: Proposal, people: People, state: DecisionState) -> Decision:
    """A decision; one that is more than a draft was checked by a second person."""
    now = clock.now()
    is_checked = state is not DecisionState.DRAFT
    made: Decision = add(
        Decision(
            call_id=written.call_id, proposal_id=written.id, outcome=Outcome.DECLINED,
            reasons=REASON_MARK, state=state, prepared_by_id=people.users[who.SECRETARIAT],
            checked_by_id=people.users[who.SECOND_SECRETARY] if is_checked else None,
            checked_at=now if is_checked else None,
            released_at=now if state is DecisionState.RELEASED else None,
            created_at=now, updated_at=now,
        )
    )  # fmt: skip
    return made


def group(
    people: People, visibility: Visibility, state: GroupState = GroupState.ACTIVE
) -> WorkingGroup:
    """A group with chair, member, observer and one who left."""
    now = clock.now()
    made: WorkingGroup = add(
        WorkingGroup(
            kind=GroupKind.WG, name=f"WG {new_id()}", purpose=PURPOSE_MARK, visibility=visibility,
            state=state, state_reason="理由", final_report="報告",
            final_report_published_at=now if state is GroupState.CLOSED else None,
            created_at=now, updated_at=now,
        )
    )  # fmt: skip
    for key, role in (
        (who.CHAIR, GroupRole.CHAIR),
        (who.MEMBER, GroupRole.MEMBER),
        (who.OBSERVER, GroupRole.OBSERVER),
        (who.FORMER_MEMBER, GroupRole.MEMBER),
    ):
        today = clock.today(now)
        ended = today - DAY if key == who.FORMER_MEMBER else None
        add(
            GroupMember(
                group_id=made.id, user_id=people.users[key], role=role,
                organization_id=people.organizations[who.MEMBERS[key][0]],
                starts_on=today - 9 * DAY, ends_on=ended, created_at=now,
            )
        )  # fmt: skip
    return made


def meeting(made: WorkingGroup, visibility: Visibility, state: MeetingState) -> Meeting:
    """A meeting with a way in online; held ones lie in the past."""
    now = clock.now()
    starts = now - 2 * DAY if state is MeetingState.HELD else now + 9 * DAY
    is_told = state in (MeetingState.ANNOUNCED, MeetingState.HELD)
    planned: Meeting = add(
        Meeting(
            group_id=made.id, title="会合", starts_at=starts, ends_at=starts + DAY / 12,
            place="町役場", online_url=LINK_MARK, visibility=visibility, state=state,
            state_reason="理由", check_in_code=uuid.uuid4().hex,
            announced_at=now - 9 * DAY if is_told else None, created_at=now, updated_at=now,
        )
    )  # fmt: skip
    return planned


def minutes(held: Meeting, visibility: Visibility, state: MinutesState) -> Minutes:
    """Minutes of a meeting, with their one version."""
    now = clock.now()
    is_out = state is MinutesState.PUBLISHED
    made: Minutes = add(
        Minutes(
            meeting_id=held.id, kind=MinutesKind.MINUTES, body=MINUTES_MARK, state=state,
            visibility=visibility, revision=1, published_at=now if is_out else None,
            published_revision=1 if is_out else None, created_at=now, updated_at=now,
        )
    )  # fmt: skip
    add(MinutesVersion(minutes_id=made.id, number=1, body=MINUTES_MARK, actor_name="座長", at=now))
    return made


def document(
    made: WorkingGroup, visibility: Visibility, *, published: timedelta | None, removed: bool
) -> DocumentVersion:
    """A file of a group, with its moment of publication relative to now."""
    now = clock.now()
    name = hashlib.sha256(str(new_id()).encode()).hexdigest()[:8]
    file = store(check_upload(f"{name}.txt", FILE_MARK, ATTACHMENT), SYSTEM, now)
    kept: GroupDocument = add(
        GroupDocument(
            group_id=made.id, title="資料", visibility=visibility,
            publish_at=None if published is None else now + published,
            removed_at=now if removed else None, removal_reason="差し替え", created_at=now,
        )
    )  # fmt: skip
    version: DocumentVersion = add(
        DocumentVersion(
            document_id=kept.id, number=1, file_id=file.id, created_by_name="座長", created_at=now
        )
    )
    return version
