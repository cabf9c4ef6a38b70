"""Forms opened for a page, and days typed into them."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from flask import request

from matchmaker.core.dates import parse_date
from matchmaker.core.errors import ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.forms import DateTripleField, ProductForm

FormKind = TypeVar("FormKind", bound=ProductForm)
NO_DAY = "実在する日付を入れてください（例：2026年4月1日、令和8年4月1日）。"


def opened(kind: type[FormKind], **values: Any) -> FormKind:
    """A form with what was typed before the session ended, or else with ``values``."""
    return kind(stashed_values(request.path), **values)


def day_or_none(field: DateTripleField) -> date | None:
    """The day typed into a field, if one was.

    Raises:
        ProductError: there is no such day.
    """
    if not field.data:
        return None
    try:
        return parse_date(field.data)
    except ValueError:
        raise ProductError(NO_DAY, field.short_name) from None
