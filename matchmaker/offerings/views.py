"""Pages of offerings: those that all posts have, their files, import and export."""

from __future__ import annotations

from flask import Blueprint

from matchmaker.offerings.types import OFFERING
from matchmaker.posts.attachments.views import register_attachment_routes
from matchmaker.posts.imports.views import register_import_routes
from matchmaker.posts.web import register_post_routes
from matchmaker.posts.web.exporting import register_export_routes

blueprint = Blueprint("offerings", __name__, url_prefix="/offerings")
register_post_routes(blueprint, OFFERING)
register_export_routes(blueprint, OFFERING)
register_attachment_routes(blueprint, OFFERING)
register_import_routes(blueprint, OFFERING)
