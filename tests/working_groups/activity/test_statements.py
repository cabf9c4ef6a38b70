"""Pages ask the database the same number of questions however much there is."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.working_groups.groups.activity.decisions import log_decision
from matchmaker.working_groups.groups.activity.documents import Upload, add_document
from matchmaker.working_groups.groups.activity.domain import PostData
from matchmaker.working_groups.groups.activity.posts import draft_post, publish_post
from matchmaker.working_groups.groups.activity.tasks import add_task
from matchmaker.working_groups.groups.domain import Visibility
from tests.seeding.seeded import counted_statements
from tests.working_groups.activity.conftest import Cast

PARTS = ("/posts", "/documents", "/tasks", "/decisions", "")
MOST = {"/posts": 10, "/documents": 11, "/tasks": 11, "/decisions": 11, "": 40}
"""Statements of a page, the person and the group included; the group's page has parts of others."""


def fill(cast: Cast, number: int) -> None:
    with cast.app.app_context():
        group, now = cast.group(), clock.now()
        for each in range(number):
            data = PostData(f"題{each}", "本文", Visibility.PUBLIC)
            publish_post(draft_post(group, data, SYSTEM, now), SYSTEM, now, expected_revision=1)
            upload = Upload(f"{each}.txt", b"memo")
            add_document(group, f"案{each}", upload, Visibility.PUBLIC, SYSTEM, now)
            add_task(group, f"仕事{each}", SYSTEM, now, owner=cast.user("member"))
            log_decision(group, f"決定{each}", today(now), SYSTEM, now)
        db.session.commit()


def statements(cast: Cast, client: FlaskClient, part: str) -> int:
    with counted_statements(cast.app) as found:
        assert client.get(cast.path(part)).status_code == 200
    return len(found)


@pytest.mark.parametrize("part", PARTS)
def test_the_number_of_statements_does_not_grow(cast: Cast, part: str) -> None:
    client = cast.browser("chair").client
    fill(cast, 3)
    few = statements(cast, client, part)
    fill(cast, 15)
    many = statements(cast, client, part)
    assert many <= few
    assert many <= MOST[part]
