"""Reviewers of a call: added, let go with a reason, back again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.accounts.service import revoke_global_role
from matchmaker.core.actor import GlobalRole
from matchmaker.core.audit import entries_of
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, IllegalMove, ProductError
from matchmaker.notifications.models import OutboxMessage
from matchmaker.working_groups.calls import queries, steps
from matchmaker.working_groups.calls.domain import CallMove
from matchmaker.working_groups.calls.reviewers import add_reviewer, release_reviewer
from tests.working_groups.calls.made import CLOSES, NOW, SECRETARIAT, person, published

MINUTE = timedelta(minutes=1)


def test_a_reviewer_is_added_and_told(context: Flask) -> None:
    call = published(reviews_due_at=CLOSES + MINUTE)
    user = person("expert", role=GlobalRole.REVIEWER)
    add_reviewer(call, user, SECRETARIAT, NOW)
    assert queries.is_reviewer_of(call.id, user.id)
    assert [row.call_id for row in queries.reviewing_rows_of(user.id)] == [call.id]
    mail = db.session.scalars(select(OutboxMessage)).one()
    assert (mail.address, "17:01" in mail.body) == ("expert@example.com", True)


def test_only_people_with_the_role_and_each_once(context: Flask) -> None:
    call = published()
    with pytest.raises(ProductError, match="役割"):
        add_reviewer(call, person("anybody"), SECRETARIAT, NOW)
    expert = person("expert", role=GlobalRole.REVIEWER)
    assert [user.id for user in queries.possible_reviewers(call.id)] == [expert.id]
    add_reviewer(call, expert, SECRETARIAT, NOW)
    assert queries.possible_reviewers(call.id) == []
    with pytest.raises(ProductError, match="すでに"):
        add_reviewer(call, expert, SECRETARIAT, NOW)


def test_who_leaves_keeps_a_row_with_the_reason_and_can_come_back(context: Flask) -> None:
    call, expert = published(), person("expert", role=GlobalRole.REVIEWER)
    reviewer = add_reviewer(call, expert, SECRETARIAT, NOW)
    with pytest.raises(ProductError):
        release_reviewer(reviewer, " ", SECRETARIAT, NOW)
    release_reviewer(reviewer, "異動のため", SECRETARIAT, NOW)
    with pytest.raises(Conflict):
        release_reviewer(reviewer, "もう一度", SECRETARIAT, NOW)
    (row,) = queries.reviewers_of(call.id)
    assert (row.left_at, row.left_reason) == (NOW, "異動のため")
    assert entries_of(call.id)[0].tag == "calls:reviewer:left"
    assert queries.present_reviewers(call.id) == []
    again = add_reviewer(call, expert, SECRETARIAT, NOW + MINUTE)
    assert (again.id, again.left_at, again.left_reason) == (reviewer.id, None, "")


def test_who_loses_the_role_reviews_no_call_any_more(context: Flask) -> None:
    call, expert = published(), person("expert", role=GlobalRole.REVIEWER)
    add_reviewer(call, expert, SECRETARIAT, NOW)
    revoke_global_role(
        expert, GlobalRole.REVIEWER, actor=SECRETARIAT, now=NOW, reason="任期が終わりました"
    )
    (row,) = queries.reviewers_of(call.id)
    assert (row.left_at, row.left_reason) == (NOW, "任期が終わりました")


def test_a_call_that_ended_takes_no_reviewers(context: Flask) -> None:
    call, expert = published(), person("expert", role=GlobalRole.REVIEWER)
    steps.move_call(call, CallMove.CANCEL, "中止", SECRETARIAT, NOW)
    with pytest.raises(IllegalMove):
        add_reviewer(call, expert, SECRETARIAT, NOW)
