"""Pages of needs: those that all posts have."""

from __future__ import annotations

from flask import Blueprint

from matchmaker.needs.types import NEED
from matchmaker.posts.web import register_post_routes

blueprint = Blueprint("needs", __name__, url_prefix="/needs")
register_post_routes(blueprint, NEED)
