"""Lists in pages: each has a bound, says how many there are, keeps its filter in the URL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from matchmaker.core.db import db

Row = TypeVar("Row")
PAGE_SIZE = 20
LAST_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list.

    Args:
        items: the rows of this page.
        number: this page, from 1.
        size: rows a page.
        total: rows of all pages.
    """

    items: Sequence[Row]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are (at least one)."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Position of the first row of this page, from 1 (0 when empty)."""
        return 0 if not self.total else (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        """Position of the last row of this page."""
        return min(self.total, self.number * self.size)


def page_number(text: str | None) -> int:
    """Page asked for in a URL; anything that is no sensible number is page 1."""
    if text is None or not text.isdecimal():
        return 1
    return min(max(1, int(text[:6])), LAST_PAGE)


def paginate(query: Select[tuple[Row]], number: int, size: int = PAGE_SIZE) -> Page[Row]:
    """Read one page of ``query`` and the count of all its rows (two statements)."""
    total = count(query)
    number = min(number, max(1, -(-total // size)))
    items = db.session.scalars(query.limit(size).offset((number - 1) * size)).all()
    return Page(items, number, size, total)


def count(query: Select[Any]) -> int:
    """Number of rows that ``query`` would give."""
    inner = query.order_by(None).options().with_only_columns(*query.selected_columns[:1])
    return db.session.scalar(select(func.count()).select_from(inner.subquery())) or 0
