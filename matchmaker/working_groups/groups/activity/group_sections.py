"""What a group's page shows of its activity: the latest, with the way to all of it."""

from __future__ import annotations

from flask import Flask

from matchmaker.core import clock
from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.working_groups.groups.activity import digest_choice, policy, queries
from matchmaker.working_groups.groups.activity.domain import (
    DIGEST_LABELS,
    POST_STATES,
    TaskView,
    is_overdue,
)
from matchmaker.working_groups.groups.domain import VISIBILITY_LABELS
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.groups.policy import Standing
from matchmaker.working_groups.groups.sections import Section, add_group_section

SHOWN = 3
FOLDER = "working_groups/activity/sections"


def add_sections(app: Flask) -> None:
    """Add all parts to the page of every group."""
    for loader in (
        posts_section,
        documents_section,
        tasks_section,
        decisions_section,
        news_section,
    ):
        add_group_section(app, loader)


def posts_section(group: WorkingGroup, actor: Actor, standing: Standing) -> Section | None:
    """The latest activity posts."""
    page = queries.posts_page(group.id, actor, standing, 1, SHOWN)
    may_write = policy.can_write_post(actor, group, standing)
    if not page.items and not may_write:
        return None
    context = {
        "page": page,
        "may_write": may_write,
        "labels": POST_STATES.labels,
        "visibility_labels": VISIBILITY_LABELS,
    }
    return Section(f"{FOLDER}/posts.html", context, "活動発信", "group-posts")


def documents_section(group: WorkingGroup, actor: Actor, standing: Standing) -> Section | None:
    """The latest documents."""
    query = queries.documents_query(group.id, actor, standing, clock.now())
    documents = queries.latest_documents(query, SHOWN)
    may_add = policy.can_add_document(actor, group, standing)
    if not documents and not may_add:
        return None
    context = {"documents": documents, "may_add": may_add, "now": clock.now()}
    return Section(f"{FOLDER}/documents.html", context, "資料", "group-documents")


def tasks_section(group: WorkingGroup, actor: Actor, standing: Standing) -> Section | None:
    """The most pressing open tasks."""
    if not policy.can_view_inside(actor, group, standing):
        return None
    day = today(clock.now())
    query = queries.tasks_shown(group.id, TaskView.OPEN, actor.user_id)
    context = {
        "tasks": queries.first_tasks(query, SHOWN),
        "total": queries.number_of_tasks(query),
        "overdue": queries.number_of_tasks(query, overdue_on=day),
        "is_late": lambda task: is_overdue(task.state, task.due_on, day),
        "may_write": policy.can_write_task(actor, group, standing),
    }
    return Section(f"{FOLDER}/tasks.html", context, "タスク", "group-tasks")


def decisions_section(group: WorkingGroup, actor: Actor, standing: Standing) -> Section | None:
    """The latest decisions that are in force."""
    if not policy.can_view_inside(actor, group, standing):
        return None
    context = {
        "decisions": queries.latest_decisions(group.id, SHOWN),
        "may_log": policy.can_log_decision(actor, group, standing),
    }
    return Section(f"{FOLDER}/decisions.html", context, "決定の記録", "group-decisions")


def news_section(group: WorkingGroup, actor: Actor, standing: Standing) -> Section | None:
    """How the person gets the news of the group, and the calendar."""
    if not standing.belongs:
        return None
    frequency = digest_choice.frequency_in(group.id, actor, clock.now())
    context = {"frequency": DIGEST_LABELS[frequency] if frequency else ""}
    return Section(f"{FOLDER}/news.html", context, "お知らせとカレンダー", "group-news")
