"""Lists of posts as files."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from matchmaker.core import clock
from matchmaker.core.access import current_actor, public
from matchmaker.core.downloads import download
from matchmaker.core.errors import ProductError
from matchmaker.posts.exports import FORM_LABELS, ExportForm, export_file, posts_to_export
from matchmaker.posts.listing import PostFilter
from matchmaker.posts.types import PostType

SHOWN_REPLACEMENTS = 50


def register_export_routes(blueprint: Blueprint, post_type: PostType) -> None:
    """``GET /needs/export?format=xlsx`` with the filter of the list."""

    @blueprint.get("/export")
    @public
    def export() -> Response | str:
        """The list as a file; where CP932 lacks characters, that is told first."""
        actor = current_actor()
        wanted = PostFilter.from_args(request.args)
        posts = posts_to_export(post_type, wanted, actor)
        file = export_file(post_type, posts, actor, asked_form(), clock.now())
        if file.replacements and request.args.get("confirmed") != "1":
            return render_template(
                "exports/replacements.html",
                post_type=post_type,
                wanted=wanted,
                replacements=file.replacements[:SHOWN_REPLACEMENTS],
                total=len(file.replacements),
                form_labels=FORM_LABELS,
            )
        return download(file.content, file.name, file.media_type)


def asked_form() -> ExportForm:
    """The form of file named in the URL, Excel when none is.

    Raises:
        ProductError: there is no such form.
    """
    try:
        return ExportForm(request.args.get("format", ExportForm.XLSX.value))
    except ValueError:
        raise ProductError("その形式では書き出せません。") from None
