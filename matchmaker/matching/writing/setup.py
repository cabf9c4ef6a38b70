"""Hooks the help for writing into the application."""

from __future__ import annotations

from typing import Any

from flask import Flask

from config import Settings
from matchmaker.accounts.rate_limits import limit_posts
from matchmaker.core import clock
from matchmaker.core.access import current_actor
from matchmaker.matching.indexing import POST_TYPES
from matchmaker.matching.writing import service
from matchmaker.matching.writing.views import editor_panel, writing_blueprint
from matchmaker.posts import drafts
from matchmaker.posts.extensions import EditorPart, add_editor_part, follow_editor
from matchmaker.posts.types import PostType

READING_RATE = "120 per minute; 5000 per day"
"""For one person: the panel asks after a pause in typing, so nobody who writes gets near."""


def init_app(app: Flask, _settings: Settings) -> None:
    """Register the addresses and the panel beside the editor."""
    for post_type in POST_TYPES.values():
        blueprint = writing_blueprint(post_type)
        app.register_blueprint(blueprint)
        limit_posts(app, f"{blueprint.name}.read", READING_RATE, _person)
    add_editor_part(
        app,
        EditorPart(
            "writing_aids/_beside.html",
            editor_panel,
            "writing-aids",
            "文章から読み取った候補を見る",
        ),
    )
    follow_editor(app, _keep_dismissals)


def _person() -> str:
    return f"writer:{current_actor().user_id}"


def _keep_dismissals(post_type: PostType, post: Any, form_key: str) -> None:
    if drafts.KEY.match(form_key) and form_key.startswith(f"{post_type.kind}:"):
        service.follow(form_key, drafts.key_for_post(post_type, post.id), clock.now())
