"""What the invented sub-WG does between its meetings: news, documents, tasks, decisions."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.seeding.calls import demo_group
from matchmaker.seeding.files import DEMO, Entry, read_mapping
from matchmaker.seeding.moments import moment_of
from matchmaker.seeding.people import actor_of, person
from matchmaker.seeding.progress import Seeder
from matchmaker.working_groups.groups.activity import queries
from matchmaker.working_groups.groups.activity.decisions import log_decision
from matchmaker.working_groups.groups.activity.documents import (
    Upload,
    add_document,
    replace_document,
)
from matchmaker.working_groups.groups.activity.domain import PostData, TaskMove
from matchmaker.working_groups.groups.activity.posts import draft_post, publish_post
from matchmaker.working_groups.groups.activity.tasks import add_task, move_task
from matchmaker.working_groups.groups.domain import Visibility

FILE = DEMO / "working-group.yaml"


def load_group_life(seeder: Seeder) -> int:
    """Decisions, documents, tasks and news of the demo's sub-WG."""
    parts = read_mapping(FILE)
    loaders = {
        "decisions": _decision,
        "documents": _document,
        "tasks": _task,
        "posts": _post,
    }

    def load(entry: Entry) -> uuid.UUID:
        at = moment_of(entry["at"], seeder.now)
        return loaders[entry["part"]](seeder, entry, actor_of(seeder, entry["by"]), at)

    return sum(
        seeder.load_story(f"group-{part}", "key", [{**e, "part": part} for e in parts[part]], load)
        for part in loaders
    )


def _decision(seeder: Seeder, entry: Entry, actor: Actor, at: datetime) -> uuid.UUID:
    return log_decision(demo_group(seeder), entry["text"], today(at), actor, at).id


def _document(seeder: Seeder, entry: Entry, actor: Actor, at: datetime) -> uuid.UUID:
    """A document with all its versions."""
    group, visibility = demo_group(seeder), Visibility(entry["visibility"])
    document = add_document(group, entry["title"], upload(entry["file"]), visibility, actor, at)
    for version in entry["versions"]:
        replace_document(
            queries.document_of(group.id, document.id), upload(version["file"]), version["note"],
            actor_of(seeder, version["by"]), moment_of(version["at"], seeder.now),
        )  # fmt: skip
    return document.id


def upload(name: str) -> Upload:
    """A file of the demo as if a browser had sent it."""
    return Upload(name, (DEMO / "files" / name).read_bytes())


def _task(seeder: Seeder, entry: Entry, actor: Actor, at: datetime) -> uuid.UUID:
    due_on = today(seeder.now) + timedelta(days=entry["due_days"])
    task = add_task(
        demo_group(seeder), entry["title"], actor, at, owner=person(seeder, entry["owner"]),
        due_on=due_on, note=entry.get("note", ""),
    )  # fmt: skip
    if "done_at" in entry:
        move_task(task, TaskMove.FINISH, actor, moment_of(entry["done_at"], seeder.now))
    return task.id


def _post(seeder: Seeder, entry: Entry, actor: Actor, at: datetime) -> uuid.UUID:
    data = PostData(entry["title"], entry["body"], Visibility(entry["visibility"]))
    post = draft_post(demo_group(seeder), data, actor, at)
    publish_post(post, actor, at, expected_revision=post.revision)
    return post.id
