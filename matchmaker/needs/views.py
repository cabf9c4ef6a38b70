"""Pages of needs: those that all posts have, their files, import and export."""

from __future__ import annotations

from flask import Blueprint

from matchmaker.needs.types import NEED
from matchmaker.posts.attachments.views import register_attachment_routes
from matchmaker.posts.imports.views import register_import_routes
from matchmaker.posts.web import register_post_routes
from matchmaker.posts.web.exporting import register_export_routes

blueprint = Blueprint("needs", __name__, url_prefix="/needs")
register_post_routes(blueprint, NEED)
register_export_routes(blueprint, NEED)
register_attachment_routes(blueprint, NEED)
register_import_routes(blueprint, NEED)
