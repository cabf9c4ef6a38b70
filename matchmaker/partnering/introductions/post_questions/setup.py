"""Hooks questions to posts into the application."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Flask, url_for

from config import Settings
from matchmaker.accounts.queries import actor_of_today
from matchmaker.accounts.rate_limits import limit_posts
from matchmaker.core.access import current_actor
from matchmaker.core.actor import Actor
from matchmaker.notifications.registry import register_check
from matchmaker.partnering.introductions.post_questions import policy, queries
from matchmaker.partnering.introductions.post_questions.consequences import (
    SUBJECT_KIND,
    post_of,
    question_exists,
)
from matchmaker.partnering.introductions.post_questions.views import TONES, blueprint
from matchmaker.posts.domain import PostState
from matchmaker.posts.extensions import PostSection, add_post_section
from matchmaker.posts.types import PostType

SHOWN = 3
ASKING_RATE = "10 per minute; 60 per hour"


def init_app(app: Flask, _settings: Settings) -> None:
    """Register the pages, the part of a post's page, and who still gets mail."""
    app.register_blueprint(blueprint)
    limit_posts(app, "post_questions.ask", ASKING_RATE, _person)
    add_post_section(app, PostSection("post_questions/_section.html", section_of))
    register_check(SUBJECT_KIND, still_receives)


def _person() -> str:
    return str(current_actor().user_id)


def section_of(post_type: PostType, post: Any, actor: Actor) -> Mapping[str, Any] | None:
    """The newest questions and answers of a post; nothing where none are and none may be asked."""
    if post.state is PostState.DRAFT:
        return None
    found, total = queries.first_readable(post_type.kind, post, actor, SHOWN)
    may_ask = policy.can_ask(actor, post)
    if not total and not may_ask:
        return None
    url = url_for("post_questions.index", kind=post_type.blueprint, post_id=post.id)
    return {
        "questions": found, "total": total, "may_ask": may_ask, "url": url, "tones": TONES,
        "reads_all": policy.reads_all(actor, post), "actor": actor,
    }  # fmt: skip


def still_receives(user_id: uuid.UUID, question_id: uuid.UUID) -> bool:
    """Whether the person still reads the question a mail is about."""
    question = question_exists(question_id)
    if question is None:
        return False
    actor = actor_of_today(user_id, "")
    return policy.can_read(actor, post_of(question), question)
