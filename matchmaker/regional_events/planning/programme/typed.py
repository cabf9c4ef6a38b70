"""Fields of the planner's forms, and what people type into them."""

from __future__ import annotations

import unicodedata
import uuid

from werkzeug.datastructures import FileStorage
from wtforms import Field, StringField

from matchmaker.core.forms import ProductForm
from matchmaker.core.text import MOST_DIGITS
from matchmaker.regional_events.planning.programme.domain import Upload

UNREADABLE_NUMBER = "数字で入れてください。"
COUNTERS = "席人名分回%％ "


def number(label: str, description: str = "", **attributes: str) -> StringField:
    """A whole number, typed as text; read with :func:`number_in`."""
    return StringField(
        label, description=description, render_kw={"inputmode": "numeric", **attributes}
    )


def number_of(text: str | None) -> int | None:
    """A whole number as people type it (full width, commas, 「席」 behind it); None for nothing.

    Raises:
        ValueError: it is no number, or larger than any of ours.
    """
    folded = unicodedata.normalize("NFKC", text or "").replace(",", "").strip(COUNTERS)
    if not folded:
        return None
    if not folded.isdecimal() or len(folded) > MOST_DIGITS:
        raise ValueError(text)
    return int(folded)


def number_in(form: ProductForm, name: str) -> int | None:
    """The number typed into a field; one that cannot be read is told there."""
    try:
        return number_of(form[name].data)
    except ValueError:
        form.add_error(name, UNREADABLE_NUMBER)
        return None


def uuid_of(text: str | None) -> uuid.UUID | None:
    """The id in a field; None for nothing or a made-up one."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def upload_of(field: Field) -> Upload | None:
    """The file that was sent in a field."""
    file = field.data
    if isinstance(file, FileStorage) and file.filename:
        return Upload(file.filename, file.read())
    return None
