"""Pages of posts; needs and offerings register the same routes, each on its own blueprint."""

from __future__ import annotations

from flask import Blueprint

from matchmaker.posts.types import PostType
from matchmaker.posts.web.drafting import register_drafting_routes
from matchmaker.posts.web.editing import register_editing_routes
from matchmaker.posts.web.listing import register_listing_routes
from matchmaker.posts.web.moving import register_moving_routes
from matchmaker.posts.web.versions import register_version_routes

__all__ = ["register_post_routes"]


def register_post_routes(blueprint: Blueprint, post_type: PostType) -> None:
    """Add the pages of one kind of post to its blueprint."""
    register_listing_routes(blueprint, post_type)
    register_editing_routes(blueprint, post_type)
    register_drafting_routes(blueprint, post_type)
    register_moving_routes(blueprint, post_type)
    register_version_routes(blueprint, post_type)
