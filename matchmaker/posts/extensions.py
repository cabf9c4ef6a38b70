"""Where later features add their part to the pages of posts, without posts knowing them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from matchmaker.core.actor import Actor
from matchmaker.core.forms import RecordForm
from matchmaker.posts.domain import Stage
from matchmaker.posts.types import PostType

SECTIONS_KEY = "matchmaker.post_sections"
EDITOR_PARTS_KEY = "matchmaker.post_editor_parts"
FOLLOWERS_KEY = "matchmaker.post_editor_followers"
GATE_KEY = "matchmaker.post_party_gate"
Context = Callable[[PostType, Any, Actor], Mapping[str, Any] | None]
EditorContext = Callable[[PostType, RecordForm, Any, Actor], Mapping[str, Any] | None]
Follower = Callable[[PostType, Any, str], None]
PartyGate = Callable[[Actor, Sequence[uuid.UUID]], Mapping[uuid.UUID, Stage]]
"""How far introductions have opened posts to a reader, by id; bounded statements for a page."""


@dataclass(frozen=True, slots=True)
class PostSection:
    """A part of a post's page: a template and what it is filled with (None: leave it out)."""

    template: str
    context: Context


def add_post_section(app: Flask, section: PostSection) -> None:
    """Show ``section`` on the page of each post, after those added before."""
    app.extensions.setdefault(SECTIONS_KEY, []).append(section)


def post_sections(post_type: PostType, post: Any, actor: Actor) -> list[tuple[str, Any]]:
    """Template and context of each section that has something to show for this post."""
    sections: list[PostSection] = current_app.extensions.get(SECTIONS_KEY, [])
    filled = [(s.template, s.context(post_type, post, actor)) for s in sections]
    return [(template, context) for template, context in filled if context is not None]


@dataclass(frozen=True, slots=True)
class EditorPart:
    """A part beside the form in which a post is written.

    Args:
        template: a template that is given the context as ``found``.
        context: from the kind of post, the form as it is shown, the post (None for a new one) and
            the person who writes; None leaves the part out.
        anchor: id of the part; a link to it stands below the main text, for narrow screens.
        label: words of that link.
    """

    template: str
    context: EditorContext
    anchor: str
    label: str


def add_editor_part(app: Flask, part: EditorPart) -> None:
    """Show ``part`` beside the form of each post, after those added before."""
    app.extensions.setdefault(EDITOR_PARTS_KEY, []).append(part)


def editor_parts(
    post_type: PostType, form: RecordForm, post: Any, actor: Actor
) -> list[tuple[EditorPart, Any]]:
    """Each part that has something to show beside this form, with its context."""
    parts: list[EditorPart] = current_app.extensions.get(EDITOR_PARTS_KEY, [])
    filled = [(part, part.context(post_type, form, post, actor)) for part in parts]
    return [(part, context) for part, context in filled if context is not None]


def follow_editor(app: Flask, follower: Follower) -> None:
    """Let ``follower`` know when the form with a key was saved, and as which post."""
    app.extensions.setdefault(FOLLOWERS_KEY, []).append(follower)


def tell_saved(post_type: PostType, post: Any, form_key: str) -> None:
    """Tell those who follow that the form with this key was saved as ``post``."""
    followers: list[Follower] = current_app.extensions.get(FOLLOWERS_KEY, [])
    for follower in followers:
        follower(post_type, post, form_key)


def set_party_gate(app: Flask, gate: PartyGate) -> None:
    """Let ``gate`` say which fields of foreign posts an introduction has opened to a reader."""
    app.extensions[GATE_KEY] = gate


def opened_stages(actor: Actor, posts: Sequence[Any]) -> Mapping[uuid.UUID, Stage]:
    """How far each post is opened to the reader by introductions; the others are left out.

    Only foreign posts are asked for, and only for people of an organisation: all others see what
    their membership gives them.
    """
    gate: PartyGate | None = current_app.extensions.get(GATE_KEY)
    if gate is None or not actor.roles or actor.is_secretariat:
        return {}
    foreign = [post.id for post in posts if not actor.belongs_to(post.organization_id)]
    return gate(actor, foreign) if foreign else {}
