"""Where later features add their part to the page of a post, without posts knowing them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from matchmaker.core.actor import Actor
from matchmaker.posts.types import PostType

SECTIONS_KEY = "matchmaker.post_sections"
Context = Callable[[PostType, Any, Actor], Mapping[str, Any] | None]


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
