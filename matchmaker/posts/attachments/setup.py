"""Hooks attachments into the application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from config import Settings
from matchmaker.core.actor import Actor
from matchmaker.posts import policy
from matchmaker.posts.attachments import queries
from matchmaker.posts.attachments.forms import AttachmentForm
from matchmaker.posts.attachments.views import blueprint
from matchmaker.posts.extensions import PostSection, add_post_section
from matchmaker.posts.registry import post_type_of_post
from matchmaker.posts.types import PostType


def init_app(app: Flask, settings: Settings) -> None:
    """Register the pages, the part of a post's page, and what the macros ask for."""
    app.register_blueprint(blueprint)
    add_post_section(app, PostSection("attachments/section.html", section_of))
    app.jinja_env.globals.update(
        attachments_of=lambda post: queries.attachments_of(post.id),
        attachment_upload_form=AttachmentForm,
        blueprint_of_post=lambda post: post_type_of_post(post).blueprint,
    )


def section_of(post_type: PostType, post: Any, actor: Actor) -> Mapping[str, Any] | None:
    """What a post's page shows of its files; nothing when there are none and none may be added."""
    attachments = queries.attachments_of(post.id)
    may_edit = policy.can_edit(actor, post)
    if not attachments and not may_edit:
        return None
    return {"attachments": attachments, "may_edit": may_edit, "post": post, "post_type": post_type}
