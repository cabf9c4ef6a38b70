"""Who may open the pages of activity.

The reader is an observer of the group, the editor a member, the representative its chair.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from matchmaker.accounts.models import User
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.working_groups.groups.activity.decisions import log_decision
from matchmaker.working_groups.groups.activity.documents import Upload, add_document
from matchmaker.working_groups.groups.activity.domain import PostData
from matchmaker.working_groups.groups.activity.posts import draft_post, publish_post
from matchmaker.working_groups.groups.activity.tasks import add_task
from matchmaker.working_groups.groups.domain import GroupData, GroupKind, GroupRole, Visibility
from matchmaker.working_groups.groups.service import add_group_member, found_group
from tests.architecture.access_rules import (
    EDITOR,
    OWNERS,
    READER,
    REPRESENTATIVE,
    SECRETARIAT,
    VISITOR,
    Row,
    Statuses,
    Things,
    everyone,
    get,
    hidden_except,
    post,
    signed_in,
)

GROUP: dict[str, Any] = {"group_id": "activity_group_id"}
INSIDE = (*OWNERS, SECRETARIAT)
WORKING = (EDITOR, REPRESENTATIVE, SECRETARIAT)
RUNNING = (REPRESENTATIVE, SECRETARIAT)
EMPTY = {"title": ""}
MEMBERS: Statuses = {**everyone(), VISITOR: 401}
DIGEST = hidden_except(*OWNERS)
"""The secretariat takes no part in the group and has no news to choose."""


def _rows() -> Iterator[Row]:
    yield from _posts()
    yield from _documents()
    yield from _tasks()
    yield from _decisions()
    yield get("calendars.index", signed_in())
    yield post("calendars.renew", signed_in())
    yield post("calendars.stop", signed_in(302))
    yield get("calendars.mine", everyone(404))
    yield get("calendars.group", everyone(404), **GROUP)
    refused = hidden_except(*OWNERS, status=422)
    yield get("group_digests.choose", DIGEST, **GROUP)
    yield post("group_digests.choose", refused, {"frequency": "hourly"}, **GROUP)
    yield get("group_digests.settings", everyone(404))
    yield post("group_digests.stop", everyone(404))


def _posts() -> Iterator[Row]:
    draft: dict[str, Any] = {**GROUP, "post_id": "draft_group_post_id"}
    public: dict[str, Any] = {**GROUP, "post_id": "group_post_id"}
    yield get("activity_posts.index", everyone())
    yield get("group_posts.index", MEMBERS, **GROUP)
    yield get("group_posts.new", hidden_except(*WORKING), **GROUP)
    yield post("group_posts.new", hidden_except(*WORKING, status=422), **GROUP)
    yield get("group_posts.show", MEMBERS, **public)
    yield get("group_posts.show", hidden_except(*WORKING), **draft)
    yield get("group_posts.edit", hidden_except(*WORKING), **draft)
    yield get("group_posts.edit", hidden_except(*RUNNING), **public)
    yield post("group_posts.edit", hidden_except(*WORKING, status=422), EMPTY, **draft)
    yield post("group_posts.publish", hidden_except(*RUNNING, status=409), **draft)
    yield get("group_posts.retract", hidden_except(*RUNNING), **public)
    yield post("group_posts.retract", hidden_except(*RUNNING, status=422), **public)


def _documents() -> Iterator[Row]:
    out: dict[str, Any] = {**GROUP, "document_id": "group_document_id"}
    waiting: dict[str, Any] = {**GROUP, "document_id": "waiting_document_id"}
    yield get("group_documents.index", MEMBERS, **GROUP)
    yield get("group_documents.new", hidden_except(*WORKING), **GROUP)
    yield post("group_documents.new", hidden_except(*WORKING, status=422), **GROUP)
    yield get("group_documents.show", MEMBERS, **out)
    yield get("group_documents.show", hidden_except(*RUNNING), **waiting)
    yield get("group_documents.download", MEMBERS, **out, number=1)
    yield get("group_documents.download", hidden_except(*RUNNING), **waiting, number=1)
    yield get("group_documents.replace", hidden_except(*WORKING), **out)
    yield get("group_documents.replace", hidden_except(*RUNNING), **waiting)
    yield post("group_documents.replace", hidden_except(*WORKING, status=422), **out)
    yield get("group_documents.edit", hidden_except(*RUNNING), **out)
    yield post("group_documents.edit", hidden_except(*RUNNING, status=422), EMPTY, **out)
    yield get("group_documents.remove", hidden_except(*RUNNING), **out)
    yield post("group_documents.remove", hidden_except(*RUNNING, status=422), **out)
    yield post("group_documents.restore", hidden_except(*RUNNING, status=409), **out)


def _tasks() -> Iterator[Row]:
    task: dict[str, Any] = {**GROUP, "task_id": "group_task_id"}
    yield get("group_tasks.index", hidden_except(*INSIDE), **GROUP)
    yield get("group_tasks.export", hidden_except(*INSIDE), **GROUP)
    yield get("group_tasks.new", hidden_except(*WORKING), **GROUP)
    yield post("group_tasks.new", hidden_except(*WORKING, status=422), **GROUP)
    yield get("group_tasks.edit", hidden_except(*WORKING), **task)
    yield post("group_tasks.edit", hidden_except(*WORKING, status=422), EMPTY, **task)
    # the observer owns the task
    yield post("group_tasks.finish", hidden_except(READER, *WORKING, status=302), **task)
    yield post("group_tasks.reopen", hidden_except(*WORKING, status=409), **task)
    yield get("group_tasks.drop", hidden_except(*WORKING), **task)
    yield post("group_tasks.drop", hidden_except(*WORKING, status=422), **task)


def _decisions() -> Iterator[Row]:
    decision: dict[str, Any] = {**GROUP, "decision_id": "group_decision_id"}
    yield get("group_decisions.index", hidden_except(*INSIDE), **GROUP)
    yield get("group_decisions.export", hidden_except(*INSIDE), **GROUP)
    yield get("group_decisions.new", hidden_except(*RUNNING), **GROUP)
    yield post("group_decisions.new", hidden_except(*RUNNING, status=422), **GROUP)
    yield get("group_decisions.replace", hidden_except(*RUNNING), **decision)
    yield post("group_decisions.replace", hidden_except(*RUNNING, status=422), **decision)


ROWS: tuple[Row, ...] = tuple(_rows())


def add_things(world: Things) -> None:
    """A group for members with a post, a draft, documents, a task and a decision."""
    now = clock.now()
    group = found_group(
        GroupData(kind=GroupKind.ASSEMBLY, name="活動の多いWG", visibility=Visibility.MEMBERS),
        SYSTEM,
        now,
    )
    world.ids["activity_group_id"] = group.id
    roles = (GroupRole.OBSERVER, GroupRole.MEMBER, GroupRole.CHAIR)
    for name, role in zip((READER, EDITOR, REPRESENTATIVE), roles, strict=True):
        user = db.session.get_one(User, world.ids[f"{name}_id"])
        add_group_member(group, user, None, role, SYSTEM, now)
    for name in ("draft_group_post_id", "group_post_id"):
        made = draft_post(
            group, PostData("竹の回収", "集めました。", Visibility.MEMBERS), SYSTEM, now
        )
        world.ids[name] = made.id
    publish_post(made, SYSTEM, now, expected_revision=1)
    for name, moment in (("group_document_id", None), ("waiting_document_id", timedelta(days=1))):
        upload = Upload("案.txt", "回収の案".encode())
        document = add_document(
            group, "案", upload, Visibility.MEMBERS, SYSTEM, now,
            publish_at=now + moment if moment else None,
        )  # fmt: skip
        world.ids[name] = document.id
    owner = db.session.get_one(User, world.ids[f"{READER}_id"])
    world.ids["group_task_id"] = add_task(group, "数える", SYSTEM, now, owner=owner).id
    world.ids["group_decision_id"] = log_decision(
        group, "月に1回集まる", today(now), SYSTEM, now
    ).id
