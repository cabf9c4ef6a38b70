"""Pages of offerings: those that all posts have."""

from __future__ import annotations

from flask import Blueprint

from matchmaker.offerings.types import OFFERING
from matchmaker.posts.web import register_post_routes

blueprint = Blueprint("offerings", __name__, url_prefix="/offerings")
register_post_routes(blueprint, OFFERING)
