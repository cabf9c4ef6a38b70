"""Saving while typing."""

from __future__ import annotations

from flask import Blueprint, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.posts import drafts
from matchmaker.posts.types import PostType


def register_drafting_routes(blueprint: Blueprint, post_type: PostType) -> None:
    """``POST /needs/working-copies`` and ``POST /needs/working-copies/deletions``."""

    @blueprint.post("/working-copies")
    def keep_working_copy() -> Response:
        """Keep what is being typed; answered with the time for the live region."""
        actor = authorize(current_actor().is_signed_in)
        copy = drafts.keep(actor, request.form.get("form_key", ""), request.form, clock.now())
        local = copy.saved_at.astimezone(clock.JST)
        return jsonify(saved_at=f"{local.hour}:{local.minute:02d}")

    @blueprint.post("/working-copies/deletions")
    def drop_working_copy() -> Response:
        """Throw away what was begun, on the person's own wish."""
        actor = authorize(current_actor().is_signed_in)
        drafts.forget(actor, request.form.get("form_key", ""))
        return redirect(url_for(f"{post_type.blueprint}.new"))
