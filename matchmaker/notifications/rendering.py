"""Turns a mail template and its facts into subject and body (plain text, no Flask needed)."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from config import ROOT
from matchmaker.core import formatting
from matchmaker.notifications.domain import RenderedMail, split_subject

FOLDER = "notifications/mail"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - plain text, never HTML
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        date=formatting.format_date,
        moment=formatting.format_moment,
        number=formatting.format_number,
        yen=formatting.format_yen,
    )
    return environment


def render_mail(template: str, context: dict[str, Any]) -> RenderedMail:
    """Render ``templates/notifications/mail/<template>.txt``.

    Args:
        template: name without folder and ending, for example ``invitation``.
        context: the facts; one that is missing is an error, never an empty place.

    Raises:
        jinja2.TemplateNotFound: there is no such template.
        jinja2.UndefinedError: a fact is missing.
        ValueError: the first line is no subject.
    """
    return split_subject(_environment().get_template(f"{FOLDER}/{template}.txt").render(context))
