"""Numbers in addresses: only as large as a database can hold, anything else is "not found"."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter

from matchmaker.core.text import MOST_DIGITS


class NumberConverter(IntegerConverter):
    """``<int:number>`` with at most nine digits."""

    regex = rf"\d{{1,{MOST_DIGITS}}}"


def init_app(app: Flask) -> None:
    """Let all addresses use it; before any of them is registered."""
    app.url_map.converters["int"] = NumberConverter
