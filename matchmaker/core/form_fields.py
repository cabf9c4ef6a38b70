"""Fields of forms that recur: a line and a text with their bounds, made regular as everywhere."""

from __future__ import annotations

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from matchmaker.core.text import clean_line, clean_text

REQUIRED = {"data-required": "true"}


def line_field(
    label: str, most: int, description: str = "", *, wanted: str = "", **attributes: str
) -> StringField:
    """A line of text (half-width kana widened, variation selectors kept).

    Args:
        label: its name.
        most: characters at most.
        description: help below the name.
        wanted: what is said when it is empty; it may be left out when there is no such message.
        attributes: further attributes of the input.
    """
    return StringField(
        label,
        _validators(most, wanted),
        filters=[lambda text: clean_line(text or "")],
        description=description,
        render_kw={**(REQUIRED if wanted else {}), **attributes},
    )


def text_field(label: str, most: int, description: str = "", *, wanted: str = "") -> TextAreaField:
    """Several lines of text, with a counter; the arguments are those of :func:`line_field`."""
    return TextAreaField(
        label,
        _validators(most, wanted),
        filters=[lambda text: clean_text(text or "")],
        description=description,
        render_kw={**(REQUIRED if wanted else {}), "data-max-length": str(most)},
    )


def _validators(most: int, wanted: str) -> list[DataRequired | Length]:
    bound = Length(max=most, message=f"{most:,}文字までで入れてください。")
    return [DataRequired(wanted), bound] if wanted else [bound]
