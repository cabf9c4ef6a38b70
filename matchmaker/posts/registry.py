"""Which kinds of posts this application has: for workers and addresses that know a kind only."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app
from flask.sansio.app import App

from matchmaker.posts.domain import PostKind
from matchmaker.posts.types import PostType

REGISTRY_KEY = "matchmaker.post_types"


def register_post_type(app: App, post_type: PostType) -> None:
    """Make a kind of post known to the application."""
    app.extensions.setdefault(REGISTRY_KEY, {})[post_type.kind] = post_type


def register_with(blueprint: Blueprint, post_type: PostType) -> None:
    """Make a kind of post known as soon as its blueprint is registered."""
    blueprint.record(lambda state: register_post_type(state.app, post_type))


def post_type_of(kind: PostKind) -> PostType:
    """Description of the kind.

    Raises:
        KeyError: the application has no such posts.
    """
    known: dict[PostKind, PostType] = current_app.extensions[REGISTRY_KEY]
    return known[kind]


def post_type_of_post(post: Any) -> PostType:
    """Description of the kind that ``post`` is of.

    Raises:
        LookupError: the application has no such posts.
    """
    known: dict[PostKind, PostType] = current_app.extensions[REGISTRY_KEY]
    for post_type in known.values():
        if isinstance(post, post_type.model):
            return post_type
    raise LookupError(type(post).__name__)
